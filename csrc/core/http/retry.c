#include "retry.h"

#include <string.h>

#include "headers.h"
#include "retry_text.h"

enum { FIRST_WAIT_MS = 500, LAST_WAIT_MS = 8000 };

/* ---- what the server asks for ---- */

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* What is still to be read of a date. */
struct reader {
  const char *at;
  const char *end;
};

static bool take(struct reader *r, const char *text) {
  size_t n = strlen(text);
  if ((size_t)(r->end - r->at) < n || memcmp(r->at, text, n) != 0) return false;
  r->at += n;
  return true;
}

/* Exactly n digits. */
static bool take_number(struct reader *r, int n, int *value) {
  if (r->end - r->at < n) return false;
  *value = 0;
  for (; n > 0; n--, r->at++) {
    if (!is_digit(*r->at)) return false;
    *value = 10 * *value + (*r->at - '0');
  }
  return true;
}

static bool take_one_of(struct reader *r, const char *const *words, int n, int *index) {
  for (*index = 0; *index < n; ++*index)
    if (take(r, words[*index])) return true;
  return false;
}

struct date {
  int year, month, day; /* month 0 to 11 */
  int hour, minute, second;
};

static bool take_time(struct reader *r, struct date *d) {
  return take_number(r, 2, &d->hour) && take(r, ":") && take_number(r, 2, &d->minute)
         && take(r, ":") && take_number(r, 2, &d->second);
}

static bool take_month(struct reader *r, struct date *d) {
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
  return take_one_of(r, months, 12, &d->month);
}

/* Two digits mean the year at most 50 years ahead of now (RFC 9110, 5.6.7). */
static int full_year(int two_digits, time_t now) {
  const int64_t mean_year_seconds = 31556952;
  int latest = 1970 + (int)((int64_t)now / mean_year_seconds) + 50;
  int year = latest - latest % 100 + two_digits;
  return year > latest ? year - 100 : year;
}

/* "29 Sep 2023 16:26:37 GMT" and, of RFC 850, "29-Sep-23 16:26:37 GMT" */
static bool take_common(struct reader *r, struct date *d, bool rfc850, time_t now) {
  const char *between = rfc850 ? "-" : " ";
  if (
    !take_number(r, 2, &d->day) || !take(r, between) || !take_month(r, d)
    || !take(r, between) || !take_number(r, rfc850 ? 2 : 4, &d->year))
    return false;
  if (rfc850) d->year = full_year(d->year, now);
  return take(r, " ") && take_time(r, d) && take(r, " GMT");
}

/* "Sep 29 16:26:37 2023", the day with a blank for its first digit below ten */
static bool take_asctime(struct reader *r, struct date *d) {
  return take_month(r, d) && take(r, " ")
         && (take(r, " ") ? take_number(r, 1, &d->day) : take_number(r, 2, &d->day))
         && take(r, " ") && take_time(r, d) && take(r, " ")
         && take_number(r, 4, &d->year);
}

static bool is_leap(int year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Seconds since 1970 in UTC; false for a day or a time that does not exist. */
static bool to_seconds(const struct date *d, int64_t *seconds) {
  static const int before[]
    = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365 };
  int n_days = before[d->month + 1] - before[d->month];
  if (d->month == 1 && is_leap(d->year)) n_days++;
  if (d->day < 1 || d->day > n_days || d->year < 1970) return false;
  if (d->hour > 23 || d->minute > 59 || d->second > 60) return false;
  int past = d->year - 1;
  int64_t day = 365 * ((int64_t)d->year - 1970) + past / 4 - past / 100 + past / 400
                - 477;
  day += before[d->month] + d->day - 1 + (d->month > 1 && is_leap(d->year) ? 1 : 0);
  *seconds = ((day * 24 + d->hour) * 60 + d->minute) * 60 + d->second;
  return true;
}

/* The three forms of RFC 9110, 5.6.7. Neither strptime nor mktime: one reads the names of
** the locale, the other the time zone of the process. */
static bool read_date(const char *s, size_t n, time_t now, int64_t *seconds) {
  static const char *const long_names[] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
                                            "Thursday", "Friday", "Saturday" };
  static const char *const short_names[] = { "Sun", "Mon", "Tue", "Wed",
                                             "Thu", "Fri", "Sat" };
  struct reader r = { s, s + n };
  struct date d;
  int weekday;
  bool ok;
  if (take_one_of(&r, long_names, 7, &weekday))
    ok = take(&r, ", ") && take_common(&r, &d, true, now);
  else if (!take_one_of(&r, short_names, 7, &weekday))
    return false;
  else if (take(&r, ", "))
    ok = take_common(&r, &d, false, now);
  else
    ok = take(&r, " ") && take_asctime(&r, &d);
  return ok && r.at == r.end && to_seconds(&d, seconds);
}

int64_t llg_retry_after_ms(const struct llg_buffer *headers, time_t now) {
  if (headers == NULL) return -1;
  size_t n = 0;
  const char *value = llg_headers_get(headers, "retry-after-ms", &n);
  int64_t delay_ms = value == NULL ? -1 : llg_decimal_ms(value, n, 1);
  if (delay_ms > 0) return delay_ms;
  value = llg_headers_get(headers, "retry-after", &n);
  if (value == NULL) return -1;
  delay_ms = llg_decimal_ms(value, n, 1000);
  if (delay_ms > 0) return delay_ms;
  int64_t date = 0;
  if (!read_date(value, n, now, &date) || date <= (int64_t)now) return -1;
  return (date - (int64_t)now) * 1000;
}

/* ---- the decision ---- */

static int64_t backoff_ms(int retries_done, double random) {
  int64_t wait_ms = FIRST_WAIT_MS;
  for (int i = 0; i < retries_done && wait_ms < LAST_WAIT_MS; i++)
    wait_ms *= 2;
  if (!(random >= 0)) random = 0;
  if (random > 1) random = 1;
  return (int64_t)((double)wait_ms * (1 - 0.25 * random));
}

static bool asks_for_retry(const struct llg_retry_case *c) {
  size_t n = 0;
  const char *wish = c->headers == NULL
                       ? NULL
                       : llg_headers_get(c->headers, "x-should-retry", &n);
  if (wish != NULL && n == 4 && memcmp(wish, "true", 4) == 0) return true;
  if (wish != NULL && n == 5 && memcmp(wish, "false", 5) == 0) return false;
  int status = c->http_status;
  return status == 408 || status == 409 || status == 429 || status >= 500;
}

static int64_t after_refusal_ms(const struct llg_retry_case *c) {
  if (c->http_status < 300) return -1;
  int64_t asked_ms = llg_retry_after_ms(c->headers, c->now);
  struct llg_retry_told told = llg_retry_text(c->body, c->body_len);
  if (asked_ms < 0) asked_ms = told.delay_ms;
  if (asked_ms > LLG_MAX_RETRY_AFTER_MS) return -1;
  if (told.out_of_quota) return -1;
  if (!asks_for_retry(c)) return -1;
  return asked_ms > 0 ? asked_ms : backoff_ms(c->retries_done, c->random);
}

int64_t llg_retry_told_ms(
  const struct llg_buffer *headers, const char *body, size_t n, time_t now) {
  int64_t ms = llg_retry_after_ms(headers, now);
  return ms >= 0 ? ms : llg_retry_text(body, n).delay_ms;
}

int64_t llg_retry_delay_ms(const struct llg_retry_case *c) {
  if (c->retries_done >= c->max_retries) return -1;
  switch (c->status) {
  case LLG_API: return after_refusal_ms(c);
  case LLG_CONNECTION:
  case LLG_TIMEOUT:
  case LLG_TLS:
  case LLG_LIMIT: /* no descriptor was left */
  case LLG_PROTOCOL: return c->transient ? backoff_ms(c->retries_done, c->random) : -1;
  default: return -1;
  }
}
