#include "exchange.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "easy.h"
#include "../base/memory.h"
#include "outcome.h"
#include "retry.h"

struct llg_exchange *
llg_exchange_new(struct llg_request *request, struct llg_pulse *pulse) {
  struct llg_exchange *x = llg_calloc(1, sizeof *x);
  if (x == NULL) return NULL;
  if (request->own_headers) {
    x->list = llg_slist_new(&request->headers);
    if (x->list == NULL) {
      llg_free(x);
      return NULL;
    }
  }
  x->refs = 1;
  x->pulse = pulse;
  x->request = *request;
  memset(request, 0, sizeof *request);
  llg_buffer_init(&x->headers, LLG_MAX_HEADER_BYTES);
  llg_buffer_init(&x->body, x->request.max_response_bytes);
  llg_sse_init(&x->sse, LLG_MAX_EVENT_BYTES);
  x->sse.lenient = true;
  llg_event_queue_init(&x->events, LLG_QUEUE_HIGH_BYTES + 2 * LLG_MAX_EVENT_BYTES);
  return x;
}

/* Wiped as request.url is: what stood in that query may stand in this one. */
static void forget_redirect(struct llg_exchange *x) {
  if (x->redirect_url != NULL) llg_wipe(x->redirect_url, strlen(x->redirect_url));
  llg_free(x->redirect_url);
  x->redirect_url = NULL;
}

void llg_exchange_unref(struct llg_exchange *x) {
  if (x == NULL || --x->refs > 0) return;
  llg_news_arm(&x->news, 0);
  llg_request_free(&x->request);
  llg_buffer_free(&x->headers);
  llg_buffer_free(&x->body);
  llg_sse_free(&x->sse);
  llg_event_queue_free(&x->events);
  llg_reel_free(x->reel);
  llg_free(x->list);
  forget_redirect(x);
  llg_free(x);
}

/* What stands before the host in a URL, and behind it. */
static void forget_but_host(char *url) {
  char host[256];
  size_t n = strlen(url), scheme_n = strcspn(url, ":");
  llg_url_host(url, host, sizeof host);
  size_t host_n = strlen(host);
  if (scheme_n + 3 + host_n > n) return; /* it has no scheme: never was a URL */
  llg_wipe(url + scheme_n, n - scheme_n);
  memcpy(url + scheme_n, "://", 3);
  memcpy(url + scheme_n + 3, host, host_n);
  llg_wipe(host, sizeof host);
}

void llg_exchange_forget(struct llg_exchange *x) {
  x->is_forgotten = true;
  if (x->state != LLG_X_OVER || x->easy != NULL) return;
  llg_settings_unref(x->request.settings);
  x->request.settings = NULL;
  llg_free(x->list); /* it points into the headers */
  x->list = NULL;
  llg_header_list_free(&x->request.headers);
  if (x->request.url != NULL) forget_but_host(x->request.url);
  if (x->redirect_url != NULL) forget_but_host(x->redirect_url);
}

const char *llg_exchange_url(const struct llg_exchange *x) {
  return x->redirect_url != NULL ? x->redirect_url : x->request.url;
}

void llg_exchange_timing(const struct llg_exchange *x, struct llg_timing *timing) {
  *timing = x->timing;
  if (x->easy != NULL) llg_outcome_timing(x->easy, timing);
}

bool llg_exchange_says_events(const struct llg_exchange *x) {
  static const char events[] = "text/event-stream";
  size_t n = 0;
  const char *type = llg_headers_get(&x->headers, "content-type", &n);
  return type != NULL && n >= sizeof events - 1
         && curl_strnequal(type, events, sizeof events - 1);
}

bool llg_exchange_is_open(const struct llg_exchange *x) {
  if (!x->request.stream || x->http_status / 100 != 2) return false;
  if (x->body_kind != LLG_BODY_UNKNOWN) return x->body_kind == LLG_BODY_EVENTS;
  return x->state == LLG_X_BODY && llg_exchange_says_events(x);
}

void llg_exchange_fail(
  struct llg_exchange *x, enum llg_status status, const char *phase, const char *format,
  ...) {
  char message[LLG_MAX_MESSAGE_BYTES];
  va_list args;
  if (x->failure.status != LLG_OK || llg_exchange_is_over(x)) return;
  va_start(args, format);
  vsnprintf(message, sizeof message, format, args);
  va_end(args);
  llg_failure_set(&x->failure, status, phase, "%s", message);
}

void llg_exchange_tell(struct llg_exchange *x) {
  llg_news_tell(&x->pulse->news, &x->news);
  if (x->news_step == x->pulse->step) return;
  x->news_step = x->pulse->step;
  x->pulse->n_news++;
}

/* The attempt's tape, if it is recorded. A refusal is what was said, not how it was said. */
static void end_tape(struct llg_exchange *x) {
  static const struct llg_failure none = { .status = LLG_OK };
  bool is_refusal = x->failure.status == LLG_API && x->http_status / 100 != 3;
  llg_reel_end(
    x->reel, x->pulse->now_ms - x->attempt_ms, is_refusal ? &none : &x->failure,
    x->transient);
}

void llg_exchange_conclude(struct llg_exchange *x) {
  end_tape(x);
  x->over_ms = x->pulse->now_ms;
  if (x->state == LLG_X_DRAINING) {
    x->pulse->n_draining++;
    x->pulse->drained_ms = x->over_ms;
  }
  llg_exchange_tell(x);
}

bool llg_exchange_begin_attempt(
  struct llg_exchange *x, struct llg_easy *easy, const struct llg_easy_hooks *hooks) {
  struct curl_slist *list = x->list != NULL ? x->list : x->request.settings->list;
  enum llg_status status = llg_easy_prepare(
    easy, &x->request, llg_exchange_url(x), list, hooks);
  if (status != LLG_OK) {
    llg_exchange_fail(x, status, "request", "out of memory");
    return false;
  }
  x->easy = easy;
  x->state = LLG_X_SENT;
  llg_reel_begin(x->reel);
  x->attempt_ms = x->pulse->now_ms;
  x->upload_ms = x->attempt_ms - 1;
  x->upload_left = 0;
  x->last_byte_ms = x->attempt_ms - 1; /* none yet */
  x->n_attempts++;
  return true;
}

/* ---- after an attempt ---- */

/* Forget the answer of an attempt that is not the last. */
static void forget_answer(struct llg_exchange *x) {
  llg_buffer_clear(&x->headers);
  llg_buffer_free(&x->body);
  x->body_kind = LLG_BODY_UNKNOWN;
  x->drained_bytes = 0;
  x->header_bytes = 0;
  x->http_status = 0;
  x->transient = false;
  x->failure = (struct llg_failure){ .status = LLG_OK };
}

static bool same_origin(const char *a, const char *b) {
  char host_a[256], host_b[256];
  size_t n = strcspn(a, ":");
  if (n != strcspn(b, ":") || !curl_strnequal(a, b, n)) return false;
  llg_url_host(a, host_a, sizeof host_a);
  llg_url_host(b, host_b, sizeof host_b);
  if (strlen(host_a) == sizeof host_a - 1) return false; /* cut: who knows what follows */
  return curl_strequal(host_a, host_b);
}

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
  else if (!same_origin(llg_exchange_url(x), target))
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
  forget_redirect(x);
  x->redirect_url = copy;
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

static bool wait_for_retry(struct llg_exchange *x) {
  bool begun = x->request.stream && x->http_status / 100 == 2;
  if (begun) return false; /* never after the first byte of a stream */
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
  if (delay_ms < 0) return false;
  int64_t at_ms = x->pulse->now_ms + delay_ms;
  int64_t total_ms = x->request.clocks.total_ms;
  if (total_ms > 0 && at_ms >= x->attached_ms + total_ms) return false; /* in vain */
  x->retry_at_ms = at_ms;
  return true;
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

void llg_exchange_end_attempt(struct llg_exchange *x, int curl_code) {
  CURLcode code = (CURLcode)curl_code;
  llg_outcome_timing(x->easy, &x->timing);
  if (x->state == LLG_X_DRAINING) {
    x->pulse->n_draining--;
    x->state = LLG_X_OVER;
    llg_buffer_free(&x->request.body);
    return;
  }
  if (is_refused(x, code)) code = CURLE_OK; /* its status says all */
  if (x->failure.status == LLG_OK && code != CURLE_OK)
    llg_outcome_failure(x->easy, code, llg_exchange_url(x), &x->failure, &x->transient);
  else if (x->failure.status == LLG_OK)
    judge_answer(x);
  if (x->failure.status == LLG_OK && x->http_status / 100 == 3 && follow_redirect(x)) {
    llg_reel_drop(x->reel); /* what counts is where it led to */
    forget_answer(x);
    x->state = LLG_X_PENDING;
    return;
  }
  if (x->failure.status != LLG_OK && wait_for_retry(x)) {
    end_tape(x);
    forget_answer(x);
    x->state = LLG_X_WAITING;
    return;
  }
  end_tape(x); /* before it gets the name that it has for the caller */
  name_cut_stream(x);
  x->state = LLG_X_OVER;
  llg_buffer_free(&x->request.body); /* now, not when Lua's collector comes by */
  llg_exchange_conclude(x);
}
