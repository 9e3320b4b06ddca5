#include "json_string.h"

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

/* How many bytes at s go out as they are. */
static size_t plain_run(const unsigned char *s, size_t n) {
  size_t i = 0;
  while (i < n) {
    uint64_t word;
    while (n - i >= sizeof word) {
      memcpy(&word, s + i, sizeof word);
      if (is_special(word)) break;
      i += sizeof word;
    }
    if (i == n) break;
    if (s[i] < 0x80) {
      if (s[i] < 0x20 || s[i] == '"' || s[i] == '\\') break;
      i++;
    } else {
      size_t length = multibyte(s + i, n - i);
      if (length == 0) break;
      i += length;
    }
  }
  return i;
}

static enum llg_status append_escape(struct llg_buffer *out, unsigned char c) {
  static const char hex[] = "0123456789abcdef";
  static const char named[] = "\"\"\\\\\bb\ff\nn\rr\tt"; /* pairs: byte, letter */
  char escape[6] = { '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] };
  for (size_t i = 0; i + 1 < sizeof named; i += 2) {
    if (c != (unsigned char)named[i]) continue;
    escape[1] = named[i + 1];
    return llg_buffer_append(out, escape, 2);
  }
  return llg_buffer_append(out, escape, sizeof escape);
}

enum llg_status
llg_json_string(struct llg_buffer *out, const char *s, size_t n, size_t *bad) {
  const unsigned char *bytes = (const unsigned char *)s;
  enum llg_status status = llg_buffer_append(out, "\"", 1);
  for (size_t i = 0; status == LLG_OK && i < n;) {
    size_t run = plain_run(bytes + i, n - i);
    status = llg_buffer_append(out, s + i, run);
    i += run;
    if (status != LLG_OK || i == n) break;
    if (bytes[i] >= 0x80) {
      *bad = i;
      return LLG_DECODE;
    }
    status = append_escape(out, bytes[i++]);
  }
  return status == LLG_OK ? llg_buffer_append(out, "\"", 1) : status;
}
