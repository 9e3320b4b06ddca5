#include "bytes.h"

#include "failure.h"
#include "flow.h"
#include "handle.h"
#include "held_event.h"
#include "meta.h"
#include "object.h"
#include "verdict.h"

static struct llg_handle *check(lua_State *L) {
  return luaL_checkudata(L, 1, LLG_BYTES_CLASS);
}

/* Everything was taken and no more will come. */
static int end_of_bytes(lua_State *L, struct llg_handle *h) {
  if (h->x->failure.status == LLG_OK) return llg_end_complete(L, h);
  h->n_reading++;
  llg_push_exchange_error(L, h->x);
  h->n_reading--;
  return llg_keep_error(L, 1, h);
}

/* bytes:next() -> string | false (not yet) | nil (complete) | nil, err */
static int bytes_next(lua_State *L) {
  struct llg_handle *h = check(L);
  struct llg_held_event held;
  lua_settop(L, 1);
  while (!llg_has_verdict(h)) {
    if (!llg_hold_event(L, h, &held))
      return llg_handle_is_over(h) ? end_of_bytes(L, h) : llg_flow_not_yet(L);
    lua_pushlstring(L, held.event.data, held.event.data_len); /* may run a finalizer */
    if (llg_drop_held_event(h, &held)) return 1;
    lua_settop(L, 1); /* who has taken it meanwhile, or closed this */
  }
  return llg_push_verdict(L, 1, h);
}

/* bytes:opened() -> true | false (not yet) | nil, err: whether the server's answer is a success */
static int bytes_opened(lua_State *L) {
  return llg_flow_opened(L, check(L), end_of_bytes);
}

/* bytes:close(): what was not complete is cancelled. Idempotent. */
static int bytes_close(lua_State *L) {
  return llg_flow_close(L, check(L), NULL);
}

/* bytes:arm(number): core.ready gives the number when there is news */
static int bytes_arm(lua_State *L) {
  return llg_handle_arm(L, check(L));
}

/* bytes:progress() -> sent, to_send, received, to_receive */
static int bytes_progress(lua_State *L) {
  return llg_handle_progress(L, check(L));
}

/* bytes:meta() -> table, or nil before there is an answer */
static int bytes_meta(lua_State *L) {
  return llg_flow_meta(L, check(L));
}

static int bytes_gc(lua_State *L) {
  llg_handle_free(check(L));
  return 0;
}

static int bytes_tostring(lua_State *L) {
  return llg_flow_tostring(L, check(L), LLG_BYTES_CLASS);
}

void llg_open_bytes(lua_State *L) {
  static const luaL_Reg methods[] = {
    { "next", bytes_next }, { "opened", bytes_opened },     { "close", bytes_close },
    { "arm", bytes_arm },   { "progress", bytes_progress }, { "meta", bytes_meta },
    { NULL, NULL },
  };
  static const luaL_Reg meta[] = {
    { "__gc", bytes_gc },
    { "__close", bytes_close },
    { "__tostring", bytes_tostring },
    { NULL, NULL },
  };
  llg_class(L, LLG_BYTES_CLASS, methods, meta);
}
