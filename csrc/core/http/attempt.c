#include "attempt.h"

#include <string.h>
#include <time.h>

#include "easy.h"
#include "../base/memory.h"
#include "outcome.h"
#include "retry.h"

/* ---- redirects ---- */

/* 307 and 308 within one origin keep method and body; whatever else a 3xx may mean would
** send the key or the prompt where the user did not point, so it is told, not followed. */
static bool follow_redirect(struct llg_exchange *x) {
  const char *target = llg_outcome_redirect(x->easy);
  int status = x->http_status;
  if (target == NULL) {
    llg_exchange_fail(x, LLG_API, "headers", "%d: a redirect without a Location", status);
    return false;
  }
  const char *why = NULL;
  if (status != 307 && status != 308)
    why = "only 307 and 308 are followed";
  else if (!llg_same_origin(llg_exchange_url(x), target))
    why = "another origin";
  else if (x->n_redirects == LLG_MAX_REDIRECTS)
    why = "too many redirects";
  if (why != NULL) {
    /* A query may hold secrets, and libcurl hands on the password of the URL it came from. */
    char host[256];
    llg_url_host(target, host, sizeof host);
    int scheme_len = (int)strcspn(target, ":");
    const char *authority = target + scheme_len + strspn(target + scheme_len, ":/");
    const char *path = authority + strcspn(authority, "/?#");
    llg_exchange_fail(
      x, LLG_API, "headers", "%d: redirected to %.*s://%s%.*s (%s)", status, scheme_len,
      target, host, (int)strcspn(path, "?#"), path, why);
    return false;
  }
  char *copy = llg_strndup(target, strlen(target));
  if (copy == NULL) {
    llg_exchange_fail(x, LLG_NOMEM, "headers", "out of memory");
    return false;
  }
  llg_exchange_redirect(x, copy);
  x->n_redirects++;
  x->n_attempts--; /* the same attempt, at another place */
  return true;
}

static double next_random(struct llg_pulse *pulse) {
  /* xorshift64*, Vigna 2016, "An experimental exploration of Marsaglia's xorshift
  ** generators, scrambled": plenty for jitter */
  uint64_t s = pulse->random_state;
  s ^= s >> 12;
  s ^= s << 25;
  s ^= s >> 27;
  pulse->random_state = s;
  return (double)((s * 0x2545F4914F6CDD1DULL) >> 11) / 9007199254740992.0;
}

/* A stream that had begun and broke was cut off, whatever broke it; our own clocks, limits
** and a cancel keep their names. */
static void name_cut_stream(struct llg_exchange *x) {
  enum llg_status status = x->failure.status;
  bool begun = x->request.stream && x->http_status / 100 == 2;
  bool broke = status == LLG_CONNECTION || status == LLG_TLS
               || (status == LLG_PROTOCOL && x->saw_event);
  if (!begun || !broke) return;
  char why[LLG_MAX_MESSAGE_BYTES];
  memcpy(why, x->failure.message, sizeof why);
  llg_failure_set(
    &x->failure, LLG_TRUNCATED, "body", "the stream was cut off: %.400s", why);
}

/* ---- another attempt ---- */

/* Of a stream there is none after its first byte. */
static bool may_follow(const struct llg_exchange *x) {
  bool begun = x->request.stream && x->http_status / 100 == 2;
  return !begun && x->n_attempts <= x->request.max_retries;
}

/* No time would be left for it. */
static bool is_in_vain(const struct llg_exchange *x, int64_t at_ms) {
  int64_t total_ms = x->request.clocks.total_ms;
  return total_ms > 0 && at_ms >= x->attached_ms + total_ms;
}

/* What the table of retries says, -1 for none. */
static int64_t advised_ms(struct llg_exchange *x) {
  struct llg_retry_case c = {
    .status = x->failure.status,
    .transient = x->transient,
    .http_status = x->http_status,
    .headers = &x->headers,
    .body = llg_buffer_bytes(&x->body),
    .body_len = x->body.len,
    .retries_done = x->n_attempts - 1,
    .max_retries = x->request.max_retries,
    .now = time(NULL),
    .random = next_random(x->pulse),
  };
  int64_t delay_ms = llg_retry_delay_ms(&c);
  return delay_ms >= 0 && is_in_vain(x, x->pulse->now_ms + delay_ms) ? -1 : delay_ms;
}

static void try_again(struct llg_exchange *x, int64_t at_ms) {
  llg_exchange_end_tape(x);
  llg_exchange_forget_answer(x);
  x->retry_at_ms = at_ms;
  x->state = LLG_X_WAITING;
}

static void conclude(struct llg_exchange *x) {
  llg_exchange_end_tape(x); /* before it gets the name that it has for the caller */
  name_cut_stream(x);
  x->state = LLG_X_OVER;
  llg_request_free_body(&x->request); /* now, not when Lua's collector comes by */
  llg_exchange_conclude(x);
}

/* What is not for another attempt to mend is not asked about. */
static bool is_worth_asking(const struct llg_exchange *x) {
  enum llg_status status = x->failure.status;
  return status != LLG_CANCELLED && status != LLG_NOMEM && may_follow(x)
         && !is_in_vain(x, x->pulse->now_ms);
}

static void ask(struct llg_exchange *x) {
  llg_exchange_end_tape(x); /* what it is told later is no part of the answer */
  x->advice_ms = advised_ms(x);
  x->asked_ms = x->pulse->now_ms;
  x->retry_at_ms = INT64_MAX;
  x->is_asked = true;
  x->state = LLG_X_WAITING;
  llg_exchange_tell(x);
}

void llg_attempt_decide(struct llg_exchange *x, int64_t delay_ms) {
  if (!x->is_asked) return;
  x->n_readers = 0;
  x->is_asked = false;
  if (delay_ms < 0 || is_in_vain(x, x->asked_ms + delay_ms))
    conclude(x);
  else
    try_again(x, x->asked_ms + delay_ms);
}

/* ---- its end ---- */

static void judge_answer(struct llg_exchange *x) {
  int class = x->http_status / 100;
  if (class == 0) { /* libcurl calls half a head a success */
    char host[256];
    llg_url_host(llg_exchange_url(x), host, sizeof host);
    llg_exchange_fail(
      x, LLG_CONNECTION, "headers",
      "%s: the connection was closed within the headers (phase headers)", host);
    x->transient = true;
  } else if (x->http_status == 407 && x->request.settings->transport.proxy != NULL) {
    char host[256];
    llg_url_host(llg_exchange_url(x), host, sizeof host);
    llg_proxy_failure(&x->failure, host, x->http_status);
  } else if (class != 2 && class != 3) {
    x->failure = (struct llg_failure){ .status = LLG_API, .phase = "headers" };
  } else if (llg_outcome_was_cut(x->easy, &x->headers)) {
    llg_exchange_fail(
      x, LLG_CONNECTION, "body",
      "the connection ended without TLS's close_notify, and the body's length was not "
      "announced: it may have been cut off (phase body)");
    x->transient = true;
  }
}

/* The server had answered, and it was no success: read to its end, or until we had enough of it
** (see collect), or cut off. Of a redirect the end is needed to know where it points. */
static bool is_refused(const struct llg_exchange *x, CURLcode code) {
  int class = x->http_status / 100;
  if (x->failure.status != LLG_OK || class == 0 || class == 2) return false;
  return class != 3 || code == CURLE_WRITE_ERROR;
}

void llg_attempt_end(struct llg_exchange *x, int curl_code) {
  CURLcode code = (CURLcode)curl_code;
  llg_outcome_timing(x->easy, &x->timing);
  if (x->state == LLG_X_DRAINING) {
    x->pulse->n_draining--;
    x->state = LLG_X_OVER;
    llg_request_free_body(&x->request);
    return;
  }
  if (is_refused(x, code)) code = CURLE_OK; /* its status says all */
  if (x->failure.status == LLG_OK && code != CURLE_OK)
    llg_outcome_failure(x->easy, code, llg_exchange_url(x), &x->failure, &x->transient);
  else if (x->failure.status == LLG_OK)
    judge_answer(x);
  if (x->failure.status == LLG_OK && x->http_status / 100 == 3 && follow_redirect(x)) {
    llg_reel_drop(x->reel); /* what counts is where it led to */
    llg_exchange_forget_answer(x);
    x->state = LLG_X_PENDING;
    return;
  }
  if (x->failure.status == LLG_OK || !is_worth_asking(x)) {
    conclude(x);
  } else if (x->asks) {
    ask(x);
  } else {
    int64_t delay_ms = advised_ms(x);
    if (delay_ms < 0)
      conclude(x);
    else
      try_again(x, x->pulse->now_ms + delay_ms);
  }
}
