#include "verdict.h"

#include "../core/events/json_end.h"
#include "brings.h"
#include "failure.h"
#include "json/decode.h"
#include "refusal.h"
#include "wording.h"

/* While words are made of what came, a finalizer that closes the stream wipes nothing of it. */
static void begin_reading(struct llg_handle *h) {
  h->n_reading++;
}

static void end_of_reading(struct llg_handle *h) {
  h->n_reading--;
  llg_handle_settle(h);
}

int llg_end_complete(lua_State *L, struct llg_handle *h) {
  lua_pushnil(L);
  return llg_keep_reply(L, 1, h);
}

int llg_end_reading(
  lua_State *L, struct llg_handle *h, const struct llg_failure *failure) {
  begin_reading(h);
  llg_push_reading_error(L, h->x, failure);
  int n = llg_keep_error(L, 1, h);
  end_of_reading(h);
  llg_handle_close(h);
  return n;
}

int llg_end_said(
  lua_State *L, struct llg_handle *h, int chunk, const char *text, size_t n) {
  size_t n_kept = n < LLG_MAX_ERROR_BODY_BYTES ? n : LLG_MAX_ERROR_BODY_BYTES;
  begin_reading(h);
  llg_push_said_error(L, h->x, text, n_kept);
  int n_results = llg_keep_error(L, 1, h);
  end_of_reading(h);
  llg_handle_close(h);
  if (chunk == 0) return n_results;
  lua_pushvalue(L, chunk);
  return n_results + 1;
}

/* A plain body where a stream was asked for. */
static int end_plain_body(lua_State *L, struct llg_handle *h) {
  struct llg_exchange *x = h->x;
  struct llg_failure failure = { .status = LLG_OK };
  const char *body = llg_buffer_bytes(&x->body);
  size_t n = x->body.len;
  llg_skip_mark(&body, &n);
  if (llg_body_is_html(x)) {
    llg_failure_set(
      &failure, LLG_PROTOCOL, "body", "an HTML page came where a stream was expected");
  } else if (llg_json_decode(L, body, n, &failure)) {
    bool is_reply = lua_istable(L, -1) && llg_reply_brings(L);
    if (llg_refusal_read(L, LLG_IN_BODY) || (!is_reply && llg_refusal_of_words(L)))
      return llg_end_said(L, h, 0, body, n);
    llg_failure_set(
      &failure, LLG_PROTOCOL, "body", "a JSON body came where a stream was expected");
  } else if (llg_refusal_find(L, LLG_IN_BODY, body, n)) {
    return llg_end_said(L, h, 0, body, n);
  }
  return llg_end_reading(L, h, &failure);
}

/* No event failed, and the stream did not end in an orderly way or did not bring anything. */
static int end_without_answer(lua_State *L, struct llg_handle *h) {
  const struct llg_exchange *x = h->x;
  struct llg_failure failure = { .status = LLG_OK };
  if (x->saw_done)
    llg_failure_set(
      &failure, LLG_PROTOCOL, "body",
      "the stream said [DONE] and had brought nothing: no finish_reason, no content, no "
      "reasoning, no call");
  else if (!x->saw_event && !llg_exchange_says_events(x))
    llg_failure_set(
      &failure, LLG_PROTOCOL, "body",
      "the answer is no stream of events, and not one came");
  else
    llg_failure_set(
      &failure, LLG_TRUNCATED, "body",
      "the stream ended without a finish_reason and without [DONE]");
  return llg_end_reading(L, h, &failure);
}

int llg_end_of_stream(lua_State *L, struct llg_handle *h) {
  const struct llg_exchange *x = h->x;
  enum llg_status status = x->failure.status;
  bool begun = x->http_status / 100 == 2;
  bool cut = status == LLG_OK || status == LLG_TRUNCATED || status == LLG_TIMEOUT;
  if (h->has_bad) return llg_end_bad(L, h);
  if (status == LLG_OK && x->body_kind == LLG_BODY_PLAIN) {
    begin_reading(h);
    int n = end_plain_body(L, h);
    end_of_reading(h);
    return n;
  }
  bool finished = llg_choices_are_finished(&h->choices);
  if (cut && begun && (finished || (x->saw_done && h->choices.brought)))
    return llg_end_complete(L, h);
  if (status == LLG_OK) return end_without_answer(L, h);
  begin_reading(h);
  llg_push_exchange_error(L, x);
  int n = llg_keep_error(L, 1, h);
  end_of_reading(h);
  return n;
}

bool llg_keep_bad(
  lua_State *L, struct llg_handle *h, const struct llg_failure *failure,
  const struct llg_event *event) {
  size_t n = event->data_len;
  struct llg_json_end end = { 0 };
  begin_reading(h);
  llg_push_reading_error(L, h->x, failure);
  llg_set_error_text(
    L, h->x, event->data, n < LLG_MAX_ERROR_BODY_BYTES ? n : LLG_MAX_ERROR_BODY_BYTES);
  end_of_reading(h);
  llg_getuservalue(L, 1);
  lua_insert(L, -2);
  lua_rawseti(L, -2, LLG_BAD_SLOT);
  lua_pop(L, 1);
  h->has_bad = true;
  llg_json_end_reached(&end, event->data, n);
  return end.depth > 0 && !event->unterminated;
}

int llg_end_bad(lua_State *L, struct llg_handle *h) {
  llg_getuservalue(L, 1);
  lua_rawgeti(L, -1, LLG_BAD_SLOT);
  int n = llg_keep_error(L, 1, h);
  llg_handle_close(h);
  return n;
}
