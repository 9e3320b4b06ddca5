#include "attempts.h"

#include <string.h>

#include "bytes.h"
#include "events.h"
#include "exchange.h"
#include "failure.h"
#include "handle.h"
#include "object.h"
#include "stream.h"
#include "wording.h"

enum { MAX_DELAY_MS = 2000000000 };

static struct llg_handle *check_handle(lua_State *L) {
  struct llg_handle *h = llg_testudata(L, 1, LLG_STREAM_CLASS);
  if (h == NULL) h = llg_testudata(L, 1, LLG_EVENTS_CLASS);
  if (h == NULL) h = llg_testudata(L, 1, LLG_BYTES_CLASS);
  return h != NULL ? h : luaL_checkudata(L, 1, LLG_EXCHANGE_CLASS);
}

/* "https://host:port/path": without user, password and query, in which secrets may stand. */
static void push_url(lua_State *L, const struct llg_exchange *x) {
  char host[256];
  size_t n = 0;
  const char *url = x->request.url, *authority = strstr(url, "://");
  const char *path = authority == NULL ? url : authority + 3;
  path += strcspn(path, "/?#");
  llg_url_host(url, host, sizeof host);
  lua_pushlstring(L, url, strcspn(url, ":"));
  lua_pushfstring(L, "://%s", host);
  lua_pushlstring(L, path, strcspn(path, "?#"));
  lua_concat(L, 3);
  const char *plain = lua_tolstring(L, -1, &n);
  llg_push_redacted(L, x, plain, n);
  lua_remove(L, -2);
}

/* attempts.watch(handle) -> method, url, bytes of the body, nil with files: from now on whether a failed attempt
** is made again is asked, and the head of an answer is news */
static int attempts_watch(lua_State *L) {
  struct llg_handle *h = check_handle(L);
  if (h->x == NULL) return 0;
  h->x->asks = true;
  lua_pushstring(L, h->x->request.method);
  push_url(L, h->x);
  if (h->x->request.upload.n_files > 0)
    lua_pushnil(L); /* how long its files are is seen when it is sent */
  else
    llg_pushint64(L, (int64_t)h->x->request.body.len);
  return 3;
}

/* attempts.state(handle) -> attempts begun, status or nil, whether it asks */
static int attempts_state(lua_State *L) {
  struct llg_handle *h = check_handle(L);
  const struct llg_exchange *x = h->x;
  lua_pushinteger(L, x == NULL ? 0 : x->n_attempts);
  if (x == NULL || x->http_status == 0)
    lua_pushnil(L);
  else
    lua_pushinteger(L, x->http_status);
  lua_pushboolean(L, x != NULL && x->is_asked && !llg_handle_is_over(h));
  return 3;
}

static int push_error(lua_State *L) {
  llg_push_exchange_error(L, lua_touserdata(L, 1));
  return 1;
}

/* attempts.failed(handle) -> the error of the attempt about which it asks, and the seconds that
** we would wait, nil for no other attempt; nothing where it does not ask */
static int attempts_failed(lua_State *L) {
  struct llg_handle *h = check_handle(L);
  struct llg_exchange *x = h->x;
  if (x == NULL || !x->is_asked || llg_handle_is_over(h)) return 0;
  lua_settop(L, 1);
  lua_pushcfunction(L, push_error);
  lua_pushlightuserdata(L, x);
  h->n_reading++; /* a collection may run a finalizer that steps, or cancels */
  x->n_readers++;
  int code = lua_pcall(
    L, 1, 1, 0); /* there may be no memory: it is let go of all the same */
  if (x->n_readers > 0) x->n_readers--;
  h->n_reading--;
  if (code != 0) return lua_error(L);
  if (x->advice_ms < 0) return 1;
  lua_pushnumber(L, (lua_Number)x->advice_ms / 1000);
  return 2;
}

/* attempts.decide(handle, seconds or nil) -> whether the attempt that failed is made again: so long
** after it failed, unless no time is left for that */
static int attempts_decide(lua_State *L) {
  struct llg_handle *h = check_handle(L);
  lua_Number ms = luaL_optnumber(L, 2, -1) * 1000;
  bool asks = h->x != NULL && !llg_handle_is_over(h) && h->x->is_asked;
  int64_t delay_ms = !(ms >= 0) ? -1 : ms > MAX_DELAY_MS ? MAX_DELAY_MS : (int64_t)ms;
  if (asks) llg_pool_decide(h->pool, h->x, delay_ms);
  lua_pushboolean(L, asks && !llg_exchange_is_over(h->x));
  return 1;
}

/* attempts.body(handle) -> the bytes of the request's body without what is secret, nil if it has
** none; until it is over */
static int attempts_body(lua_State *L) {
  struct llg_handle *h = check_handle(L);
  size_t n = 0;
  if (h->x == NULL || !h->x->request.has_body) return 0;
  const struct llg_buffer *body = &h->x->request.body;
  lua_pushlstring(L, body->len > 0 ? llg_buffer_bytes(body) : "", body->len);
  const char *bytes = lua_tolstring(L, -1, &n);
  llg_push_redacted(L, h->x, bytes, n);
  return 1;
}

/* attempts.saw_done(handle) -> whether the stream said [DONE] */
static int attempts_saw_done(lua_State *L) {
  const struct llg_handle *h = check_handle(L);
  lua_pushboolean(L, h->x != NULL && h->x->saw_done);
  return 1;
}

void llg_open_attempts(lua_State *L) {
  static const luaL_Reg functions[] = {
    { "watch", attempts_watch },
    { "state", attempts_state },
    { "failed", attempts_failed },
    { "decide", attempts_decide },
    { "body", attempts_body },
    { "saw_done", attempts_saw_done },
    { NULL, NULL },
  };
  lua_newtable(L);
  llg_setfuncs(L, functions);
  lua_setfield(L, -2, "attempts");
}
