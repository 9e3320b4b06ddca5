#include "check.h"

#include <string.h>

#include "../../core/base/utf8.h"
#include "../../limits.h"

struct text {
  const char *s;
  size_t n;
  size_t at; /* where reading stops, if what is there is wrong */
};

static void skip_blanks(struct text *t) {
  while (
    t->at < t->n
    && (t->s[t->at] == ' ' || t->s[t->at] == '\t' || t->s[t->at] == '\n' || t->s[t->at] == '\r'))
    t->at++;
}

static bool take(struct text *t, char wanted) {
  if (t->at == t->n || t->s[t->at] != wanted) return false;
  t->at++;
  return true;
}

static bool take_word(struct text *t, const char *word) {
  while (*word != '\0')
    if (!take(t, *word++)) return false;
  return true;
}

static bool take_digits(struct text *t) {
  size_t from = t->at;
  while (t->at < t->n && t->s[t->at] >= '0' && t->s[t->at] <= '9')
    t->at++;
  return t->at > from;
}

static bool take_number(struct text *t) {
  take(t, '-');
  if (!take(t, '0') && !take_digits(t)) return false;
  if (take(t, '.') && !take_digits(t)) return false;
  if (!take(t, 'e') && !take(t, 'E')) return true;
  if (!take(t, '+')) take(t, '-');
  return take_digits(t);
}

/* What stands behind a backslash. */
static bool take_escape(struct text *t) {
  if (t->at == t->n || t->s[t->at] == '\0') return false;
  if (strchr("\"\\/bfnrt", t->s[t->at]) != NULL) {
    t->at++;
    return true;
  }
  if (!take(t, 'u')) return false;
  for (int i = 0; i < 4; i++) {
    if (t->at == t->n || t->s[t->at] == '\0') return false;
    if (strchr("0123456789abcdefABCDEF", t->s[t->at]) == NULL) return false;
    t->at++;
  }
  return true;
}

static bool take_string(struct text *t) {
  if (!take(t, '"')) return false;
  while (t->at < t->n) {
    unsigned char c = (unsigned char)t->s[t->at];
    if (c < ' ') return false;
    if (c >= 0x80) {
      size_t length = llg_utf8_length(t->s + t->at, t->n - t->at);
      if (length == 0) return false;
      t->at += length;
      continue;
    }
    t->at++;
    if (c == '"') return true;
    if (c == '\\' && !take_escape(t)) return false;
  }
  return false;
}

static bool take_scalar(struct text *t) {
  switch (t->at < t->n ? t->s[t->at] : '\0') {
  case '"': return take_string(t);
  case 't': return take_word(t, "true");
  case 'f': return take_word(t, "false");
  case 'n': return take_word(t, "null");
  default: return take_number(t);
  }
}

/* "name": and what surrounds it. */
static bool take_name(struct text *t) {
  skip_blanks(t);
  if (!take_string(t)) return false;
  skip_blanks(t);
  return take(t, ':');
}

static bool take_value(struct text *t) {
  char closers[LLG_MAX_JSON_DEPTH];
  int depth = 0;
  for (;;) {
    skip_blanks(t);
    char opener = t->at < t->n ? t->s[t->at] : '\0';
    bool opens = opener == '{' || opener == '[';
    if (opens) {
      if (depth == LLG_MAX_JSON_DEPTH) return false;
      closers[depth++] = opener == '{' ? '}' : ']';
      t->at++;
      skip_blanks(t);
      if (t->at == t->n || t->s[t->at] != closers[depth - 1]) {
        if (opener == '{' && !take_name(t)) return false;
        continue;
      }
    } else if (!take_scalar(t)) {
      return false;
    }
    for (skip_blanks(t); depth > 0 && take(t, closers[depth - 1]); skip_blanks(t))
      depth--;
    if (depth == 0) return true;
    if (!take(t, ',')) return false;
    if (closers[depth - 1] == '}' && !take_name(t)) return false;
  }
}

bool llg_json_check(const char *text, size_t n, size_t *bad) {
  struct text t = { text, n, 0 };
  bool ok = take_value(&t) && t.at == n;
  *bad = t.at;
  return ok;
}
