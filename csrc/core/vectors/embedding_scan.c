#include "embedding_scan.h"

#include <stdio.h>
#include <string.h>

#include "../base/memory.h"
#include "vector_text.h"

enum {
  FIRST_SPANS = 16,
  ITEM_DEPTH = 3, /* containers open inside data[i] */
};

/* Where the scan stands. */
struct cursor {
  const char *at;
  const char *end;
  const char *copied; /* everything before is in the rest */
  size_t depth;       /* open containers */
  int in_data;        /* the last key of the root is `data`, and its value a list */
  int in_item;        /* the container at ITEM_DEPTH is an object of that list */
};

/* The closing quote of a string whose first character is at `from`, or NULL. The
** backslashes before a quote are counted back as far as the quote before, hence each
** once. */
static const char *closing_quote(const char *from, const char *end) {
  const char *start = from;
  while (from < end) {
    const char *quote = memchr(from, '"', (size_t)(end - from));
    if (quote == NULL) return NULL;
    const char *run = quote;
    while (run > start && run[-1] == '\\')
      run--;
    if ((quote - run) % 2 == 0) return quote;
    start = from = quote + 1;
  }
  return NULL;
}

static const char *skip_space(const char *at, const char *end) {
  while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
    at++;
  return at;
}

static int has_escape(const char *from, const char *end) {
  return memchr(from, '\\', (size_t)(end - from)) != NULL;
}

static enum llg_status
add_span(struct llg_embedding_scan *scan, const struct llg_embedding_span *span) {
  if (scan->n_spans == scan->capacity) {
    size_t capacity = scan->capacity == 0 ? FIRST_SPANS : 2 * scan->capacity;
    void *spans = llg_realloc(scan->spans, capacity * sizeof *scan->spans);
    if (spans == NULL) return LLG_NOMEM;
    scan->spans = spans;
    scan->capacity = capacity;
  }
  scan->spans[scan->n_spans++] = *span;
  return LLG_OK;
}

/* The text from c->copied to `until` goes into the rest as it is. */
static enum llg_status
copy_rest(struct llg_embedding_scan *scan, struct cursor *c, const char *until) {
  const char *from = c->copied;
  c->copied = until;
  return llg_buffer_append(&scan->rest, from, (size_t)(until - from));
}

/* Put the number of the span into the rest, where the text from `from` to `end` stood. */
static enum llg_status replace(
  struct llg_embedding_scan *scan, struct cursor *c, const char *from, const char *end,
  struct llg_embedding_span *span) {
  char number[24];
  /* With a space: the 1 of a broken "..."1 must not become a part of it. */
  int n_digits = snprintf(number, sizeof number, "%zu ", scan->n_spans);
  enum llg_status status = copy_rest(scan, c, from);
  span->rest_at = scan->rest.len;
  if (status == LLG_OK) status = llg_buffer_append(&scan->rest, number, (size_t)n_digits);
  span->rest_end = scan->rest.len;
  c->at = c->copied = end;
  return status == LLG_OK ? add_span(scan, span) : status;
}

/* c->at is at the opening quote of an embedding. */
static enum llg_status
take_base64(struct llg_embedding_scan *scan, struct cursor *c, const char *body) {
  const char *from = c->at + 1;
  const char *quote = memchr(from, '"', (size_t)(c->end - from));
  if (quote == NULL || has_escape(from, quote)) return LLG_DECODE;
  struct llg_embedding_span span = { .offset = (size_t)(from - body) };
  span.n = (size_t)(quote - from);
  if (span.n >= LLG_EMBEDDING_SPAN_MIN) return replace(scan, c, c->at, quote + 1, &span);
  c->at = quote + 1;
  return LLG_OK;
}

/* c->at is at the '[' of an embedding. */
static enum llg_status
take_list(struct llg_embedding_scan *scan, struct cursor *c, const char *body) {
  const char *close = memchr(c->at, ']', (size_t)(c->end - c->at));
  if (close == NULL) return LLG_DECODE;
  if (close + 1 - c->at < LLG_EMBEDDING_SPAN_MIN) return LLG_OK;
  struct llg_embedding_span span = { .offset = (size_t)(c->at - body) };
  span.first = scan->numbers.len / sizeof(float);
  enum llg_status status = llg_vector_from_text(
    c->at, (size_t)(c->end - c->at), &scan->numbers, &span.n);
  if (status != LLG_OK) return status;
  span.n_numbers = scan->numbers.len / sizeof(float) - span.first;
  if (span.n_numbers == 0) return LLG_DECODE; /* thirty spaces in brackets */
  return replace(scan, c, c->at, c->at + span.n, &span);
}

/* c->at is at the value of a key `embedding` of an item. */
static enum llg_status
take_embedding(struct llg_embedding_scan *scan, struct cursor *c, const char *body) {
  if (c->at == c->end) return LLG_DECODE;
  switch (*c->at) {
  case '"': return take_base64(scan, c, body);
  case '[': return take_list(scan, c, body);
  default: return LLG_DECODE;
  }
}

static int is_key(const char *from, size_t n, const char *name) {
  return n == strlen(name) && memcmp(from, name, n) == 0;
}

/* c->at is behind the opening quote of a string, be it a key or a value. */
static enum llg_status
take_string(struct llg_embedding_scan *scan, struct cursor *c, const char *body) {
  const char *from = c->at;
  const char *quote = closing_quote(from, c->end);
  if (quote == NULL) return LLG_DECODE;
  c->at = quote + 1;
  if (c->depth != 1 && !(c->depth == ITEM_DEPTH && c->in_item)) return LLG_OK;

  const char *colon = skip_space(c->at, c->end);
  if (colon == c->end || *colon != ':') return LLG_OK;
  /* "embed\u0064ing" is the key too, for those who decode it. */
  if (has_escape(from, quote)) return LLG_DECODE;
  c->at = skip_space(colon + 1, c->end);
  size_t n = (size_t)(quote - from);
  if (c->depth == 1)
    c->in_data = is_key(from, n, "data") && c->at < c->end && *c->at == '[';
  else if (is_key(from, n, "embedding"))
    return take_embedding(scan, c, body);
  return LLG_OK;
}

static enum llg_status
scan_body(struct llg_embedding_scan *scan, struct cursor *c, const char *body) {
  while (c->at < c->end) {
    enum llg_status status = LLG_OK;
    char next = *c->at++;
    switch (next) {
    case '"': status = take_string(scan, c, body); break;
    case '{':
    case '[':
      c->depth++;
      if (c->depth == ITEM_DEPTH) c->in_item = c->in_data && next == '{';
      break;
    case '}':
    case ']':
      if (c->depth == 0) return LLG_DECODE;
      c->depth--;
      break;
    default: break;
    }
    if (status != LLG_OK) return status;
  }
  return c->depth == 0 ? copy_rest(scan, c, c->end) : LLG_DECODE;
}

enum llg_status
llg_embedding_scan(struct llg_embedding_scan *scan, const char *body, size_t n) {
  memset(scan, 0, sizeof *scan);
  llg_buffer_init(&scan->rest, LLG_MAX_RESPONSE_BYTES);
  /* "1,": a number takes two characters at the least. */
  llg_buffer_init(&scan->numbers, LLG_MAX_RESPONSE_BYTES / 2 * sizeof(float));
  if (n == 0) return LLG_DECODE;
  struct cursor c = { .at = body, .end = body + n, .copied = body };
  c.at = skip_space(c.at, c.end);
  if (c.at == c.end || *c.at != '{') return LLG_DECODE;
  enum llg_status status = scan_body(scan, &c, body);
  if (status != LLG_OK) llg_embedding_scan_free(scan);
  return status;
}

void llg_embedding_scan_free(struct llg_embedding_scan *scan) {
  llg_free(scan->spans);
  llg_buffer_free(&scan->rest);
  llg_buffer_free(&scan->numbers);
  memset(scan, 0, sizeof *scan);
}
