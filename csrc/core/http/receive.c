#include "receive.h"

#include <string.h>

#include "easy.h"
#include "outcome.h"
#include "../base/clock.h"
#include "../base/memory.h"

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t fail_headers(struct llg_exchange *x, enum llg_status status) {
  llg_exchange_fail(
    x, status, "headers", "response headers: %s",
    status == LLG_LIMIT ? "over LLG_MAX_HEADER_BYTES" : "out of memory");
  return 0;
}

size_t llg_receive_header(char *line, size_t size, size_t n, void *exchange) {
  struct llg_exchange *x = exchange;
  n *= size;
  /* Also those of interim answers and behind the body, which are not kept, must end. */
  x->header_bytes += n;
  if (x->header_bytes > LLG_MAX_HEADER_BYTES) return fail_headers(x, LLG_LIMIT);
  if (x->state != LLG_X_SENT) return n; /* trailers */
  x->last_byte_ms = x->pulse->now_ms;
  if (x->easy->answered_us == 0) x->easy->answered_us = llg_now_us();
  if (n > 2 || (line[0] != '\r' && line[0] != '\n')) {
    enum llg_status status = llg_headers_feed(&x->headers, line, n);
    return status == LLG_OK ? n : fail_headers(x, status);
  }
  int code = llg_outcome_status(x->easy);
  if (code < 200) { /* 100 Continue, 103 Early Hints: more will come */
    x->easy->answered_us = 0;
    return n;
  }
  x->http_status = code;
  x->announced = llg_outcome_length(x->easy);
  llg_reel_head(x->reel, x->pulse->now_ms - x->attempt_ms, code, &x->headers);
  x->state = LLG_X_BODY;
  if (x->asks || llg_exchange_is_open(x)) llg_exchange_tell(x);
  return n;
}

/* The room for a body whose length is known is asked for once. */
static void reserve_body(struct llg_exchange *x) {
  int64_t length = llg_outcome_length(x->easy);
  enum llg_status ignored;
  if (length > 0 && (size_t)length <= x->body.max_bytes)
    llg_buffer_reserve(&x->body, (size_t)length, &ignored);
}

static size_t fail_body(struct llg_exchange *x, enum llg_status status) {
  if (status == LLG_LIMIT)
    llg_exchange_fail(
      x, status, "body", "the answer is longer than max_response_bytes (%zu)",
      x->body.max_bytes);
  else
    llg_exchange_fail(x, status, "body", "out of memory");
  return 0;
}

/* A success that is not held: a piece for the file, or for who reads it as it comes. */
static size_t pass_on(struct llg_exchange *x, const char *bytes, size_t n) {
  struct llg_failure failure = { .status = LLG_OK };
  if (n > x->body.max_bytes - x->n_body_bytes) return fail_body(x, LLG_LIMIT);
  x->n_body_bytes += n;
  if (x->request.answer_to.path != NULL) {
    if (llg_new_file_write(&x->request.answer_to, bytes, n, &failure)) return n;
    llg_exchange_fail(x, failure.status, "body", "%s", failure.message);
    return 0;
  }
  const struct llg_event piece = { .data = bytes, .data_len = n, .name = "" };
  enum llg_status status = llg_event_queue_push(&x->events, &piece);
  if (status != LLG_OK) return fail_body(x, LLG_NOMEM);
  x->saw_event = true;
  llg_exchange_tell(x);
  return n;
}

static size_t collect(struct llg_exchange *x, const char *bytes, size_t n) {
  size_t room = x->body.max_bytes - x->body.len, n_kept = n;
  if (x->http_status / 100 != 2) {
    /* Of a refusal we keep what a person could read, let as much again go by for the sake
    ** of the connection, and then have seen enough. */
    size_t most = x->body.max_bytes < LLG_MAX_ERROR_BODY_BYTES ? x->body.max_bytes
                                                               : LLG_MAX_ERROR_BODY_BYTES;
    if (n > most - x->body.len) n_kept = most - x->body.len;
    x->drained_bytes += n - n_kept;
    if (x->drained_bytes > LLG_MAX_ERROR_BODY_BYTES) return 0;
  } else if (x->body.data == NULL) {
    reserve_body(x);
  }
  enum llg_status status = n_kept <= room ? llg_buffer_append(&x->body, bytes, n_kept)
                                          : LLG_LIMIT;
  return status == LLG_OK ? n : fail_body(x, status);
}

/* "[DONE]" and nothing but ASCII blanks around it. */
static bool is_done(const struct llg_sse_event *e) {
  const char *data = e->data;
  size_t n = e->data_len;
  for (; n > 0 && is_blank(data[n - 1]); n--)
    ;
  for (; n > 0 && is_blank(data[0]); n--)
    data++;
  return n == 6 && memcmp(data, "[DONE]", 6) == 0;
}

/* Nothing, or a comment that was sent as data: no JSON begins with a colon. An error may come
** without words. */
static bool is_empty(const struct llg_sse_event *e) {
  if (e->name_len == 5 && memcmp(e->name, "error", 5) == 0) return false;
  size_t i = 0;
  while (i < e->data_len && is_blank(e->data[i]))
    i++;
  return i == e->data_len || e->data[i] == ':';
}

/* The stream is complete for its reader; what follows is only read to keep the connection. */
static void finish_stream(struct llg_exchange *x) {
  x->saw_done = true;
  if (x->state != LLG_X_BODY) return;
  x->state = LLG_X_DRAINING;
  x->drain_until_ms = x->pulse->now_ms + LLG_DRAIN_MS;
  if (x->drain_until_ms < x->pulse->clock_due_ms)
    x->pulse->clock_due_ms = x->drain_until_ms;
  llg_exchange_conclude(x);
}

/* Move what the parser has into the queue. False after a fault, with the verdict set. */
static bool take_events(struct llg_exchange *x, bool unterminated) {
  struct llg_sse_event e;
  enum llg_status status;
  while ((status = llg_sse_next(&x->sse, &e)) == LLG_OK) {
    if (is_empty(&e)) continue; /* keep-alives, retry or id alone */
    if (!x->saw_event) llg_buffer_free(&x->body);
    x->saw_event = true;
    if (is_done(&e)) {
      finish_stream(x);
      return true;
    }
    struct llg_event event = { .data = e.data,
                               .data_len = e.data_len,
                               .name = e.name,
                               .name_len = e.name_len,
                               .bare = e.bare,
                               .unterminated = unterminated };
    status = llg_event_queue_push(&x->events, &event);
    if (status != LLG_OK) break;
    llg_exchange_tell(x);
  }
  if (status == LLG_MORE) return true;
  llg_exchange_fail(
    x, status, "body", "%s",
    status == LLG_LIMIT ? "an event of the stream is longer than LLG_MAX_EVENT_BYTES"
                        : "out of memory");
  return false;
}

/* JSON or HTML where events were asked for shows in its first byte, whatever the headers
** say: no line of an event stream begins so. */
static void decide_kind(struct llg_exchange *x, const char *bytes, size_t n) {
  static const char mark[] = "\xEF\xBB\xBF";
  size_t i = n >= 3 && memcmp(bytes, mark, 3) == 0 ? 3 : 0;
  while (i < n && is_blank(bytes[i]))
    i++;
  bool is_success = x->http_status / 100 == 2;
  if (
    is_success
    && (x->request.answer_to.path != NULL || (x->request.stream && x->request.raw))) {
    x->body_kind = LLG_BODY_BYTES;
  } else if (!x->request.stream || !is_success) {
    x->body_kind = LLG_BODY_PLAIN;
  } else if (i < n) {
    bool other = strchr("{[<\"", bytes[i]) != NULL && bytes[i] != '\0';
    x->body_kind = other ? LLG_BODY_PLAIN : LLG_BODY_EVENTS;
    if (!other) llg_exchange_tell(x);
  }
}

/* What is perhaps no stream at all is shown in the error: its first bytes. */
static void keep_excerpt(struct llg_exchange *x, const char *bytes, size_t n) {
  size_t room = x->body.len < LLG_EXCERPT_BYTES ? LLG_EXCERPT_BYTES - x->body.len : 0;
  if (room > x->body.max_bytes - x->body.len) room = x->body.max_bytes - x->body.len;
  llg_buffer_append(&x->body, bytes, n < room ? n : room);
}

size_t llg_receive_body(char *bytes, size_t size, size_t n, void *exchange) {
  struct llg_exchange *x = exchange;
  n *= size;
  if (x->state == LLG_X_DRAINING) {
    x->drained_bytes += n;
    return x->drained_bytes <= LLG_DRAIN_BYTES ? n : 0;
  }
  if (llg_event_queue_is_high(&x->events)) {
    x->paused = true;
    return CURL_WRITEFUNC_PAUSE;
  }
  x->last_byte_ms = x->pulse->now_ms;
  if (x->reel != NULL) llg_reel_body(x->reel, x->pulse->now_ms - x->attempt_ms, bytes, n);
  if (x->body_kind == LLG_BODY_UNKNOWN) decide_kind(x, bytes, n);
  if (x->body_kind == LLG_BODY_UNKNOWN) return n; /* blank lines */
  if (x->body_kind == LLG_BODY_BYTES) return pass_on(x, bytes, n);
  if (x->body_kind == LLG_BODY_PLAIN) return collect(x, bytes, n);
  llg_sse_feed(&x->sse, bytes, n);
  if (!take_events(x, false)) return 0;
  if (!x->saw_event && !llg_exchange_says_events(x)) keep_excerpt(x, bytes, n);
  return n;
}

void llg_receive_end(struct llg_exchange *x) {
  enum llg_status status = x->failure.status;
  /* Then the parser stopped in the middle of bytes that were libcurl's, and are gone. */
  if (status == LLG_NOMEM || status == LLG_LIMIT) return;
  if (x->body_kind == LLG_BODY_EVENTS && !x->saw_done) {
    llg_sse_finish(&x->sse);
    take_events(x, true);
  }
}
