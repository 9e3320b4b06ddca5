#include "string.h"

#include <stdint.h>
#include <string.h>

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Nonzero if one of eight bytes is not to be copied as it is: below 0x20, above 0x7f, a
** quote or a backslash. */
static uint64_t is_special(uint64_t word) {
  uint64_t quote = word ^ EACH('"'), backslash = word ^ EACH('\\');
  uint64_t below = word - EACH(0x20);
  return (word | below | (quote - EACH(1)) | (backslash - EACH(1))) & EACH(0x80);
}

/* The length of the character at s if it is valid UTF-8 of 2 to 4 bytes, else 0. */
static size_t multibyte(const unsigned char *s, size_t n) {
  unsigned char lead = s[0], low = 0x80, high = 0xBF;
  size_t length = lead < 0xC2   ? 0
                  : lead < 0xE0 ? 2
                  : lead < 0xF0 ? 3
                  : lead < 0xF5 ? 4
                                : 0;
  if (length == 0 || length > n) return 0;
  if (lead == 0xE0) low = 0xA0;  /* below: overlong */
  if (lead == 0xED) high = 0x9F; /* above: a surrogate */
  if (lead == 0xF0) low = 0x90;  /* below: overlong */
  if (lead == 0xF4) high = 0x8F; /* above: beyond U+10FFFF */
  if (s[1] < low || s[1] > high) return 0;
  for (size_t i = 2; i < length; i++)
    if ((s[i] & 0xC0) != 0x80) return 0;
  return length;
}

/* The letter behind the backslash, 'u' for \u00XX, 0 for what needs no escape. */
static const char escapes[256] = {
  'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'b',         't',           'n', 'u',
  'f', 'r', 'u', 'u', 'u', 'u', 'u', 'u', 'u',         'u',           'u', 'u',
  'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', ['"'] = '"', ['\\'] = '\\',
};

/* Validate n bytes; *extra is how many more they are when escaped. Returns the offset of the
** first byte that is not UTF-8, or n. */
static size_t measure(const unsigned char *s, size_t n, size_t *extra) {
  size_t i = 0;
  *extra = 0;
  for (;;) {
    uint64_t word = 0;
    for (; n - i >= sizeof word; i += sizeof word) {
      memcpy(&word, s + i, sizeof word);
      if (is_special(word)) break;
    }
    if (i == n) return n;
    size_t stop = n - i < sizeof word ? n : i + sizeof word;
    while (i < stop) {
      if (s[i] < 0x80) {
        char escape = escapes[s[i++]];
        *extra += (size_t)(escape != 0) + 4 * (size_t)(escape == 'u');
      } else {
        size_t length = multibyte(s + i, n - i);
        if (length == 0) return i;
        i += length;
      }
    }
  }
}

static void write_escaped(char *out, const char *s, size_t n) {
  static const char hex[] = "0123456789abcdef";
  for (size_t i = 0; i < n; i++) {
    unsigned char c = (unsigned char)s[i];
    char escape = escapes[c];
    if (escape == 0) {
      *out++ = s[i];
      continue;
    }
    *out++ = '\\';
    *out++ = escape;
    if (escape != 'u') continue;
    memcpy(out, "00", 2);
    out[2] = hex[c >> 4];
    out[3] = hex[c & 15];
    out += 4;
  }
}

enum llg_status
llg_json_string(struct llg_buffer *out, const char *s, size_t n, size_t *bad) {
  enum llg_status status = LLG_OK;
  size_t extra;
  *bad = measure((const unsigned char *)s, n, &extra);
  if (*bad < n) return LLG_DECODE;
  size_t room = n + extra + 2;
  if (room < n) return LLG_LIMIT;
  char *at = llg_buffer_reserve(out, room, &status);
  if (at == NULL) return status;
  *at = '"';
  if (extra == 0)
    memcpy(at + 1, s, n);
  else
    write_escaped(at + 1, s, n);
  at[room - 1] = '"';
  llg_buffer_commit(out, room);
  return LLG_OK;
}
