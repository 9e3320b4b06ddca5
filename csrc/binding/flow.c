#include "flow.h"

#include "failure.h"
#include "meta.h"

int llg_flow_not_yet(lua_State *L) {
  lua_pushboolean(L, 0);
  return 1;
}

int llg_flow_opened(lua_State *L, struct llg_handle *h, llg_flow_end *end) {
  lua_settop(L, 1);
  if (h->x != NULL && (llg_exchange_is_open(h->x) || h->x->events.count > 0)) {
    lua_pushboolean(L, 1);
    return 1;
  }
  if (llg_has_verdict(h)) return llg_push_verdict(L, 1, h);
  return llg_handle_is_over(h) ? end(L, h) : llg_flow_not_yet(L);
}

int llg_flow_close(lua_State *L, struct llg_handle *h, llg_flow_known *known) {
  lua_settop(L, 1);
  if (h->x == NULL) return 0;
  bool taken = llg_exchange_is_over(h->x) && h->x->events.count == 0;
  llg_pool_release(h->pool, h->x); /* first: then nothing of it changes any more */
  bool is_known = llg_has_verdict(h) || (known != NULL && known(L, h));
  if (!is_known && !taken) {
    struct llg_failure failure;
    llg_failure_set(
      &failure, LLG_CANCELLED, NULL, "the stream was closed before its end");
    llg_push_reading_error(L, h->x, &failure);
    llg_keep_error(L, 1, h);
  }
  llg_handle_close(h);
  return 0;
}

int llg_flow_meta(lua_State *L, const struct llg_handle *h) {
  if (h->x == NULL || h->x->http_status == 0) return 0;
  llg_push_meta(L, h->x);
  return 1;
}

int llg_flow_attach(lua_State *L, const struct llg_handle *h) {
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 2);
  if (h->x != NULL) llg_attach_meta(L, 1);
  return 1;
}

int llg_flow_tostring(lua_State *L, struct llg_handle *h, const char *class) {
  const char *state = llg_has_verdict(h)      ? "ended"
                      : llg_handle_is_over(h) ? "received"
                                              : "open";
  lua_pushfstring(L, "%s (%s): %p", class, state, (void *)h);
  return 1;
}
