#include "verdict.h"

#include "failure.h"
#include "json/decode.h"
#include "wording.h"

int llg_end_complete(lua_State *L, struct llg_handle *h) {
  lua_pushnil(L);
  return llg_keep_reply(L, 1, h);
}

int llg_end_reading(
  lua_State *L, struct llg_handle *h, const struct llg_failure *failure) {
  llg_push_reading_error(L, h->x, failure);
  int n = llg_keep_error(L, 1, h);
  llg_handle_close(h);
  return n;
}

/* A plain body where a stream was asked for. */
static int end_plain_body(lua_State *L, struct llg_handle *h) {
  struct llg_exchange *x = h->x;
  struct llg_failure failure = { .status = LLG_OK };
  const char *body = llg_buffer_bytes(&x->body);
  if (llg_body_is_html(x)) {
    llg_failure_set(
      &failure, LLG_PROTOCOL, "body", "an HTML page came where a stream was expected");
  } else if (llg_json_decode(L, body, x->body.len, &failure)) {
    if (lua_istable(L, -1) && llg_is_server_error(L)) {
      llg_push_server_error(L, x, -1, body, x->body.len);
      return llg_keep_error(L, 1, h);
    }
    llg_failure_set(
      &failure, LLG_PROTOCOL, "body", "a JSON body came where a stream was expected");
  }
  return llg_end_reading(L, h, &failure);
}

int llg_end_of_stream(lua_State *L, struct llg_handle *h) {
  const struct llg_exchange *x = h->x;
  enum llg_status status = x->failure.status;
  struct llg_failure failure = { .status = LLG_OK };
  bool begun = x->http_status / 100 == 2;
  bool cut = status == LLG_OK || status == LLG_TRUNCATED || status == LLG_TIMEOUT;
  if (status == LLG_OK && x->body_kind == LLG_BODY_PLAIN) return end_plain_body(L, h);
  if (cut && begun && (x->saw_done || llg_choices_are_finished(&h->choices)))
    return llg_end_complete(L, h);
  if (status != LLG_OK) {
    llg_push_exchange_error(L, x);
    return llg_keep_error(L, 1, h);
  }
  if (!x->saw_event && !llg_exchange_says_events(x))
    llg_failure_set(
      &failure, LLG_PROTOCOL, "body",
      "the answer is no stream of events, and not one came");
  else
    llg_failure_set(
      &failure, LLG_TRUNCATED, "body",
      "the stream ended without a finish_reason and without [DONE]");
  return llg_end_reading(L, h, &failure);
}
