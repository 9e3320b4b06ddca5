#include "string.h"

#include <stdint.h>
#include <string.h>

#include "../../core/base/utf8.h"

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Nonzero if one of eight bytes is not to be copied as it is: below 0x20, above 0x7f, a
** quote or a backslash. */
static uint64_t is_special(uint64_t word) {
  uint64_t quote = word ^ EACH('"'), backslash = word ^ EACH('\\');
  uint64_t below = word - EACH(0x20);
  return (word | below | (quote - EACH(1)) | (backslash - EACH(1))) & EACH(0x80);
}

/* The letter behind the backslash, 'u' for \u00XX, 0 for what needs no escape. */
static const char escapes[256] = {
  'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'b',         't',           'n', 'u',
  'f', 'r', 'u', 'u', 'u', 'u', 'u', 'u', 'u',         'u',           'u', 'u',
  'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', ['"'] = '"', ['\\'] = '\\',
};

/* Validate n bytes; *extra is how many more they are when escaped. Returns the offset of the
** first byte that is not UTF-8, or n. */
static size_t measure(const char *s, size_t n, size_t *extra) {
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
      if ((unsigned char)s[i] < 0x80) {
        char escape = escapes[(unsigned char)s[i++]];
        *extra += (size_t)(escape != 0) + 4 * (size_t)(escape == 'u');
      } else {
        size_t length = llg_utf8_length(s + i, n - i);
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
  *bad = measure(s, n, &extra);
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

enum llg_status llg_json_quote(struct llg_buffer *out, size_t from) {
  enum llg_status status = LLG_OK;
  size_t extra, n = out->len - from;
  measure(llg_buffer_bytes(out) + from, n, &extra);
  if (llg_buffer_reserve(out, extra + 2, &status) == NULL) return status;
  char *text = llg_buffer_bytes(out) + from, *to = text + n + extra + 2;
  *--to = '"';
  while (n-- > 0) { /* from behind: it overtakes nothing that is still to be read */
    char escape = escapes[(unsigned char)text[n]];
    size_t length = escape == 0 ? 1 : escape == 'u' ? 6 : 2;
    char c = text[n];
    to -= length;
    write_escaped(to, &c, 1);
  }
  *--to = '"';
  llg_buffer_commit(out, extra + 2);
  return LLG_OK;
}
