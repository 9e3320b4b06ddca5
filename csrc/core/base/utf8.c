#include "utf8.h"

#include <stdint.h>
#include <string.h>

#define HIGH_BITS UINT64_C(0x8080808080808080)

/* How many of the n bytes at s stand as they should in a character of 2 to 4 bytes: all of it, or
** its beginning (*whole tells). 0: no character begins like that. */
static size_t measure(const char *text, size_t n, bool *whole) {
  const unsigned char *s = (const unsigned char *)text;
  unsigned char lead = n > 0 ? s[0] : 0, low = 0x80, high = 0xBF;
  size_t length = lead < 0xC2   ? 0
                  : lead < 0xE0 ? 2
                  : lead < 0xF0 ? 3
                  : lead < 0xF5 ? 4
                                : 0;
  *whole = false;
  if (length == 0) return 0;
  if (lead == 0xE0) low = 0xA0;  /* below: overlong */
  if (lead == 0xED) high = 0x9F; /* above: a surrogate */
  if (lead == 0xF0) low = 0x90;  /* below: overlong */
  if (lead == 0xF4) high = 0x8F; /* above: beyond U+10FFFF */
  if (n == 1 || s[1] < low || s[1] > high) return 1;
  size_t i = 2;
  while (i < length && i < n && (s[i] & 0xC0) == 0x80)
    i++;
  *whole = i == length;
  return i;
}

size_t llg_utf8_length(const char *s, size_t n) {
  bool whole;
  size_t length = measure(s, n, &whole);
  return whole ? length : 0;
}

static int goes_on(char c) {
  return (c & 0xC0) == 0x80;
}

/* llg_utf8_length, where most characters of two and three bytes are known at a glance. */
static inline size_t quick_length(const char *s, size_t n) {
  unsigned char lead = (unsigned char)s[0];
  if (n > 2 && goes_on(s[1])) {
    if (lead >= 0xC2 && lead < 0xE0) return 2;
    if (lead > 0xE0 && lead < 0xF0 && lead != 0xED && goes_on(s[2])) return 3;
  }
  return llg_utf8_length(s, n);
}

size_t llg_utf8_check(const char *s, size_t n) {
  size_t i = 0;
  for (;;) {
    uint64_t word;
    for (; n - i >= sizeof word; i += sizeof word) {
      memcpy(&word, s + i, sizeof word);
      if ((word & HIGH_BITS) != 0) break;
    }
    if (i == n) return n;
    size_t stop = n - i < 4 * sizeof word ? n : i + 4 * sizeof word;
    while (i < stop) {
      if ((unsigned char)s[i] < 0x80) {
        i++;
        continue;
      }
      size_t length = quick_length(s + i, n - i);
      if (length == 0) return i;
      i += length;
    }
  }
}

bool llg_utf8_is_valid(const char *s, size_t n) {
  return llg_utf8_check(s, n) == n;
}

int llg_utf8_half(const char *s, size_t n) {
  if (n < 3 || (unsigned char)s[0] != 0xED || (s[2] & 0xC0) != 0x80) return 0;
  unsigned char second = (unsigned char)s[1];
  return second < 0xA0 || second > 0xBF ? 0 : second < 0xB0 ? 'h' : 'l';
}

/* Of the three bytes of half a pair, the ten bits that count. */
static uint32_t bits_of(const char *s) {
  return ((uint32_t)s[1] & 0xF) << 6 | ((uint32_t)s[2] & 0x3F);
}

/* What stands at s and is no UTF-8 -> its substitute. Returns the bytes that are read. */
static size_t substitute(const char *s, size_t n, char *out, size_t *written) {
  bool whole;
  int half = llg_utf8_half(s, n);
  if (half == 'h' && llg_utf8_half(s + 3, n - 3) == 'l') {
    uint32_t c = 0x10000 + (bits_of(s) << 10 | bits_of(s + 3));
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    *written = 4;
    return 6;
  }
  memcpy(out, "\xEF\xBF\xBD", 3);
  *written = 3;
  size_t length = measure(s, n, &whole);
  return half != 0 ? 3 : length > 0 ? length : 1;
}

size_t llg_utf8_repair(char *out, const char *s, size_t n) {
  size_t i = 0, o = 0, written;
  char other[4];
  while (i < n) {
    size_t good = llg_utf8_check(s + i, n - i);
    if (out != NULL && good > 0) memcpy(out + o, s + i, good);
    i += good;
    o += good;
    if (i == n) break;
    i += substitute(s + i, n - i, other, &written);
    if (out != NULL) memcpy(out + o, other, written);
    o += written;
  }
  return o;
}

/* How many bytes at the end are the beginning of a character, or of half a pair. */
static size_t begun(const char *s, size_t n) {
  for (size_t i = 1; i <= 3 && i <= n; i++) {
    const char *at = s + n - i;
    bool whole;
    if (goes_on(*at)) continue; /* not the first byte of one */
    if (i == 2 && llg_utf8_half((const char[]){ at[0], at[1], '\x80' }, 3) != 0) return 2;
    return measure(at, i, &whole) == i && !whole ? i : 0;
  }
  return 0;
}

size_t llg_utf8_unfinished(const char *s, size_t n) {
  if (n >= 3 && llg_utf8_half(s + n - 3, 3) == 'h') return 3;
  size_t tail = begun(s, n);
  bool may_be_half = tail > 0 && tail < 3 && (unsigned char)s[n - tail] == 0xED;
  bool behind_half = n >= tail + 3 && llg_utf8_half(s + n - tail - 3, 3) == 'h';
  return may_be_half && behind_half ? tail + 3 : tail;
}
