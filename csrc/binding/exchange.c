#include "exchange.h"

#include <string.h>

#include "brings.h"
#include "embeddings.h"
#include "failure.h"
#include "flow.h"
#include "handle.h"
#include "json/decode.h"
#include "known_reply.h"
#include "meta.h"
#include "object.h"
#include "refusal.h"
#include "saved.h"
#include "secrets.h"
#include "wording.h"

/* Whether what came is a stream of events, by its Content-Type or its first word. */
static bool is_stream(const struct llg_exchange *x, const char *body, size_t n) {
  static const char *const words[] = { "data:", "event:", "id:", "retry:", ":" };
  if (llg_exchange_says_events(x)) return true;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    size_t len = strlen(words[i]);
    if (n >= len && memcmp(body, words[i], len) == 0) return true;
  }
  return false;
}

/* Whether the value on top of the stack is a reply; that of a chat has to bring something. */
static bool
is_answer(lua_State *L, const struct llg_handle *h, struct llg_failure *failure) {
  if (!lua_istable(L, -1)) {
    llg_failure_set(failure, LLG_PROTOCOL, "body", "the answer is no JSON object");
    return false;
  }
  bool brings = h->kind != LLG_REPLY_CHAT || llg_reply_brings(L);
  if (!brings)
    llg_failure_set(
      failure, LLG_PROTOCOL, "body",
      "the reply brings nothing: no finish_reason, no content, no reasoning, no call");
  return brings;
}

/* Push what the body says, and return true; or push nothing, with *failure. *is_known: it is of a
** shape that was seen before. */
static bool read_body(
  lua_State *L, const struct llg_handle *h, const char *body, size_t n, bool *is_known,
  struct llg_failure *failure) {
  *is_known = false;
  if (h->kind == LLG_REPLY_EMBEDDINGS) return llg_push_embeddings(L, body, n, failure);
  *is_known = h->kind == LLG_REPLY_CHAT && llg_push_known_reply(L, body, n);
  return *is_known || llg_json_decode(L, body, n, failure);
}

/* Push the reply, or the error object and return false. */
static bool read_reply(lua_State *L, struct llg_handle *h) {
  const struct llg_exchange *x = h->x;
  const char *body = x->body.len > 0 ? llg_buffer_bytes(&x->body) : "";
  size_t n = x->body.len;
  struct llg_failure failure = { .status = LLG_OK };
  bool is_known;
  if (h->kind == LLG_REPLY_FILE) return llg_push_saved(L, h);
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
  llg_skip_mark(&body, &n);
  if (llg_body_is_html(x)) {
    llg_failure_set(
      &failure, LLG_PROTOCOL, "body", "an HTML page came where JSON was expected");
  } else if (n == 0) {
    llg_failure_set(&failure, LLG_DECODE, "body", "the body of the answer is empty");
  } else if (read_body(L, h, body, n, &is_known, &failure)) {
    if (llg_refusal_read(L, LLG_IN_BODY)) {
      llg_push_said_error(L, x, body, n);
      return false;
    }
    if (is_answer(L, h, &failure)) {
      if (
        !is_known && h->kind == LLG_REPLY_CHAT && !llg_holds_secret(&x->request, body, n))
        llg_learn_reply(L, body, n);
      return true;
    }
    if (llg_refusal_of_words(L)) {
      llg_push_said_error(L, x, body, n);
      return false;
    }
    lua_pop(L, 1);
  } else if (
    llg_refusal_find(L, LLG_IN_BODY, body, n)
    || (h->kind == LLG_REPLY_CHAT && llg_refusal_find(L, LLG_IN_CHUNK, body, n))) {
    llg_push_said_error(L, x, body, n);
    return false;
  } else if (is_stream(x, body, n)) {
    llg_failure_set(
      &failure, LLG_PROTOCOL, "body",
      "a stream of events came where JSON was expected: the server, or something on the "
      "way, "
      "did not heed that no stream was asked for");
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

/* exchange:progress() -> sent, to_send, received, to_receive */
static int exchange_progress(lua_State *L) {
  return llg_handle_progress(L, luaL_checkudata(L, 1, LLG_EXCHANGE_CLASS));
}

/* exchange:meta() -> table, or nil before there is an answer */
static int exchange_meta(lua_State *L) {
  return llg_flow_meta(L, luaL_checkudata(L, 1, LLG_EXCHANGE_CLASS));
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
    { "result", exchange_result }, { "cancel", exchange_cancel },
    { "arm", exchange_arm },       { "progress", exchange_progress },
    { "meta", exchange_meta },     { NULL, NULL },
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
