#include "clocks.h"

#include <string.h>

#include "outcome.h"

enum {
  AT_ONCE_BYTES = 16384, /* a body that is out with its head, or nearly */
  LOOK_MS = 1000,        /* how a longer one gets on is looked at so often, at least */
};

static int64_t earlier(int64_t a_ms, int64_t b_ms) {
  return a_ms < b_ms ? a_ms : b_ms;
}

/* One clock: true and the verdict if it has run out, else *due_ms is lowered. */
static bool ran_out(
  struct llg_exchange *x, const char *clock, int64_t since_ms, int64_t limit_ms,
  int64_t *due_ms) {
  if (limit_ms <= 0) return false;
  if (x->pulse->now_ms < since_ms + limit_ms) {
    *due_ms = earlier(*due_ms, since_ms + limit_ms);
    return false;
  }
  char host[256];
  llg_url_host(llg_exchange_url(x), host, sizeof host);
  const char *phase = "request";
  if (x->state == LLG_X_WAITING)
    phase = "retry";
  else if (x->state == LLG_X_PENDING)
    phase = "queue";
  else if (x->easy != NULL)
    phase = llg_outcome_phase(x->easy, llg_exchange_url(x));
  if (x->upload_left > 0 && strcmp(phase, "first_byte") == 0) phase = "upload";
  llg_exchange_fail(
    x, LLG_TIMEOUT, phase, "%s: no answer within %s of %.9g s (phase %s)", host, clock,
    (double)limit_ms / 1000.0, phase);
  return true;
}

/* A stream begins with its first event: some servers send headers and comments at once, and then
** read a long prompt for minutes. */
static bool has_begun(const struct llg_exchange *x) {
  if (x->last_byte_ms < x->attempt_ms) return false;
  bool plain = !x->request.stream || x->body_kind == LLG_BODY_PLAIN;
  bool refused = x->http_status != 0 && x->http_status / 100 != 2;
  return plain || refused || x->saw_event;
}

/* The request's head is out. A large body takes its time, which the clock of the first byte does
** not count, and idle_timeout bounds. When it is out is not told to us: it is looked at. */
static bool is_late_after_head(struct llg_exchange *x, int64_t sent_ms, int64_t *due_ms) {
  const struct llg_clocks *clocks = &x->request.clocks;
  if (x->to_send > AT_ONCE_BYTES) {
    int64_t left = llg_outcome_left_to_send(x->easy, x->to_send);
    if (x->upload_ms < x->attempt_ms || left != x->upload_left)
      x->upload_ms = x->pulse->now_ms;
    x->upload_left = left;
    sent_ms = x->upload_ms;
    if (left > 0) {
      int64_t look_ms = clocks->first_byte_ms > 0 ? clocks->first_byte_ms / 8 : LOOK_MS;
      *due_ms = earlier(
        *due_ms, x->pulse->now_ms + (look_ms < 1 ? 1 : earlier(look_ms, LOOK_MS)));
      return ran_out(x, "idle_timeout", sent_ms, clocks->idle_ms, due_ms);
    }
  }
  return ran_out(x, "first_byte_timeout", sent_ms, clocks->first_byte_ms, due_ms);
}

bool llg_clocks_are_late(struct llg_exchange *x, int64_t *due_ms) {
  const struct llg_clocks *clocks = &x->request.clocks;
  if (x->state == LLG_X_DRAINING) {
    *due_ms = earlier(*due_ms, x->drain_until_ms);
    return x->pulse->now_ms >= x->drain_until_ms;
  }
  if (x->state == LLG_X_OVER) return false;
  if (x->n_readers > 0) { /* for as long as it is read, no clock ends it */
    *due_ms = earlier(*due_ms, x->pulse->now_ms + LOOK_MS);
    return false;
  }
  if (ran_out(x, "timeout", x->attached_ms, clocks->total_ms, due_ms)) return true;
  if (x->state == LLG_X_WAITING) *due_ms = earlier(*due_ms, x->retry_at_ms);
  if (x->state != LLG_X_SENT && x->state != LLG_X_BODY) return false;

  bool late = false;
  int64_t sent_after_ms = -1;
  bool begun = has_begun(x);
  bool counts = clocks->connect_ms > 0 || clocks->first_byte_ms > 0
                || (clocks->idle_ms > 0 && x->to_send > AT_ONCE_BYTES);
  if (!begun && counts) sent_after_ms = llg_outcome_sent_after_ms(x->easy);
  if (begun) {
    if (!x->paused)
      late = ran_out(x, "idle_timeout", x->last_byte_ms, clocks->idle_ms, due_ms);
  } else if (sent_after_ms >= 0) {
    late = is_late_after_head(x, x->attempt_ms + sent_after_ms, due_ms);
  } else {
    late = ran_out(x, "connect_timeout", x->attempt_ms, clocks->connect_ms, due_ms);
    if (clocks->first_byte_ms > 0) /* the earliest moment at which it could run out */
      *due_ms = earlier(*due_ms, x->attempt_ms + clocks->first_byte_ms);
    if (clocks->first_byte_ms > 0 && x->to_send > AT_ONCE_BYTES)
      *due_ms = earlier(*due_ms, x->pulse->now_ms + LOOK_MS);
  }
  if (clocks->idle_ms > 0) /* it may begin to count at any moment, unseen */
    *due_ms = earlier(*due_ms, x->pulse->now_ms + clocks->idle_ms);
  x->transient = late; /* the total clock, above, leaves no time for another attempt */
  return late;
}
