#include "event_scan.h"

#include <string.h>

enum { MAX_DEPTH = 8 };

struct scan {
  const char *at;
  const char *end;
  long index;                     /* of the choice */
  struct llg_json_string content; /* bytes NULL: not seen */
  bool has_counts;
  int depth;
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

static bool read_string(struct scan *s, struct llg_json_string *string) {
  if (!take(s, '"')) return false;
  const char *quote = llg_json_read_string(s->at, s->end, string);
  if (quote == NULL) return false;
  s->at = quote + 1;
  return true;
}

static bool is(const struct llg_json_string *string, const char *bytes, size_t n) {
  return string->len == n && memcmp(string->bytes, bytes, n) == 0;
}

static bool read_digits(struct scan *s) {
  const char *from = s->at;
  while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
    s->at++;
  return s->at > from;
}

static bool read_number(struct scan *s) {
  const char *behind = llg_json_read_number(s->at, s->end);
  if (behind == NULL) return false;
  s->at = behind;
  return true;
}

/* ---- the values ---- */

/* What is null is absent, here as on the full way. */
static bool read_null(struct scan *s) {
  return peek(s) == 'n' && take_word(s, "null", 4);
}

static bool read_scalar(struct scan *s) {
  struct llg_json_string ignored;
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
  struct llg_json_string text;
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

static bool read_anything(struct scan *s);

/* Behind the opening bracket. */
static bool read_inside(struct scan *s, char close) {
  if (take(s, close)) return true;
  do {
    struct llg_json_string key;
    if (close == '}') {
      if (!read_string(s, &key) || key.escaped || !take(s, ':')) return false;
    }
    if (!read_anything(s)) return false;
  } while (take(s, ','));
  return take(s, close);
}

static bool read_anything(struct scan *s) {
  char first = peek(s);
  if (first != '{' && first != '[') return read_scalar(s);
  if (++s->depth > MAX_DEPTH) return false;
  s->at++;
  bool ok = read_inside(s, first == '{' ? '}' : ']');
  s->depth--;
  return ok;
}

/* An object of counts: who wants them takes the event the full way. */
static bool read_counts(struct scan *s) {
  if (read_null(s)) return true;
  s->has_counts = true;
  return peek(s) == '{' && read_anything(s);
}

/* ---- the objects ---- */

static const struct field *
find(const struct field *fields, const struct llg_json_string *key) {
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
    struct llg_json_string key;
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
    FIELD("provider", read_scalar),     FIELD("usage", read_counts),
    FIELD("timings", read_counts),      { 0 },
  };
  return read_object(s, fields) && peek(s) == '\0' && s->at == s->end;
}

bool llg_event_scan(const char *event, size_t n, struct llg_event_text *text) {
  struct scan s = { .at = event, .end = event + n };
  if (!read_event(&s) || s.content.bytes == NULL) return false;
  text->string = s.content;
  text->choice = s.index;
  text->has_counts = s.has_counts;
  return true;
}
