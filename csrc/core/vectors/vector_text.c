#include "vector_text.h"

#include <stdint.h>

enum {
  MOST_DIGITS = 19, /* any such number fits 64 bits */
  MOST_POWER = 22,  /* 10^22 is the last power of ten that a double holds exactly */
  MOST_EXPONENT_DIGITS = 4,
  CHUNK = 256, /* floats for which room is made at a time */
};

/* A number as it is written. */
struct decimal {
  uint64_t digits; /* all of them in a row */
  int n_digits;    /* without leading zeros */
  long power;      /* of ten, by which `digits` is to be multiplied */
  int is_negative;
};

static int is_digit(char c) {
  return c >= '0' && c <= '9';
}

static const char *skip_space(const char *at, const char *end) {
  while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
    at++;
  return at;
}

/* More digits than fit wrap around: n_digits tells. */
static const char *read_digits(const char *at, const char *end, struct decimal *d) {
  uint64_t digits = d->digits;
  int n_digits = d->n_digits;
  for (; at < end && is_digit(*at); at++) {
    digits = digits * 10 + (uint64_t)(*at - '0');
    n_digits += n_digits != 0 || digits != 0;
  }
  d->digits = digits;
  d->n_digits = n_digits;
  return at;
}

static const char *read_exponent(const char *at, const char *end, struct decimal *d) {
  long power = 0;
  int is_negative = at < end && *at == '-';
  if (at < end && (*at == '-' || *at == '+')) at++;
  const char *first = at;
  for (; at < end && is_digit(*at); at++) {
    if (at - first == MOST_EXPONENT_DIGITS) return NULL;
    power = power * 10 + (*at - '0');
  }
  if (at == first) return NULL;
  d->power += is_negative ? -power : power;
  return at;
}

/* A number by JSON's grammar. Returns what is behind it, or NULL. */
static const char *read_decimal(const char *at, const char *end, struct decimal *d) {
  *d = (struct decimal){ 0 };
  if (at < end && *at == '-') {
    d->is_negative = 1;
    at++;
  }
  const char *first = at;
  at = read_digits(at, end, d);
  if (at == first || (*first == '0' && at - first > 1)) return NULL;
  if (at < end && *at == '.') {
    first = ++at;
    at = read_digits(at, end, d);
    if (at == first) return NULL;
    d->power = first - at;
  }
  if (at < end && (*at == 'e' || *at == 'E')) at = read_exponent(at + 1, end, d);
  return at;
}

/* Times 10^power, which is at most twice MOST_POWER away from 0: one rounding or two. */
static double scaled(double x, long power) {
  static const double powers[] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  };
  if (power < -MOST_POWER) return x / powers[MOST_POWER] / powers[-power - MOST_POWER];
  if (power > MOST_POWER) return x * powers[MOST_POWER] * powers[power - MOST_POWER];
  return power < 0 ? x / powers[-power] : x * powers[power];
}

/* The digits are rounded, and then the products: wrong by less than 2^-51 of the value.
** Where that decides between two floats, somebody more exact must: 0 is returned. */
static int to_float(const struct decimal *d, float *out) {
  static const double ERROR = 1.0 / ((int64_t)1 << 51), MOST = 3.4e38;
  if (d->n_digits > MOST_DIGITS) return 0;
  long power = d->digits == 0 ? 0 : d->power;
  if (power > 2 * MOST_POWER || power < -2 * MOST_POWER) return 0;
  double x = scaled((double)d->digits, power);
  if (x > MOST) return 0;
  float low = (float)(x * (1 - ERROR)), high = (float)(x * (1 + ERROR));
  if (low != high) return 0;
  *out = d->is_negative ? -high : high;
  return 1;
}

/* Up to CHUNK numbers, each with what stands behind it. Returns how many, and *at behind
** the ']' with *is_end, or -1. */
static int read_chunk(const char **at, const char *end, float *out, int *is_end) {
  const char *c = *at;
  int n = 0;
  while (n < CHUNK && !*is_end) {
    struct decimal d;
    c = read_decimal(skip_space(c, end), end, &d);
    if (c == NULL || !to_float(&d, &out[n++])) return -1;
    c = skip_space(c, end);
    if (c == end || (*c != ',' && *c != ']')) return -1;
    *is_end = *c++ == ']';
  }
  *at = c;
  return n;
}

enum llg_status
llg_vector_from_text(const char *text, size_t n, struct llg_buffer *out, size_t *n_text) {
  const char *at = text, *end = text + n;
  if (n == 0 || *at++ != '[') return LLG_DECODE;
  const char *first = skip_space(at, end);
  int is_end = first < end && *first == ']';
  if (is_end) at = first + 1;
  while (!is_end) {
    enum llg_status status = LLG_OK;
    char *room = llg_buffer_reserve(out, CHUNK * sizeof(float), &status);
    if (room == NULL) return status;
    int n_read = read_chunk(&at, end, (float *)(void *)room, &is_end);
    if (n_read < 0) return LLG_DECODE;
    llg_buffer_commit(out, (size_t)n_read * sizeof(float));
  }
  *n_text = (size_t)(at - text);
  return LLG_OK;
}
