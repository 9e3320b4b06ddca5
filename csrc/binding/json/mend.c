#include "mend.h"

#include <string.h>

#include "../../core/base/utf8.h"

struct pen {
  char *out; /* NULL: only measured */
  struct llg_mended done;
};

static void put(struct pen *pen, const char *bytes, size_t n) {
  if (pen->out != NULL && n > 0) memcpy(pen->out + pen->done.len, bytes, n);
  pen->done.len += n;
}

static int hex_digit(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

/* The code unit of a \uXXXX at s if it is half of a pair, else 0. */
static unsigned half(const char *s, size_t n) {
  unsigned unit = 0;
  if (n < 6 || s[0] != '\\' || s[1] != 'u') return 0;
  for (int i = 2; i < 6; i++) {
    int digit = hex_digit(s[i]);
    if (digit < 0) return 0;
    unit = unit << 4 | (unsigned)digit;
  }
  return unit >= 0xD800 && unit <= 0xDFFF ? unit : 0;
}

/* The escape at s, which n bytes follow; how many were read. */
static size_t put_escape(struct pen *pen, const char *s, size_t n, bool keep) {
  unsigned unit = half(s, n);
  if (unit == 0) {
    size_t length = n < 2 ? n : 2; /* what is escaped may be a backslash */
    put(pen, s, length);
    return length;
  }
  if (unit < 0xDC00 && half(s + 6, n - 6) >= 0xDC00) {
    put(pen, s, 12);
    return 12;
  }
  char broken[3] = { (char)0xED, (char)(0x80 | (unit >> 6 & 0x3F)),
                     (char)(0x80 | (unit & 0x3F)) };
  put(pen, keep ? broken : "\xEF\xBF\xBD", 3);
  pen->done.changed = true;
  if (keep) pen->done.kept = true;
  return 6;
}

/* The rest of a string, behind its opening quote, with the closing one. Returns the bytes read. */
static size_t put_string(struct pen *pen, const char *s, size_t n, bool keep) {
  size_t i = 0;
  while (i < n) {
    size_t plain = i;
    while (i < n && s[i] != '"' && s[i] != '\\')
      i++;
    size_t len = i - plain;
    bool good = llg_utf8_check(s + plain, len) == len;
    if (good || keep) {
      put(pen, s + plain, len);
      if (!good) pen->done.kept = true;
    } else {
      char *out = pen->out == NULL ? NULL : pen->out + pen->done.len;
      pen->done.len += llg_utf8_repair(out, s + plain, len);
      pen->done.changed = true;
    }
    if (i == n) break;
    if (s[i] == '"') {
      put(pen, s + i, 1);
      return i + 1;
    }
    i += put_escape(pen, s + i, n - i, keep);
  }
  return i;
}

/* Whether a colon follows. */
static bool is_key(const char *s, size_t n) {
  size_t i = 0;
  while (i < n && (s[i] == ' ' || s[i] == '\t' || s[i] == '\n' || s[i] == '\r'))
    i++;
  return i < n && s[i] == ':';
}

/* The length of a number that JSON does not have at s, n bytes before the end; else 0. */
static size_t no_number(const char *s, size_t n) {
  static const char *const names[] = { "infinity", "inf", "nan" };
  size_t sign = n > 0 && s[0] == '-';
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
    size_t i = 0, length = strlen(names[k]);
    if (n - sign < length) continue;
    while (i < length && (s[sign + i] | 0x20) == names[k][i])
      i++;
    size_t end = sign + i;
    bool ends = end == n || strchr(",]} \t\r\n", s[end]) != NULL;
    if (i == length && ends && (end == n || s[end] != '\0')) return end;
  }
  return 0;
}

struct llg_mended llg_json_mend(char *out, const char *text, size_t n, bool keep_broken) {
  struct pen pen = { .out = out };
  size_t i = 0, length;
  while (i < n) {
    if (text[i] == '"') {
      struct llg_mended before = pen.done;
      put(&pen, text + i++, 1);
      length = put_string(&pen, text + i, n - i, keep_broken);
      if (keep_broken && is_key(text + i + length, n - i - length)) {
        pen.done = before; /* a key keeps nothing broken */
        put(&pen, "\"", 1);
        put_string(&pen, text + i, n - i, false);
      }
      i += length;
    } else if ((length = no_number(text + i, n - i)) > 0) {
      put(&pen, "null", 4);
      pen.done.changed = true;
      i += length;
    } else {
      size_t from = i++;
      /* Numbers and words as they are: "2nan" holds no NaN. */
      while (i < n && strchr("[{:, \t\r\n\"", text[i - 1]) == NULL && text[i] != '"')
        i++;
      put(&pen, text + from, i - from);
    }
  }
  return pen.done;
}

bool llg_json_is_deeper(const char *text, size_t n, int max_depth) {
  int depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < n; i++) {
    if (in_string) {
      if (text[i] == '\\')
        i++;
      else
        in_string = text[i] != '"';
    } else if (text[i] == '"') {
      in_string = true;
    } else if (text[i] == '[' || text[i] == '{') {
      if (++depth > max_depth) return true;
    } else if (text[i] == ']' || text[i] == '}') {
      depth--;
    }
  }
  return false;
}
