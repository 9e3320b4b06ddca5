#include "exchange.h"

#include <string.h>

#include "embeddings.h"
#include "failure.h"
#include "handle.h"
#include "json/decode.h"
#include "meta.h"
#include "object.h"
#include "wording.h"

/* Push the reply, or the error object and return false. */
static bool read_reply(lua_State *L, const struct llg_handle *h) {
  const struct llg_exchange *x = h->x;
  const char *body = x->body.len > 0 ? llg_buffer_bytes(&x->body) : "";
  size_t n = x->body.len;
  struct llg_failure failure = { .status = LLG_OK };
  if (h->kind == LLG_REPLY_RAW) {
    lua_pushlstring(L, body, x->body.len);
    return true;
  }
  bool has_none = x->http_status == 204 || x->http_status == 205
                  || strcmp(x->request.method, "HEAD") == 0;
  if (x->body.len == 0 && has_none) {
    lua_newtable(L);
    return true;
  }
  if (n >= 3 && memcmp(body, "\xEF\xBB\xBF", 3) == 0) { /* a byte order mark */
    body += 3;
    n -= 3;
  }
  if (llg_body_is_html(x)) {
    llg_failure_set(
      &failure, LLG_PROTOCOL, "body", "an HTML page came where JSON was expected");
  } else if (n == 0) {
    llg_failure_set(&failure, LLG_DECODE, "body", "the body of the answer is empty");
  } else if (
    h->kind == LLG_REPLY_EMBEDDINGS ? llg_push_embeddings(L, body, n, &failure)
                                    : llg_json_decode(L, body, n, &failure)) {
    if (lua_istable(L, -1)) {
      if (!llg_is_server_error(L)) return true;
      llg_push_server_error(L, x, -1, body, n);
      return false;
    }
    lua_pop(L, 1);
    llg_failure_set(&failure, LLG_PROTOCOL, "body", "the answer is no JSON object");
  }
  llg_push_reading_error(L, x, &failure);
  return false;
}

/* exchange:result() -> reply | false | nil, err */
static int exchange_result(lua_State *L) {
  struct llg_handle *h = luaL_checkudata(L, 1, LLG_EXCHANGE_CLASS);
  lua_settop(L, 1);
  if (llg_has_verdict(h)) return llg_push_verdict(L, 1, h);
  if (!llg_handle_is_over(h)) {
    lua_pushboolean(L, 0);
    return 1;
  }
  h->n_reading++; /* a collection may run a finalizer that asks for the result as well */
  bool good = h->x->failure.status == LLG_OK && read_reply(L, h);
  if (h->x->failure.status != LLG_OK) llg_push_exchange_error(L, h->x);
  if (good && lua_istable(L, -1)) llg_attach_meta(L, 1);
  int n = good ? llg_keep_reply(L, 1, h) : llg_keep_error(L, 1, h);
  if (--h->n_reading > 0) return n;
  llg_buffer_free(&h->x->body);
  llg_handle_settle(h);
  return n;
}

/* exchange:cancel(): a call that waits for it returns nil, err (cancelled) */
static int exchange_cancel(lua_State *L) {
  struct llg_handle *h = luaL_checkudata(L, 1, LLG_EXCHANGE_CLASS);
  llg_handle_close(h);
  return 0;
}

/* exchange:arm(number): core.ready gives the number when there is news */
static int exchange_arm(lua_State *L) {
  return llg_handle_arm(L, luaL_checkudata(L, 1, LLG_EXCHANGE_CLASS));
}

/* exchange:meta() -> table, or nil before there is an answer */
static int exchange_meta(lua_State *L) {
  struct llg_handle *h = luaL_checkudata(L, 1, LLG_EXCHANGE_CLASS);
  if (h->x == NULL || h->x->http_status == 0) return 0;
  llg_push_meta(L, h->x);
  return 1;
}

static int exchange_gc(lua_State *L) {
  llg_handle_free(luaL_checkudata(L, 1, LLG_EXCHANGE_CLASS));
  return 0;
}

static int exchange_tostring(lua_State *L) {
  struct llg_handle *h = luaL_checkudata(L, 1, LLG_EXCHANGE_CLASS);
  const char *state = llg_handle_is_over(h) ? "over" : "under way";
  lua_pushfstring(L, "%s (%s): %p", LLG_EXCHANGE_CLASS, state, (void *)h);
  return 1;
}

void llg_open_exchange(lua_State *L) {
  static const luaL_Reg methods[] = {
    { "result", exchange_result },
    { "cancel", exchange_cancel },
    { "arm", exchange_arm },
    { "meta", exchange_meta },
    { NULL, NULL },
  };
  static const luaL_Reg meta[] = {
    { "__gc", exchange_gc },
    { "__close", exchange_cancel },
    { "__tostring", exchange_tostring },
    { NULL, NULL },
  };
  llg_class(L, LLG_EXCHANGE_CLASS, methods, meta);
  lua_pushcfunction(L, llg_meta_of);
  lua_setfield(L, -2, "meta");
}
