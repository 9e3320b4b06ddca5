#include "test.h"

#include <math.h>
#include <stdlib.h>

#include "core/http/headers.h"
#include "core/base/memory.h"
#include "core/http/retry.h"

/* Fri, 29 Sep 2023 16:26:37 GMT */
static const time_t NOW = 1696004797;

enum { NEVER = -1 };

static struct llg_buffer headers;

static const struct llg_buffer *with(const char *one, const char *two) {
  llg_buffer_free(&headers);
  llg_buffer_init(&headers, LLG_MAX_HEADER_BYTES);
  if (one != NULL) llg_headers_feed(&headers, one, strlen(one));
  if (two != NULL) llg_headers_feed(&headers, two, strlen(two));
  return &headers;
}

static struct llg_retry_case refusal(int http_status, const char *one, const char *two) {
  return (struct llg_retry_case){ .status = LLG_API,
                                  .http_status = http_status,
                                  .headers = with(one, two),
                                  .max_retries = 3,
                                  .now = NOW };
}

static int64_t on_429(const char *one, const char *two) {
  struct llg_retry_case c = refusal(429, one, two);
  return llg_retry_delay_ms(&c);
}

static int64_t after(const char *retry_after) {
  char line[512];
  snprintf(line, sizeof line, "Retry-After: %s\r\n", retry_after);
  return on_429(line, NULL);
}

static void seconds_are_obeyed_up_to_two_minutes(void) {
  CHECK_INT(after("20"), 20000);
  CHECK_INT(after("60"), 60000);
  CHECK_INT(after("61"), 61000);
  CHECK_INT(after("120"), 120000);
  CHECK_INT(after("121"), NEVER);
  CHECK_INT(after("120.0001"), NEVER);
  CHECK_INT(after("99999999999999999999999999999999999"), NEVER);
  CHECK_INT(after("1.5"), 1500);
  CHECK_INT(after("0.25"), 250);
  CHECK_INT(after(".5"), 500);
  CHECK_INT(after("2."), 2000);
  CHECK_INT(after("0.0001"), 1);
  CHECK_INT(after("1.0010"), 1001);
  CHECK_INT(after("1.00101"), 1002);
  char digits[400];
  memset(digits, '9', sizeof digits - 1);
  digits[sizeof digits - 1] = '\0';
  CHECK_INT(after(digits), NEVER);
  memset(digits, '0', sizeof digits - 2);
  digits[sizeof digits - 2] = '7';
  CHECK_INT(after(digits), 7000);
}

static void what_is_no_delay_means_back_off(void) {
  static const char *const values[]
    = { "0",     "0.0", "-10",    "inf",      "nan",  "",       "Infinity",
        "1,5",   "20s", "1e2",    ".",        "+ 20", "0x1",    "1 2",
        "1.2.3", "-",   "20, 30", "tomorrow", "NaN",  "-0.001", "\xC2\xBD" };
  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    CHECK_INT(after(values[i]), 500);
  CHECK_INT(on_429(NULL, NULL), 500);
}

static void milliseconds_come_first(void) {
  CHECK_INT(on_429("retry-after-ms: 1500", "retry-after: 20"), 1500);
  CHECK_INT(on_429("retry-after: 20", "retry-after-ms: 1500"), 1500);
  CHECK_INT(on_429("retry-after-ms: 0.5", NULL), 1);
  CHECK_INT(on_429("retry-after-ms: 100.0", NULL), 100);
  CHECK_INT(on_429("retry-after-ms: 120000", NULL), 120000);
  CHECK_INT(on_429("retry-after-ms: 120001", NULL), NEVER);
  CHECK_INT(on_429("retry-after-ms: soon", "retry-after: 20"), 20000);
  CHECK_INT(on_429("retry-after-ms: 0", "retry-after: 20"), 20000);
  CHECK_INT(on_429("retry-after-ms: nan", "retry-after: 0"), 500);
  CHECK_INT(
    on_429("retry-after-ms: -1", "retry-after: Fri, 29 Sep 2023 16:26:57 GMT"), 20000);
}

static void dates_are_read_in_all_three_forms(void) {
  CHECK_INT(after("Fri, 29 Sep 2023 16:26:57 GMT"), 20000);
  CHECK_INT(after("Fri, 29 Sep 2023 16:27:37 GMT"), 60000);
  CHECK_INT(after("Fri, 29 Sep 2023 16:27:38 GMT"), 61000);
  CHECK_INT(after("Fri, 29 Sep 2023 16:28:37 GMT"), 120000);
  CHECK_INT(after("Fri, 29 Sep 2023 16:28:38 GMT"), NEVER);
  CHECK_INT(after("Friday, 29-Sep-23 16:26:57 GMT"), 20000);
  CHECK_INT(after("Fri Sep 29 16:26:57 2023"), 20000);
  CHECK_INT(after("Fri, 29 Sep 2023 16:26:37 GMT"), 500);
  CHECK_INT(after("Fri, 29 Sep 2023 16:26:27 GMT"), 500);
  CHECK_INT(after("Sun, 06 Nov 1994 08:49:37 GMT"), 500);
  CHECK_INT(after("Sunday, 06-Nov-94 08:49:37 GMT"), 500);
  CHECK_INT(after("Sun Nov  6 08:49:37 1994"), 500);
  CHECK_INT(after("Fri, 31 Dec 9999 23:59:59 GMT"), NEVER);
}

static void bad_dates_mean_back_off(void) {
  static const char *const values[] = {
    "Zun, 29 Sep 2023 16:26:57 GMT",
    "Fri, 29 Sep 100000 16:26:57 GMT",
    "Fri, 29 Sep 2023 16:26:57",
    "Fri, 29 Sep 2023 16:26:57 GMT and more",
    "Fri, 29 Sep 2023 16:26:57 +0200",
    "Fri, 29 Sep 2023 24:00:00 GMT",
    "Fri, 29 Sep 2023 16:60:00 GMT",
    "Fri, 29 Sep 2023 16:26:61 GMT",
    "Fri, 31 Sep 2023 16:26:57 GMT",
    "Fri, 00 Oct 2023 16:26:57 GMT",
    "Fri, 30 Feb 2024 16:26:57 GMT",
    "Fri, 29 Okt 2023 16:26:57 GMT",
    "Fri, 29 sep 2023 16:26:57 GMT",
    "Fri,29 Sep 2023 16:26:57 GMT",
    "Fri, 9 Oct 2023 16:26:57 GMT",
    "Friday, 29-Sep-2023 16:26:57 GMT",
    "Fri Sep 29 16:26:57 23",
    "Fri",
    "2023-09-29T16:26:57Z",
  };
  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    CHECK_INT(after(values[i]), 500);
  static const char *const good[] = { "Fri, 29 Sep 2023 16:26:57 GMT",
                                      "Friday, 29-Sep-23 16:26:57 GMT",
                                      "Fri Sep 29 16:26:57 2023" };
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    CHECK_INT(after(good[i]), 20000);
    for (size_t n = 0; n < strlen(good[i]); n++) {
      char cut[64] = "";
      memcpy(cut, good[i], n);
      CHECK_INT(after(cut), 500);
    }
  }
}

/* Seconds from `now` to a date, both in UTC. */
static int64_t seconds_until(const char *date, time_t now) {
  char line[128];
  snprintf(line, sizeof line, "retry-after: %s", date);
  int64_t ms = llg_retry_after_ms(with(line, NULL), now);
  return ms < 0 ? ms : ms / 1000;
}

static void the_calendar_is_right(void) {
  CHECK_INT(seconds_until("Thu, 01 Jan 1970 00:00:01 GMT", 0), 1);
  CHECK_INT(seconds_until("Thu, 01 Jan 1970 00:00:01 GMT", 1), -1);
  CHECK_INT(seconds_until("Wed, 31 Dec 1969 23:59:59 GMT", -100), -1);
  CHECK_INT(seconds_until("Tue, 29 Feb 2000 00:00:00 GMT", 0), 951782400);
  CHECK_INT(seconds_until("Wed, 01 Mar 2000 00:00:00 GMT", 0), 951868800);
  CHECK_INT(seconds_until("Sun, 31 Dec 2023 23:59:59 GMT", 0), 1704067199);
  CHECK_INT(seconds_until("Thu, 29 Feb 2024 12:00:00 GMT", 0), 1709208000);
  CHECK_INT(seconds_until("Tue, 19 Jan 2038 03:14:08 GMT", 0), 2147483648);
  CHECK_INT(seconds_until("Sun, 28 Feb 2100 23:59:59 GMT", 0), 4107542399);
  CHECK_INT(seconds_until("Mon, 01 Mar 2100 00:00:00 GMT", 0), 4107542400);
  CHECK_INT(seconds_until("Mon, 29 Feb 2100 00:00:00 GMT", 0), -1);
  CHECK_INT(seconds_until("Sat, 31 Dec 2016 23:59:60 GMT", 1483228799), 1);
  /* two digits: no more than 50 years ahead of 2023 */
  CHECK_INT(seconds_until("Sunday, 31-Dec-73 23:59:59 GMT", NOW), 3281990399 - NOW);
  CHECK_INT(seconds_until("Monday, 31-Dec-74 23:59:59 GMT", NOW), -1);
  CHECK_INT(seconds_until("Friday, 01-Jan-00 00:00:00 GMT", 4102444799), 1);
}

static void the_time_zone_does_not_matter(void) {
  setenv("TZ", "XXX-13:45YYY", 1);
  tzset();
  CHECK_INT(after("Fri, 29 Sep 2023 16:26:57 GMT"), 20000);
  CHECK_INT(after("Fri Sep 29 16:26:57 2023"), 20000);
  unsetenv("TZ");
  tzset();
}

static void after_ms_reports_any_size(void) {
  CHECK_INT(llg_retry_after_ms(NULL, NOW), -1);
  CHECK_INT(llg_retry_after_ms(with(NULL, NULL), NOW), -1);
  CHECK_INT(llg_retry_after_ms(with("retry-after: 3600", NULL), NOW), 3600000);
  CHECK_INT(llg_retry_after_ms(with("retry-after: 0", NULL), NOW), -1);
  CHECK(
    llg_retry_after_ms(with("retry-after: 9223372036854775807", NULL), NOW) == INT64_MAX);
  CHECK(
    llg_retry_after_ms(with("retry-after-ms: 9223372036854775808", NULL), NOW)
    == INT64_MAX);
  CHECK_INT(
    llg_retry_after_ms(with("retry-after-ms: 100000000000000000", NULL), NOW),
    100000000000000000);
}

static void the_status_decides(void) {
  static const int retried[] = { 408, 409, 429, 500, 502, 503, 504, 520, 529, 599 };
  static const int refused[] = { 200, 204, 301, 308, 400, 401, 402, 403, 404, 405,
                                 410, 413, 418, 422, 425, 428, 430, 451, 499, 0 };
  for (size_t i = 0; i < sizeof retried / sizeof *retried; i++) {
    struct llg_retry_case c = refusal(retried[i], NULL, NULL);
    CHECK_INT(llg_retry_delay_ms(&c), 500);
  }
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    struct llg_retry_case c = refusal(refused[i], NULL, NULL);
    CHECK_INT(llg_retry_delay_ms(&c), NEVER);
  }
}

static void the_server_may_overrule_the_status(void) {
  struct llg_retry_case c = refusal(400, "x-should-retry: true", "retry-after: 2");
  CHECK_INT(llg_retry_delay_ms(&c), 2000);
  c = refusal(503, "X-Should-Retry: false", NULL);
  CHECK_INT(llg_retry_delay_ms(&c), NEVER);
  c = refusal(400, "x-should-retry: True", NULL);
  CHECK_INT(llg_retry_delay_ms(&c), NEVER);
  c = refusal(503, "x-should-retry: FALSE", NULL);
  CHECK_INT(llg_retry_delay_ms(&c), 500);
  c = refusal(503, "x-should-retry: falsehood", NULL);
  CHECK_INT(llg_retry_delay_ms(&c), 500);
  c = refusal(429, "x-should-retry: true", "retry-after: 121");
  CHECK_INT(llg_retry_delay_ms(&c), NEVER);
  c = refusal(200, "x-should-retry: true", NULL);
  CHECK_INT(llg_retry_delay_ms(&c), NEVER);
  c = refusal(503, NULL, NULL);
  c.headers = NULL;
  CHECK_INT(llg_retry_delay_ms(&c), 500);
}

static int64_t with_body(const char *body) {
  struct llg_retry_case c = refusal(429, "x-should-retry: true", NULL);
  size_t n = strlen(body);
  char *copy = malloc(n + 1); /* exact, so that a sanitizer sees a read too far */
  memcpy(copy, body, n);
  c.body = copy;
  c.body_len = n;
  int64_t delay_ms = llg_retry_delay_ms(&c);
  free(copy);
  return delay_ms;
}

static void an_empty_purse_is_not_asked_again(void) {
  static const char *const final[] = {
    "{\"error\":{\"message\":\"quota\",\"type\":\"insufficient_quota\",\"code\":null}}",
    "{ \"error\" : {\n \"code\" : \"insufficient_quota\" } }",
    "{\"x\":{\"y\":[1,{}]},\"error\":{\"a\":[{}],\"code\":\"insufficient_quota\"}}",
    "{\"object\":\"error\",\"type\":\"insufficient_quota\"}",
    "{\"error\":{\"code\":\"insufficient_quota\"",
    "[{\"error\":{\"code\":\"insufficient_quota\"}}]",
    "\xEF\xBB\xBF{\"code\":\"insufficient_quota\"}",
    "data: {\"error\":{\"type\":\"insufficient_quota\"}}\n\ndata: [DONE]\n\n",
    "error: {\"code\":\"insufficient_quota\"}\n\n",
    "{\"errors\":[{\"a\":1},{\"code\":\"insufficient_quota\"}]}",
    "{\"error\":\"insufficient_quota\"}",
    "{\"error\":[{\"code\":\"insufficient_quota\"}]}",
    "{\"detail\":{\"error\":{\"code\":\"insufficient_quota\"}}}",
    "{\"error\":{\"type\":\"exceeded_current_quota_error\"}}",
    "{\"error\":{\"error\":{\"code\":\"billing_hard_limit_reached\"}}}",
  };
  static const char *const passing[] = {
    "",
    "insufficient_quota",
    "\"insufficient_quota\"",
    "{\"error\":{\"message\":\"not \\\"code\\\":\\\"insufficient_quota\\\"\"}}",
    "{\"error\":{\"message\":\"insufficient_quota\",\"code\":\"rate_limit_exceeded\"}}",
    "{\"error\":{\"message\":\"code\",\"x\":\"insufficient_quota\"}}",
    "{\"error\":{\"code\":\"insufficient_quota_soon\"}}",
    "{\"error\":{\"insufficient_quota\":\"code\"}}",
    "{\"error\":{\"details\":{\"code\":\"insufficient_quota\"}}}",
    "{\"other\":{\"code\":\"insufficient_quota\"}}",
    "{\"error\":[\"code\",\"insufficient_quota\"]}",
    "{\"error\":{\"code\":[\"insufficient_quota\"]}}",
    "{\"error\":{\"code\":\"insufficient_quota\\",
    "{\"error\":\"\\",
    "[[\"code\",\"insufficient_quota\"]]",
    "{\"choices\":[{\"code\":\"insufficient_quota\"}]}",
    "}}}{\"code\":\"insufficient_quota\"}",
  };
  for (size_t i = 0; i < sizeof final / sizeof *final; i++)
    if (!CHECK_INT(with_body(final[i]), NEVER)) printf("  %s\n", final[i]);
  for (size_t i = 0; i < sizeof passing / sizeof *passing; i++)
    if (!CHECK_INT(with_body(passing[i]), 500)) printf("  %s\n", passing[i]);
}

static int64_t told_by(const char *body) {
  struct llg_retry_case c = refusal(429, NULL, NULL);
  c.body = body;
  c.body_len = strlen(body);
  return llg_retry_delay_ms(&c);
}

static void the_body_may_say_how_long(void) {
  CHECK_INT(told_by("[{\"error\":{\"details\":[{\"retryDelay\":\"34s\"}]}}]"), 34000);
  CHECK_INT(told_by("{\"a\":{\"retryDelay\": \"45.837906927s\"}}"), 45838);
  CHECK_INT(told_by("{\"error\":{\"retry_after\": 2.5}}"), 2500);
  CHECK_INT(told_by("{\"error\":{\"retry_after\":\"3\",\"retry_after\":4}}"), 3000);
  CHECK_INT(told_by("{\"retryDelay\":\"121s\"}"), NEVER);
  CHECK_INT(told_by("{\"retryDelay\":\"99999999999999999999999s\"}"), NEVER);
  static const char *const nothing[] = {
    "{\"retryDelay\":\"0s\"}",
    "{\"retryDelay\":\"\"}",
    "{\"retryDelay\":\"s\"}",
    "{\"retryDelay\":\"soon\"}",
    "{\"retryDelay\":\"-3s\"}",
    "{\"retryDelay\":-3}",
    "{\"retryDelay\":{\"s\":3}}",
    "{\"message\":\"\\\"retryDelay\\\":\\\"3s\\\"\"}",
    "{\"retryDelay\"",
    "{\"retryDelay\":",
  };
  for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
    if (!CHECK_INT(told_by(nothing[i]), 500)) printf("  %s\n", nothing[i]);
  struct llg_retry_case c = refusal(429, "retry-after: 7", NULL);
  c.body = "{\"retryDelay\":\"34s\"}"; /* the header goes before */
  c.body_len = strlen(c.body);
  CHECK_INT(llg_retry_delay_ms(&c), 7000);
}

static void the_network_is_tried_again_where_it_may_pass(void) {
  static const enum llg_status may[] = { LLG_CONNECTION, LLG_TIMEOUT, LLG_TLS,
                                         LLG_PROTOCOL, LLG_LIMIT };
  static const enum llg_status never[]
    = { LLG_OK, LLG_MORE, LLG_CANCELLED, LLG_DECODE, LLG_TRUNCATED, LLG_KEY, LLG_NOMEM };
  struct llg_retry_case c = { .max_retries = 2, .now = NOW };
  c.headers = with("retry-after: 50", "x-should-retry: true");
  for (size_t i = 0; i < sizeof may / sizeof *may; i++) {
    c.status = may[i];
    c.transient = true;
    CHECK_INT(llg_retry_delay_ms(&c), 500);
    c.transient = false;
    CHECK_INT(llg_retry_delay_ms(&c), NEVER);
  }
  c.transient = true;
  for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
    c.status = never[i];
    CHECK_INT(llg_retry_delay_ms(&c), NEVER);
  }
}

static void retries_are_counted(void) {
  struct llg_retry_case c = refusal(500, "retry-after: 1", NULL);
  for (c.retries_done = 0; c.retries_done < 3; c.retries_done++)
    CHECK_INT(llg_retry_delay_ms(&c), 1000);
  CHECK_INT(llg_retry_delay_ms(&c), NEVER);
  c.retries_done = c.max_retries = 0;
  CHECK_INT(llg_retry_delay_ms(&c), NEVER);
}

static void the_back_off_doubles_up_to_eight_seconds(void) {
  static const int want_ms[] = { 500, 1000, 2000, 4000, 8000, 8000, 8000 };
  struct llg_retry_case c = refusal(500, NULL, NULL);
  c.max_retries = 2000000000;
  for (c.retries_done = 0; c.retries_done < 7; c.retries_done++) {
    int want = want_ms[c.retries_done];
    c.random = 0;
    CHECK_INT(llg_retry_delay_ms(&c), want);
    c.random = 0.5;
    CHECK_INT(llg_retry_delay_ms(&c), want - (want + 7) / 8);
    c.random = 0.999999;
    CHECK(llg_retry_delay_ms(&c) >= want * 3 / 4);
    CHECK(llg_retry_delay_ms(&c) <= want * 3 / 4 + 1);
  }
  c.random = 0;
  c.retries_done = 1999999999;
  CHECK_INT(llg_retry_delay_ms(&c), 8000);
  c.retries_done = -5;
  CHECK_INT(llg_retry_delay_ms(&c), 500);
  c.random = (double)NAN;
  CHECK_INT(llg_retry_delay_ms(&c), 500);
  c.random = 100;
  CHECK_INT(llg_retry_delay_ms(&c), 375);
  c = refusal(500, "retry-after: 1", NULL); /* what the server says has no jitter */
  c.random = 0.5;
  CHECK_INT(llg_retry_delay_ms(&c), 1000);
}

static void nothing_is_allocated(void) {
  struct llg_retry_case c = refusal(429, "retry-after: 2", NULL);
  c.body = "{\"error\":{\"code\":\"rate_limit_exceeded\"}}";
  c.body_len = strlen(c.body);
  llg_test_fail_at(1);
  CHECK_INT(llg_retry_delay_ms(&c), 2000);
  CHECK_INT(llg_test_allocations(), 0);
  llg_test_fail_at(0);
}

int main(void) {
  RUN(seconds_are_obeyed_up_to_two_minutes);
  RUN(what_is_no_delay_means_back_off);
  RUN(milliseconds_come_first);
  RUN(dates_are_read_in_all_three_forms);
  RUN(bad_dates_mean_back_off);
  RUN(the_calendar_is_right);
  RUN(the_time_zone_does_not_matter);
  RUN(after_ms_reports_any_size);
  RUN(the_status_decides);
  RUN(the_server_may_overrule_the_status);
  RUN(an_empty_purse_is_not_asked_again);
  RUN(the_body_may_say_how_long);
  RUN(the_network_is_tried_again_where_it_may_pass);
  RUN(retries_are_counted);
  RUN(the_back_off_doubles_up_to_eight_seconds);
  RUN(nothing_is_allocated);
  llg_buffer_free(&headers);
  return TEST_END();
}
