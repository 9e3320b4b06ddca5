#include "retry_text.h"

#include <string.h>

enum { MAX_DEPTH = 30 }; /* deeper, no error begins */

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

int64_t llg_decimal_ms(const char *s, size_t n, int64_t unit_ms) {
  const int64_t most = INT64_MAX / 10 / unit_ms - 10;
  int64_t whole = 0, fraction_ms = 0, place = unit_ms;
  size_t i = 0, n_digits = 0;
  bool rest = false;
  for (; i < n && is_digit(s[i]); i++, n_digits++)
    whole = whole > most ? most + 1 : 10 * whole + (s[i] - '0');
  if (i < n && s[i] == '.') i++;
  for (; i < n && is_digit(s[i]); i++, n_digits++) {
    place /= 10;
    fraction_ms += place * (s[i] - '0');
    if (place == 0 && s[i] != '0') rest = true;
  }
  if (n_digits == 0 || i < n) return -1;
  return whole > most ? INT64_MAX : whole * unit_ms + fraction_ms + (rest ? 1 : 0);
}

struct token {
  const char *text;
  size_t len;
};

static bool is(struct token t, const char *text) {
  return t.len == strlen(text) && memcmp(t.text, text, t.len) == 0;
}

static bool is_one_of(struct token t, const char *const *words) {
  for (; *words != NULL; words++)
    if (is(t, *words)) return true;
  return false;
}

/* The string that begins behind the quote at `at`; as it is written, escapes included. */
static struct token read_string(const char *at, const char *end) {
  struct token t = { at, 0 };
  while (at < end && *at != '"')
    at += *at == '\\' && end - at > 1 ? 2 : 1;
  t.len = (size_t)(at - t.text);
  return t;
}

static struct token read_number(const char *at, const char *end) {
  struct token t = { at, 0 };
  while (at < end && (is_digit(*at) || *at == '.'))
    at++;
  t.len = (size_t)(at - t.text);
  return t;
}

/* Where the walk stands. A container is of the error if it is the body itself, in a list of
** such, or `error`, `errors` or `detail` of one. */
struct walk {
  int depth;
  uint32_t errors;  /* bit d: the container at depth d is of the error */
  uint32_t objects; /* bit d: and it is an object */
  struct token key;
  bool is_value; /* behind a colon */
  struct llg_retry_told told;
};

static bool here(const struct walk *w, uint32_t bits) {
  return w->depth > 0 && w->depth < MAX_DEPTH && (bits >> w->depth & 1) != 0;
}

static void open_container(struct walk *w, char c) {
  static const char *const names[] = { "error", "errors", "detail", NULL };
  bool inside = w->depth == 0 || (here(w, w->errors) && !here(w, w->objects))
                || (here(w, w->errors) && w->is_value && is_one_of(w->key, names));
  w->depth++;
  if (w->depth > 0 && w->depth < MAX_DEPTH) {
    uint32_t bit = UINT32_C(1) << w->depth;
    w->errors = inside ? w->errors | bit : w->errors & ~bit;
    w->objects = c == '{' ? w->objects | bit : w->objects & ~bit;
  }
  w->is_value = false;
}

static void take_delay(struct walk *w, struct token value) {
  static const char *const names[] = { "retryDelay", "retry_delay", "retry_after", NULL };
  if (!is_one_of(w->key, names) || w->told.delay_ms >= 0) return;
  if (value.len > 0 && value.text[value.len - 1] == 's') value.len--;
  int64_t ms = llg_decimal_ms(value.text, value.len, 1000);
  if (ms > 0) w->told.delay_ms = ms;
}

static void take_string(struct walk *w, struct token value) {
  static const char *const names[] = { "code", "type", "error", NULL };
  static const char *const empty[] = { "insufficient_quota",
                                       "insufficient_user_quota",
                                       "insufficient_balance",
                                       "exceeded_current_quota_error",
                                       "billing_hard_limit_reached",
                                       "billing_not_active",
                                       NULL };
  bool counts = here(w, w->errors) && here(w, w->objects);
  if (counts && is_one_of(w->key, names) && is_one_of(value, empty))
    w->told.out_of_quota = true;
  take_delay(w, value);
}

struct llg_retry_told llg_retry_text(const char *text, size_t n) {
  struct walk w = { .told = { .delay_ms = -1 } };
  const char *end = text == NULL ? NULL : text + n;
  w.key = (struct token){ text, 0 };
  for (const char *at = text; at < end; at++) {
    if (*at == '"') {
      struct token t = read_string(at + 1, end);
      if (w.is_value)
        take_string(&w, t);
      else
        w.key = t;
      at += t.len + 1;
      if (at == end) break;
    } else if (*at == '{' || *at == '[') {
      open_container(&w, *at);
    } else if (*at == '}' || *at == ']') {
      w.depth--;
      w.is_value = false;
    } else if (*at == ':' || *at == ',') {
      w.is_value = *at == ':';
    } else if (w.is_value && is_digit(*at)) {
      struct token t = read_number(at, end);
      take_delay(&w, t);
      at += t.len - 1;
      w.is_value = false;
    } else if (*at == '-') {
      w.is_value = false;
    }
  }
  return w.told;
}
