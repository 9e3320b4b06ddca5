#include "failure.h"

#include <string.h>
#include <time.h>

#include "../core/http/retry.h"
#include "json/decode.h"
#include "object.h"
#include "secrets.h"
#include "wording.h"

/* Set a field of the table on top of the stack to what came from the server. */
static void set_text(
  lua_State *L, const struct llg_exchange *x, const char *name, const char *text,
  size_t n) {
  llg_push_redacted(L, x, text, n);
  lua_setfield(L, -2, name);
}

/* What is true of every failure of an exchange, on the error object on top of the stack. */
static void describe(lua_State *L, const struct llg_exchange *x) {
  size_t n = 0;
  char host[256];
  const char *id = llg_headers_get(&x->headers, "x-request-id", &n);
  llg_url_host(llg_exchange_url(x), host, sizeof host);
  lua_pushstring(L, host);
  lua_setfield(L, -2, "host");
  if (x->http_status != 0) {
    lua_pushinteger(L, x->http_status);
    lua_setfield(L, -2, "status");
  }
  if (id != NULL) set_text(L, x, "request_id", id, n);
  lua_pushinteger(L, x->n_attempts);
  lua_setfield(L, -2, "attempts");
  int64_t retry_after_ms = llg_retry_after_ms(&x->headers, time(NULL));
  if (retry_after_ms >= 0) {
    lua_pushnumber(L, (lua_Number)retry_after_ms / 1000);
    lua_setfield(L, -2, "retry_after");
  }
  if (x->body.len > 0) set_text(L, x, "body", llg_buffer_bytes(&x->body), x->body.len);
}

/* What was found while reading says where, as the failures of the transfer do. */
static void say_where(const struct llg_exchange *x, struct llg_failure *f) {
  bool reading = f->status == LLG_TRUNCATED || f->status == LLG_PROTOCOL
                 || f->status == LLG_DECODE || f->status == LLG_LIMIT;
  if (!reading || f->message[0] == '\0' || strstr(f->message, "(phase ") != NULL) return;
  char host[256];
  const struct llg_failure said = *f;
  llg_url_host(llg_exchange_url(x), host, sizeof host);
  llg_failure_set(
    f, said.status, said.phase, "%.100s: %.350s (phase %s)", host, said.message,
    said.phase);
}

void llg_push_reading_error(
  lua_State *L, const struct llg_exchange *x, const struct llg_failure *failure) {
  struct llg_failure f = *failure;
  if (f.phase == NULL && f.status != LLG_CANCELLED) f.phase = "body";
  llg_redact_failure(&x->request, &f);
  say_where(x, &f);
  llg_push_error(L, &f);
  describe(L, x);
}

/* ---- what the server said ---- */

bool llg_is_server_error(lua_State *L) {
  static const char *const harmless[] = { "id", "object", "choices", "data", "output" };
  lua_getfield(L, -1, "error");
  bool is_text = lua_type(L, -1) == LUA_TSTRING && llg_rawlen(L, -1) > 0;
  bool is_error = lua_istable(L, -1) || is_text;
  for (size_t i = 0; is_error && i < sizeof harmless / sizeof *harmless; i++) {
    lua_getfield(L, -2, harmless[i]);
    bool own = !lua_isnil(L, -1);
    if (i == 1 && lua_isstring(L, -1)) own = strcmp(lua_tostring(L, -1), "error") != 0;
    if (own) is_error = false;
    lua_pop(L, 1);
  }
  if (!is_error) lua_pop(L, 1);
  return is_error;
}

/* Copy a field of the server's error value at -2 to the error object at -1. */
static void copy_field(lua_State *L, const struct llg_exchange *x, const char *name) {
  size_t n = 0;
  lua_getfield(L, -2, name);
  if (lua_type(L, -1) == LUA_TNUMBER) {
    lua_setfield(L, -2, name);
    return;
  }
  const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &n) : NULL;
  lua_insert(L, -2); /* keeps the text alive */
  if (text != NULL) set_text(L, x, name, text, n);
  lua_remove(L, -2);
}

/* Set `message` of the error object at -2 from the string at -1, which is popped; false if it
** is none. */
static bool take_message(lua_State *L, const struct llg_exchange *x) {
  size_t n = 0;
  const char *message = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &n) : NULL;
  if (n > 0) {
    llg_push_redacted(L, x, message, n);
    lua_setfield(L, -3, "message");
  }
  lua_pop(L, 1);
  return n > 0;
}

/* Replace a list of objects on top of the stack by its first one. */
static void unlist(lua_State *L) {
  if (!lua_istable(L, -1)) return;
  lua_rawgeti(L, -1, 1);
  lua_remove(L, lua_istable(L, -1) ? -2 : -1);
}

/* In the order in which servers that differ from the official one put it. */
static void find_message(lua_State *L, const struct llg_exchange *x) {
  static const char *const names[] = { "message", "detail", "error", "msg" };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    lua_getfield(L, -2, names[i]);
    unlist(L); /* FastAPI: "detail": [{"msg": ...}] */
    if (lua_istable(L, -1)) {
      lua_getfield(L, -1, "msg");
      lua_remove(L, -2);
    }
    if (take_message(L, x)) return;
  }
}

void llg_push_server_error(
  lua_State *L, const struct llg_exchange *x, int index, const char *text, size_t n) {
  struct llg_failure failure = { .status = LLG_API, .phase = "body" };
  index = llg_absindex(L, index);
  llg_failure_set(
    &failure, LLG_API, x->http_status / 100 == 2 ? "body" : "headers",
    "the server answered with an error");
  lua_pushvalue(L, index);
  llg_push_error(L, &failure);
  describe(L, x);
  set_text(L, x, "body", text, n);
  if (lua_istable(L, -2)) {
    copy_field(L, x, "code");
    copy_field(L, x, "type");
    copy_field(L, x, "param");
    find_message(L, x);
  } else {
    lua_pushvalue(L, -2);
    take_message(L, x);
  }
  lua_remove(L, -2);
}

/* A refusal without a usable JSON body: the first words of what came. */
static void push_text_refusal(lua_State *L, const struct llg_exchange *x) {
  struct llg_failure failure = { .status = LLG_API, .phase = "headers" };
  size_t n = 0;
  llg_failure_set(
    &failure, LLG_API, "headers", "%d status code (no body)", x->http_status);
  llg_push_reading_error(L, x, &failure);
  lua_getfield(L, -1, "body"); /* the key is not in it any more */
  const char *body = lua_tolstring(L, -1, &n);
  llg_push_excerpt(L, body != NULL ? body : "", n, llg_body_is_html(x));
  lua_remove(L, -2);
  take_message(L, x);
}

void llg_push_exchange_error(lua_State *L, const struct llg_exchange *x) {
  struct llg_failure ignored;
  const char *body = llg_buffer_bytes(&x->body);
  bool refused = x->failure.status == LLG_API && x->failure.message[0] == '\0';
  if (!refused) {
    llg_push_reading_error(L, x, &x->failure);
    return;
  }
  if (x->body.len == 0 || !llg_json_decode(L, body, x->body.len, &ignored)) {
    push_text_refusal(L, x);
    return;
  }
  unlist(L);
  if (lua_istable(L, -1)) {
    lua_getfield(L, -1, "error");
    if (!lua_istable(L, -1) && !lua_isstring(L, -1)) lua_pop(L, 1);
    llg_push_server_error(L, x, -1, body, x->body.len);
  } else {
    push_text_refusal(L, x);
  }
}
