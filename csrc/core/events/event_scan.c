#include "event_scan.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define LITTLE_ENDIAN_BUILTINS 1
#else
#define LITTLE_ENDIAN_BUILTINS 0
#endif

enum { MAX_NUMBER_BYTES = 24 };

struct text {
  const char *bytes; /* what is between the quotes, as it is written */
  size_t len;
  bool escaped; /* there is a backslash in it */
};

struct scan {
  const char *at;
  const char *end;
  long index;          /* of the choice */
  struct text content; /* bytes NULL: not seen */
};

/* Read one value; false: this one needs the full way. */
typedef bool read_value(struct scan *s);

struct field {
  const char *name;
  size_t len;
  read_value *read;
};

/* ---- the pieces of JSON ---- */

static void skip_blanks(struct scan *s) {
  while (s->at < s->end
         && (*s->at == ' ' || *s->at == '\n' || *s->at == '\r' || *s->at == '\t'))
    s->at++;
}

/* The next byte that is no white space, or NUL at the end. Servers write none. */
static inline char peek(struct scan *s) {
  if (s->at<s->end && * s->at> ' ') return *s->at;
  skip_blanks(s);
  return s->at < s->end ? *s->at : '\0';
}

static inline bool take(struct scan *s, char wanted) {
  if (peek(s) != wanted) return false;
  s->at++;
  return true;
}

static bool take_word(struct scan *s, const char *word, size_t n) {
  if ((size_t)(s->end - s->at) < n || memcmp(s->at, word, n) != 0) return false;
  s->at += n;
  return true;
}

/* Of eight bytes, the high bit of each that is a quote, a backslash or below 0x20. A
** borrow may mark a more significant byte in error, never one where there is none such at
** all. */
static uint64_t specials(const char *at) {
  const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
  uint64_t x;
  memcpy(&x, at, sizeof x);
  uint64_t quote = x ^ (ones * '"'), backslash = x ^ (ones * '\\');
  return (((x - ones * 0x20) & ~x) | ((quote - ones) & ~quote)
          | ((backslash - ones) & ~backslash))
         & highs;
}

/* The first byte from `at` on that does not stand for itself in a string, or `end`. */
static const char *skip_plain(const char *at, const char *end) {
  while (end - at >= 8) {
    uint64_t found = specials(at);
#if LITTLE_ENDIAN_BUILTINS
    if (found != 0) return at + __builtin_ctzll(found) / 8;
#else
    if (found != 0) break;
#endif
    at += 8;
  }
  while (at < end && *at != '"' && *at != '\\' && (unsigned char)*at >= 0x20)
    at++;
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

static bool read_string(struct scan *s, struct text *text) {
  if (!take(s, '"')) return false;
  const char *at = s->at;
  text->bytes = at;
  text->escaped = false;
  while ((at = skip_plain(at, s->end)) < s->end && *at == '\\') {
    uint32_t ignored;
    size_t n = read_escape(at, s->end, &ignored);
    if (n == 0) return false;
    text->escaped = true;
    at += n;
  }
  if (at == s->end || *at != '"') return false;
  text->len = (size_t)(at - text->bytes);
  s->at = at + 1;
  return true;
}

static bool is(const struct text *text, const char *bytes, size_t n) {
  return text->len == n && memcmp(text->bytes, bytes, n) == 0;
}

static bool read_digits(struct scan *s) {
  const char *from = s->at;
  while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
    s->at++;
  return s->at > from;
}

/* No exponent and no endless digits: what a double makes of them is not for this place to
** judge. */
static bool read_number(struct scan *s) {
  const char *start = s->at;
  if (*s->at == '-') s->at++;
  const char *from = s->at;
  if (!read_digits(s) || (*from == '0' && s->at - from > 1)) return false;
  if (s->at < s->end && *s->at == '.') {
    s->at++;
    if (!read_digits(s)) return false;
  }
  return s->at - start <= MAX_NUMBER_BYTES;
}

/* ---- the values ---- */

/* What is null is absent, here as on the full way. */
static bool read_null(struct scan *s) {
  return peek(s) == 'n' && take_word(s, "null", 4);
}

static bool read_scalar(struct scan *s) {
  struct text ignored;
  switch (peek(s)) {
  case '"': return read_string(s, &ignored);
  case 'n': return take_word(s, "null", 4);
  case 't': return take_word(s, "true", 4);
  case 'f': return take_word(s, "false", 5);
  case '\0': return false;
  default: return read_number(s);
  }
}

/* null, or this very string */
static bool read_exactly(struct scan *s, const char *bytes, size_t n) {
  struct text text;
  return read_null(s) || (read_string(s, &text) && is(&text, bytes, n));
}

static bool read_object_name(struct scan *s) {
  return read_exactly(s, "chat.completion.chunk", 21);
}

static bool read_role(struct scan *s) {
  return read_exactly(s, "assistant", 9);
}

static bool read_content(struct scan *s) {
  return read_string(s, &s->content);
}

static bool read_index(struct scan *s) {
  if (read_null(s)) return true;
  const char *from = s->at;
  if (!read_digits(s) || s->at - from > 9 || (*from == '0' && s->at - from > 1))
    return false;
  for (; from < s->at; from++)
    s->index = 10 * s->index + (*from - '0');
  return true;
}

/* ---- the objects ---- */

static const struct field *find(const struct field *fields, const struct text *key) {
  for (; fields->name != NULL; fields++)
    if (is(key, fields->name, fields->len)) return fields;
  return NULL;
}

/* A field that is not in the table may be there, if it is null. */
static bool read_object(struct scan *s, const struct field *fields) {
  unsigned seen = 0;
  if (!take(s, '{')) return false;
  if (take(s, '}')) return true;
  do {
    struct text key;
    if (!read_string(s, &key) || key.escaped || !take(s, ':')) return false;
    const struct field *field = find(fields, &key);
    if (field == NULL) {
      if (!read_null(s)) return false;
      continue;
    }
    unsigned bit = 1u << (field - fields);
    if ((seen & bit) != 0) return false;
    seen |= bit;
    if (!field->read(s)) return false;
  } while (take(s, ','));
  return take(s, '}');
}

#define FIELD(name, read) \
  { name, sizeof(name) - 1, read }

static bool read_delta(struct scan *s) {
  static const struct field fields[] = {
    FIELD("content", read_content),
    FIELD("role", read_role),
    { 0 },
  };
  return read_object(s, fields);
}

static bool read_choices(struct scan *s) {
  static const struct field fields[] = {
    FIELD("index", read_index),
    FIELD("delta", read_delta),
    { 0 },
  };
  return take(s, '[') && read_object(s, fields) && take(s, ']');
}

static bool read_event(struct scan *s) {
  static const struct field fields[] = {
    FIELD("id", read_scalar),           FIELD("object", read_object_name),
    FIELD("created", read_scalar),      FIELD("model", read_scalar),
    FIELD("choices", read_choices),     FIELD("system_fingerprint", read_scalar),
    FIELD("service_tier", read_scalar), FIELD("obfuscation", read_scalar),
    FIELD("provider", read_scalar),     { 0 },
  };
  return read_object(s, fields) && peek(s) == '\0' && s->at == s->end;
}

/* ---- the text ---- */

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
static char *unescape(const struct text *text, char *to) {
  const char *at = text->bytes, *end = at + text->len;
  while (at < end) {
    const char *plain_end = skip_plain(at, end);
    size_t n_plain = (size_t)(plain_end - at);
    memcpy(to, at, n_plain);
    to += n_plain;
    at = plain_end;
    if (at == end) break;
    uint32_t code_point = 0;
    at += read_escape(at, end, &code_point);
    to = put_utf8(to, code_point);
  }
  return to;
}

enum llg_status llg_event_scan(
  const char *event, size_t n, long choice, struct llg_buffer *scratch,
  struct llg_event_text *text) {
  struct scan s = { .at = event, .end = event + n };
  llg_buffer_clear(scratch);
  if (!read_event(&s) || s.content.bytes == NULL || s.index != choice) return LLG_MORE;
  text->bytes = s.content.bytes;
  text->len = s.content.len;
  if (!s.content.escaped) return LLG_OK;
  enum llg_status status = LLG_OK;
  char *to = llg_buffer_reserve(scratch, s.content.len, &status);
  if (to == NULL) return status;
  text->bytes = to;
  text->len = (size_t)(unescape(&s.content, to) - to);
  llg_buffer_commit(scratch, text->len);
  return LLG_OK;
}
