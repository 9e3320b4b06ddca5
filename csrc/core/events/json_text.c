#include "json_text.h"

#include <stdlib.h>
#include <string.h>

#include "../base/utf8.h"

#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define LITTLE_ENDIAN_BUILTINS 1
#else
#define LITTLE_ENDIAN_BUILTINS 0
#endif

enum {
  MAX_NUMBER_BYTES = 24,
  MAX_DIGITS = 15, /* any whole number of these is one in a double too */
};

static const uint64_t HIGHS = 0x8080808080808080u;

/* ---- strings ---- */

/* Of eight bytes, the high bit of each that is a quote, a backslash or below 0x20. A
** borrow may mark a more significant byte in error, never one where there is none such at
** all. */
static inline uint64_t specials(uint64_t x) {
  const uint64_t ones = 0x0101010101010101u;
  uint64_t quote = x ^ (ones * '"'), backslash = x ^ (ones * '\\');
  return (((x - ones * 0x20) & ~x) | ((quote - ones) & ~quote)
          | ((backslash - ones) & ~backslash))
         & HIGHS;
}

/* The first byte from `at` on that does not stand for itself in a string, or `end`. A high bit is
** set in *seen if one may have been in the bytes on the way. */
static inline const char *skip_plain(const char *at, const char *end, uint64_t *seen) {
  while (end - at >= 8) {
    uint64_t x, found;
    memcpy(&x, at, sizeof x);
    *seen |= x;
    found = specials(x);
#if LITTLE_ENDIAN_BUILTINS
    if (found != 0) return at + __builtin_ctzll(found) / 8;
#else
    if (found != 0) break;
#endif
    at += 8;
  }
  while (at < end && *at != '"' && *at != '\\' && (unsigned char)*at >= 0x20)
    *seen |= (unsigned char)*at++;
  return at;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/* The 16 bits of a \uXXXX, or -1. */
static long code_unit(const char *at, const char *end) {
  if (end - at < 6 || at[0] != '\\' || at[1] != 'u') return -1;
  long unit = 0;
  for (int i = 2; i < 6; i++) {
    int digit = hex_digit(at[i]);
    if (digit < 0) return -1;
    unit = unit << 4 | digit;
  }
  return unit;
}

/* The escape (or the pair of surrogates) that begins with the backslash at `at`: its
** bytes as written, or 0 for one that JSON does not have or that has lost its other
** half. */
static size_t read_escape(const char *at, const char *end, uint32_t *code_point) {
  static const char names[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
  if (end - at < 2) return 0;
  const char *name = at[1] == '\0' ? NULL : strchr(names, at[1]);
  if (name != NULL) {
    *code_point = (uint32_t)meanings[name - names];
    return 2;
  }
  long unit = code_unit(at, end);
  if (unit < 0) return 0;
  *code_point = (uint32_t)unit;
  if (unit < 0xD800 || unit > 0xDFFF) return 6;
  long low = code_unit(at + 6, end);
  if (unit > 0xDBFF || low < 0xDC00 || low > 0xDFFF) return 0;
  *code_point = 0x10000 + (((uint32_t)unit & 0x3FF) << 10 | ((uint32_t)low & 0x3FF));
  return 12;
}

const char *
llg_json_read_string(const char *at, const char *end, struct llg_json_string *string) {
  uint64_t seen = 0;
  string->bytes = at;
  string->escaped = false;
  while ((at = skip_plain(at, end, &seen)) < end && *at == '\\') {
    uint32_t ignored;
    size_t n = read_escape(at, end, &ignored);
    if (n == 0) return NULL;
    string->escaped = true;
    at += n;
  }
  if (at == end || *at != '"') return NULL;
  string->len = (size_t)(at - string->bytes);
  if ((seen & HIGHS) != 0 && !llg_utf8_is_valid(string->bytes, string->len)) return NULL;
  return at;
}

static char *put_utf8(char *to, uint32_t c) {
  if (c < 0x80) {
    *to++ = (char)c;
    return to;
  }
  if (c < 0x800) {
    *to++ = (char)(0xC0 | c >> 6);
  } else {
    if (c < 0x10000) {
      *to++ = (char)(0xE0 | c >> 12);
    } else {
      *to++ = (char)(0xF0 | c >> 18);
      *to++ = (char)(0x80 | (c >> 12 & 0x3F));
    }
    *to++ = (char)(0x80 | (c >> 6 & 0x3F));
  }
  *to++ = (char)(0x80 | (c & 0x3F));
  return to;
}

/* Every escape has been read before, and none is shorter than what it stands for. */
size_t llg_json_unescape(const struct llg_json_string *string, char *to) {
  const char *at = string->bytes, *end = at + string->len, *start = to;
  uint64_t ignored = 0;
  while (at < end) {
    const char *plain_end = skip_plain(at, end, &ignored);
    size_t n_plain = (size_t)(plain_end - at);
    if (to != at) memmove(to, at, n_plain);
    to += n_plain;
    at = plain_end;
    if (at == end) break;
    uint32_t code_point = 0;
    at += read_escape(at, end, &code_point);
    to = put_utf8(to, code_point);
  }
  return (size_t)(to - start);
}

/* ---- numbers ---- */

static const char *skip_digits(const char *at, const char *end) {
  while (at < end && *at >= '0' && *at <= '9')
    at++;
  return at;
}

const char *llg_json_read_number(const char *at, const char *end) {
  const char *start = at;
  if (at < end && *at == '-') at++;
  const char *digits = at;
  at = skip_digits(at, end);
  if (at == digits || (*digits == '0' && at - digits > 1)) return NULL;
  if (at < end && *at == '.') {
    const char *point = at + 1;
    at = skip_digits(point, end);
    if (at == point) return NULL;
  }
  if (at < end && (*at == 'e' || *at == 'E')) return NULL;
  return at - start <= MAX_NUMBER_BYTES ? at : NULL;
}

bool llg_json_number_of(const char *at, size_t n, struct llg_json_number *number) {
  const char *end = at + n, *digits = at + (*at == '-');
  const char *point = memchr(digits, '.', (size_t)(end - digits));
  const char *whole_end = point != NULL ? point : end;
  char copy[MAX_NUMBER_BYTES + 1], *stop;
  int64_t whole = 0;
  if (n > MAX_NUMBER_BYTES || whole_end - digits > MAX_DIGITS) return false;
  for (const char *d = digits; d < whole_end; d++)
    whole = 10 * whole + (*d - '0');
  number->is_whole = true;
  for (const char *d = whole_end + 1; d < end; d++)
    if (*d != '0') number->is_whole = false;
  if (number->is_whole) {
    number->whole = *at == '-' ? -whole : whole;
    return whole != 0 || *at != '-';
  }
  memcpy(copy, at, n);
  copy[n] = '\0';
  number->fraction = strtod(copy, &stop);
  return stop == copy + n;
}
