#include "utf8.h"

size_t llg_utf8_length(const char *text, size_t n) {
  const unsigned char *s = (const unsigned char *)text;
  unsigned char lead = n > 0 ? s[0] : 0, low = 0x80, high = 0xBF;
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

bool llg_utf8_is_valid(const char *s, size_t n) {
  for (size_t i = 0; i < n;) {
    size_t length = (unsigned char)s[i] < 0x80 ? 1 : llg_utf8_length(s + i, n - i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}
