#include "unicode.h"

#define S LLG_SPACE
#define N LLG_NEWLINE
#define O LLG_OTHER
#define D LLG_NUMBER
#define U LLG_UPPER
#define L LLG_LOWER

/* clang-format off */
const unsigned char llg_ascii_class[128] = {
  O, O, O, O, O, O, O, O, O, S, N, S, S, N, O, O,
  O, O, O, O, O, O, O, O, O, O, O, O, O, O, O, O,
  S, O, O, O, O, O, O, O, O, O, O, O, O, O, O, O,
  D, D, D, D, D, D, D, D, D, D, O, O, O, O, O, O,
  O, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U,
  U, U, U, U, U, U, U, U, U, U, U, O, O, O, O, O,
  O, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
  L, L, L, L, L, L, L, L, L, L, L, O, O, O, O, O,
};
/* clang-format on */

static unsigned class_of(uint32_t code) {
  uint32_t page = llg_unicode_page[code / LLG_PAGE_CODES];
  uint32_t two
    = llg_unicode_block[page * (LLG_PAGE_CODES / 2) + code % LLG_PAGE_CODES / 2];
  return 1u << (two >> 4 * (code & 1) & 15);
}

static int is_tail(const unsigned char *s, size_t n, size_t i) {
  return i < n && (s[i] & 0xC0) == 0x80;
}

static unsigned broken(size_t length, size_t *n_bytes) {
  *n_bytes = length;
  return LLG_OTHER;
}

/* What the second byte may be after some first ones: no overlong forms, no surrogates,
** nothing above U+10FFFF. */
static int second_fits(unsigned char first, unsigned char second) {
  switch (first) {
  case 0xE0: return second >= 0xA0;
  case 0xED: return second < 0xA0;
  case 0xF0: return second >= 0x90;
  case 0xF4: return second < 0x90;
  default: return 1;
  }
}

unsigned llg_wide_class(const unsigned char *s, size_t n, size_t *n_bytes) {
  unsigned char first = s[0];
  if (first < 0xC2 || first > 0xF4) return broken(1, n_bytes);
  if (!is_tail(s, n, 1) || !second_fits(first, s[1])) return broken(1, n_bytes);
  if (first < 0xE0) {
    *n_bytes = 2;
    return class_of((first & 0x1Fu) << 6 | (s[1] & 0x3F));
  }
  if (!is_tail(s, n, 2)) return broken(2, n_bytes);
  if (first < 0xF0) {
    *n_bytes = 3;
    return class_of((first & 0x0Fu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3F));
  }
  if (!is_tail(s, n, 3)) return broken(3, n_bytes);
  *n_bytes = 4;
  return class_of(
    (first & 7u) << 18 | (s[1] & 0x3Fu) << 12 | (s[2] & 0x3Fu) << 6 | (s[3] & 0x3F));
}

size_t llg_char_floor(const unsigned char *s, size_t n, size_t at) {
  if (at >= n) return n;
  for (size_t back = 1; back <= 3 && back <= at; back++) {
    unsigned char byte = s[at - back];
    if ((byte & 0xC0) == 0x80) continue;
    if (byte < 0xC2) break;
    size_t length;
    llg_wide_class(s + at - back, n - (at - back), &length);
    if (length > back) return at - back;
    break;
  }
  return at;
}
