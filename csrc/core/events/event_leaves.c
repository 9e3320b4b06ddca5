#include "event_leaves.h"

#include <string.h>

enum { MAX_DEPTH = 12, MAX_KEYS = 24, MAX_EVENT_BYTES = 1 << 15 };

/* What is being read: as far as a verdict may hang on it. */
enum place {
  TOP,     /* the event */
  CHOICES, /* its list of choices */
  CHOICE,  /* the only one of them */
  COUNTS,  /* `usage`, `timings`: any number in it may vary */
  OTHER,
};

struct reader {
  const char *start, *at, *end;
  struct llg_event_leaves *out;
  int depth;
  bool has_delta;
  bool has_finished;
};

static bool
read_value(struct reader *r, enum place place, const struct llg_json_string *key);

static bool is(const struct llg_json_string *key, const char *name) {
  return key->len == strlen(name) && memcmp(key->bytes, name, key->len) == 0;
}

static bool is_one_of(const struct llg_json_string *key, const char *const *names) {
  for (; *names != NULL; names++)
    if (is(key, *names)) return true;
  return false;
}

static const char *const growing[] = { "content",   "reasoning_content", "reasoning",
                                       "arguments", "obfuscation",       NULL };
static const char *const first[] = { "id", "model", "created", NULL };
static const char *const varying[] = { "system_fingerprint", "service_tier", "provider",
                                       NULL };
static const char *const counted[] = { "usage", "timings", "prompt_tokens_details",
                                       "completion_tokens_details", NULL };

/* The next byte that is no white space, or NUL at the end. */
static char peek(struct reader *r) {
  while (r->at < r->end
         && (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t'))
    r->at++;
  return r->at < r->end ? *r->at : '\0';
}

static bool take(struct reader *r, char wanted) {
  if (peek(r) != wanted) return false;
  r->at++;
  return true;
}

static bool take_word(struct reader *r, const char *word) {
  size_t n = strlen(word);
  if ((size_t)(r->end - r->at) < n || memcmp(r->at, word, n) != 0) return false;
  r->at += n;
  return true;
}

static bool read_string(struct reader *r, struct llg_json_string *string) {
  if (!take(r, '"')) return false;
  const char *quote = llg_json_read_string(r->at, r->end, string);
  if (quote == NULL) return false;
  r->at = quote + 1;
  return true;
}

static bool add_leaf(
  struct reader *r, enum place place, const struct llg_json_string *key, const char *at,
  size_t n, bool is_string) {
  struct llg_event_leaves *out = r->out;
  if (out->n == LLG_EVENT_LEAVES) return false;
  struct llg_event_leaf *leaf = &out->at[out->n++];
  leaf->is_first = is_one_of(key, first);
  bool named = leaf->is_first || is_one_of(key, varying);
  leaf->at = (unsigned)(at - r->start);
  leaf->len = (unsigned)n;
  leaf->is_string = is_string;
  leaf->is_growing = is_string && is_one_of(key, growing);
  leaf->may_vary = is_string ? named || leaf->is_growing : named || place == COUNTS;
  return true;
}

static bool
read_string_leaf(struct reader *r, enum place place, const struct llg_json_string *key) {
  struct llg_json_string text;
  if (!read_string(r, &text)) return false;
  if (place == CHOICE && is(key, "finish_reason")) r->has_finished = true;
  return add_leaf(r, place, key, text.bytes, text.len, true);
}

static bool
read_number_leaf(struct reader *r, enum place place, const struct llg_json_string *key) {
  const char *at = r->at, *behind = llg_json_read_number(at, r->end);
  struct llg_json_number number;
  if (behind == NULL || !llg_json_number_of(at, (size_t)(behind - at), &number))
    return false;
  if (place == CHOICE && is(key, "index")) {
    if (!number.is_whole || number.whole < 0 || number.whole > 1 << 20) return false;
    r->out->choice = (long)number.whole;
  }
  r->at = behind;
  return add_leaf(r, place, key, at, (size_t)(behind - at), false);
}

static enum place
place_of(struct reader *r, enum place around, const struct llg_json_string *key) {
  if (around == COUNTS || is_one_of(key, counted)) return COUNTS;
  if (around == TOP && is(key, "choices")) return CHOICES;
  if (around == CHOICE && is(key, "delta")) r->has_delta = true;
  return OTHER;
}

static bool read_object(struct reader *r, enum place place) {
  struct llg_json_string keys[MAX_KEYS];
  int n = 0;
  if (take(r, '}')) return true;
  do {
    struct llg_json_string *key = &keys[n];
    if (n == MAX_KEYS || !read_string(r, key) || key->escaped || !take(r, ':'))
      return false;
    for (int i = 0; i < n; i++)
      if (keys[i].len == key->len && memcmp(keys[i].bytes, key->bytes, key->len) == 0)
        return false;
    n++;
    if (!read_value(r, place, key)) return false;
  } while (take(r, ','));
  return take(r, '}');
}

static bool read_list(struct reader *r, enum place place) {
  static const struct llg_json_string no_key = { .bytes = "" };
  int n = 0;
  if (take(r, ']')) return true;
  do {
    bool second_choice = place == CHOICES && n++ > 0;
    if (second_choice || !read_value(r, place, &no_key)) return false;
  } while (take(r, ','));
  return take(r, ']');
}

static bool
read_value(struct reader *r, enum place place, const struct llg_json_string *key) {
  switch (peek(r)) {
  case '"': return read_string_leaf(r, place, key);
  case 'n': return take_word(r, "null");
  case 't': return take_word(r, "true");
  case 'f': return take_word(r, "false");
  case '{': {
    enum place inside = place == CHOICES ? CHOICE : place_of(r, place, key);
    if (++r->depth > MAX_DEPTH) return false;
    r->at++;
    bool ok = read_object(r, inside == CHOICES ? OTHER : inside);
    r->depth--;
    return ok;
  }
  case '[': {
    enum place inside = place_of(r, place, key);
    if (++r->depth > MAX_DEPTH || place == CHOICES) return false;
    r->at++;
    bool ok = read_list(r, inside);
    r->depth--;
    return ok;
  }
  default: return read_number_leaf(r, place, key);
  }
}

bool llg_event_leaves(const char *event, size_t n, struct llg_event_leaves *leaves) {
  struct reader r = { .start = event, .at = event, .end = event + n, .out = leaves };
  leaves->n = 0;
  leaves->choice = 0; /* of a choice without an index */
  if (n > MAX_EVENT_BYTES || !take(&r, '{') || !read_object(&r, TOP)) return false;
  if (peek(&r) != '\0' || r.at != r.end) return false;
  if (!r.has_delta || r.has_finished) leaves->choice = -1;
  return true;
}
