#include "exchange.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "easy.h"
#include "../base/memory.h"
#include "outcome.h"

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
void llg_exchange_redirect(struct llg_exchange *x, char *url) {
  if (x->redirect_url != NULL) llg_wipe(x->redirect_url, strlen(x->redirect_url));
  llg_free(x->redirect_url);
  x->redirect_url = url;
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
  llg_exchange_redirect(x, NULL);
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
  if (x->request.raw) return x->state >= LLG_X_BODY;
  if (x->body_kind != LLG_BODY_UNKNOWN) return x->body_kind == LLG_BODY_EVENTS;
  return x->state == LLG_X_BODY && llg_exchange_says_events(x);
}

void llg_exchange_fail(
  struct llg_exchange *x, enum llg_status status, const char *phase, const char *format,
  ...) {
  char message[LLG_MAX_MESSAGE_BYTES];
  va_list args;
  bool was_asked = x->is_asked && x->n_readers == 0;
  if ((x->failure.status != LLG_OK && !was_asked) || llg_exchange_is_over(x)) return;
  va_start(args, format);
  vsnprintf(message, sizeof message, format, args);
  va_end(args);
  if (was_asked) llg_exchange_forget_answer(x); /* nobody said what becomes of it */
  llg_failure_set(&x->failure, status, phase, "%s", message);
}

void llg_exchange_tell(struct llg_exchange *x) {
  llg_news_tell(&x->pulse->news, &x->news);
  if (x->news_step == x->pulse->step) return;
  x->news_step = x->pulse->step;
  x->pulse->n_news++;
}

/* A refusal is what was said, not how it was said. */
void llg_exchange_end_tape(struct llg_exchange *x) {
  static const struct llg_failure none = { .status = LLG_OK };
  bool is_refusal = x->failure.status == LLG_API && x->http_status / 100 != 3;
  llg_reel_end(
    x->reel, x->pulse->now_ms - x->attempt_ms, is_refusal ? &none : &x->failure,
    x->transient);
}

void llg_exchange_conclude(struct llg_exchange *x) {
  llg_exchange_end_tape(x);
  if (x->failure.status != LLG_OK) llg_new_file_drop(&x->request.answer_to);
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
  struct llg_failure failure = { .status = LLG_OK };
  if (!llg_request_open_files(&x->request, easy->player == NULL, &failure)) {
    llg_exchange_fail(x, failure.status, "request", "%s", failure.message);
    return false;
  }
  x->to_send = llg_request_body_bytes(&x->request);
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
  x->n_body_bytes = 0;
  x->announced = -1;
  if (x->asks) llg_exchange_tell(x);
  return true;
}

void llg_exchange_forget_answer(struct llg_exchange *x) {
  llg_buffer_clear(&x->headers);
  llg_buffer_free(&x->body);
  x->body_kind = LLG_BODY_UNKNOWN;
  x->drained_bytes = 0;
  x->header_bytes = 0;
  x->http_status = 0;
  x->transient = false;
  x->failure = (struct llg_failure){ .status = LLG_OK };
  x->is_asked = false;
}
