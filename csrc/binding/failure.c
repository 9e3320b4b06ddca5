#include "failure.h"

#include <string.h>
#include <time.h>

#include "../core/http/retry.h"
#include "json/decode.h"
#include "meta.h"
#include "object.h"
#include "refusal.h"
#include "secrets.h"
#include "wording.h"

/* Set a field of the table on top of the stack to what came from the server. */
static void set_text(
  lua_State *L, const struct llg_exchange *x, const char *name, const char *text,
  size_t n) {
  llg_push_redacted(L, x, text, n);
  lua_setfield(L, -2, name);
}

void llg_set_error_text(
  lua_State *L, const struct llg_exchange *x, const char *text, size_t n) {
  size_t n_read = n < LLG_MAX_ERROR_BODY_BYTES ? n : LLG_MAX_ERROR_BODY_BYTES;
  int64_t ms = llg_retry_told_ms(&x->headers, text, n_read, time(NULL));
  if (ms >= 0) {
    lua_pushnumber(L, (lua_Number)ms / 1000);
    lua_setfield(L, -2, "retry_after");
  }
  if (n > 0) set_text(L, x, "body", text, n);
}

/* What is true of every failure of an exchange, on the error object on top of the stack. */
static void describe(lua_State *L, const struct llg_exchange *x) {
  size_t n = 0;
  char host[256];
  const char *id = llg_request_id(&x->headers, &n);
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
  llg_set_error_text(L, x, llg_buffer_bytes(&x->body), x->body.len);
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

/* "POST /v1/chat/completions": without the query, in which a key may stand. */
static void push_target(lua_State *L, const struct llg_exchange *x) {
  const char *url = llg_exchange_url(x), *authority = strstr(url, "://");
  const char *path = authority == NULL ? url : authority + 3;
  path += strcspn(path, "/?#");
  lua_pushfstring(L, "%s ", x->request.method);
  lua_pushlstring(L, path, strcspn(path, "?#"));
  lua_concat(L, 2);
}

/* Words that say no more than the status does. */
static bool is_bare(const char *message) {
  static const char *const bare[] = { "404",
                                      "405",
                                      "not found",
                                      "method not allowed",
                                      "page not found",
                                      "resource not found",
                                      "no route",
                                      "the server answered with an error" };
  for (size_t i = 0; i < sizeof bare / sizeof *bare; i++)
    if (llg_begins(message, bare[i])) return true;
  return false;
}

/* Of the error object on top of the stack: who pastes a whole endpoint as the base URL sees it
** in what was asked for. */
static void name_target(lua_State *L, const struct llg_exchange *x, bool always) {
  if (x->http_status != 404 && x->http_status != 405) return;
  lua_getfield(L, -1, "message");
  if (!always && !is_bare(lua_tostring(L, -1))) {
    lua_pop(L, 1);
    return;
  }
  size_t n = 0;
  lua_pushliteral(L, " (");
  push_target(L, x);
  lua_pushliteral(L, ")");
  lua_concat(L, 4);
  const char *message = lua_tolstring(L, -1, &n);
  llg_push_redacted(L, x, message, n);
  lua_setfield(L, -3, "message");
  lua_pop(L, 1);
}

/* Copy a field of what was said, at -2, to the error object at -1. */
static void copy_field(lua_State *L, const struct llg_exchange *x, const char *name) {
  size_t n = 0;
  lua_getfield(L, -2, name);
  if (lua_type(L, -1) != LUA_TSTRING) {
    if (lua_isnil(L, -1))
      lua_pop(L, 1);
    else
      lua_setfield(L, -2, name);
    return;
  }
  const char *text = lua_tolstring(L, -1, &n);
  llg_push_redacted(L, x, text, n);
  lua_setfield(L, -3, name);
  lua_pop(L, 1);
}

/* Make the first words of the body the message of the error object on top of the stack: the key is
** not in them any more. */
static void quote_body(lua_State *L, bool is_html) {
  size_t n = 0;
  lua_getfield(L, -1, "body");
  const char *body = lua_tolstring(L, -1, &n);
  llg_push_excerpt(L, body != NULL ? body : "", n, is_html);
  lua_remove(L, -2);
  if (llg_rawlen(L, -1) > 0)
    lua_setfield(L, -2, "message");
  else
    lua_pop(L, 1);
}

void llg_push_said_error(
  lua_State *L, const struct llg_exchange *x, const char *text, size_t n) {
  static const char *const names[] = { "message", "code", "type", "param", "usage" };
  struct llg_failure failure;
  llg_failure_set(
    &failure, LLG_API, x->http_status / 100 == 2 ? "body" : "headers",
    "the server answered with an error");
  llg_push_error(L, &failure);
  describe(L, x);
  llg_set_error_text(L, x, text, n);
  lua_getfield(L, -1, "request_id");
  bool has_id = !lua_isnil(L, -1);
  lua_pop(L, 1);
  if (!has_id) copy_field(L, x, "request_id");
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    copy_field(L, x, names[i]);
  lua_getfield(L, -2, "message");
  bool has_words = !lua_isnil(L, -1);
  lua_pop(L, 1);
  lua_remove(L, -2);
  if (!has_words && n > 2)
    quote_body(L, false); /* more than {}: some word nobody knows */
  name_target(L, x, !has_words);
}

/* A refusal without a usable JSON body: the first words of what came. */
static void push_text_refusal(lua_State *L, const struct llg_exchange *x) {
  struct llg_failure failure = { .status = LLG_API, .phase = "headers" };
  llg_failure_set(
    &failure, LLG_API, "headers", "%d status code (no body)", x->http_status);
  llg_push_reading_error(L, x, &failure);
  quote_body(L, llg_body_is_html(x));
  name_target(L, x, true);
}

/* Push what the body of a refusal says, and return true. */
static bool read_refusal(lua_State *L, const char *body, size_t n) {
  struct llg_failure ignored;
  llg_skip_mark(&body, &n);
  if (n == 0) return false;
  if (!llg_json_decode(L, body, n, &ignored))
    return llg_refusal_find(L, LLG_IN_REFUSAL, body, n);
  bool said = llg_refusal_read(L, LLG_IN_REFUSAL);
  lua_remove(L, said ? -2 : -1);
  return said;
}

void llg_push_exchange_error(lua_State *L, const struct llg_exchange *x) {
  const char *body = llg_buffer_bytes(&x->body);
  bool refused = x->failure.status == LLG_API && x->failure.message[0] == '\0';
  if (!refused)
    llg_push_reading_error(L, x, &x->failure);
  else if (read_refusal(L, body, x->body.len))
    llg_push_said_error(L, x, body, x->body.len);
  else
    push_text_refusal(L, x);
}
