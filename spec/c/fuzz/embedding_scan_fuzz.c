/*
** A body of any bytes: the scan stays within it, what it hands out and its rest are the
** body again, and where the body is JSON a parser of the plain sort finds the same
** strings.
*/
#include "core/vectors/embedding_items.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REQUIRE(condition) \
  ((condition) ? (void)0 : (fprintf(stderr, "failed: %s\n", #condition), abort()))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* ------------------------------------------------------------------ the plain parser */

enum { MAX_DEPTH = 40, MAX_FOUND = 256 };

struct parser {
  const char *body, *at, *end;
  int is_bad;     /* no JSON, or too deep for this parser */
  int is_unusual; /* JSON that must go the full way */
  int may_be;     /* JSON with a list that may have to */
  size_t n_found;
  struct llg_embedding_span found[MAX_FOUND];
};

/* What a container is, seen from the root. */
enum place { ELSEWHERE, ROOT, DATA, ITEM };

static void parse_value(struct parser *p, int depth, enum place place);

static int peek(struct parser *p) {
  while (p->at < p->end && strchr(" \t\r\n", *p->at) != NULL && *p->at != '\0')
    p->at++;
  return p->at < p->end ? (unsigned char)*p->at : -1;
}

static int accept(struct parser *p, int c) {
  if (peek(p) != c) return 0;
  p->at++;
  return 1;
}

/* p->at is at the opening quote. */
static struct llg_embedding_span parse_string(struct parser *p, int *has_escape) {
  struct llg_embedding_span span = { .offset = (size_t)(++p->at - p->body) };
  *has_escape = 0;
  while (p->at < p->end && *p->at != '"') {
    if (*p->at == '\\') {
      *has_escape = 1;
      p->at++;
    }
    if (p->at < p->end) p->at++;
  }
  if (p->at == p->end) {
    p->is_bad = 1;
    return span;
  }
  span.n = (size_t)(p->at++ - p->body) - span.offset;
  return span;
}

static int is_name(struct parser *p, struct llg_embedding_span key, const char *name) {
  return key.n == strlen(name) && memcmp(p->body + key.offset, name, key.n) == 0;
}

static void add_found(struct parser *p, struct llg_embedding_span span) {
  if (p->n_found == MAX_FOUND)
    p->is_bad = 1;
  else
    p->found[p->n_found++] = span;
}

static void parse_embedding(struct parser *p, int depth) {
  int has_escape;
  int c = peek(p);
  if (c == '"') {
    struct llg_embedding_span span = parse_string(p, &has_escape);
    if (has_escape) p->is_unusual = 1;
    if (span.n >= LLG_EMBEDDING_SPAN_MIN) add_found(p, span);
    return;
  }
  if (c != '[') p->is_unusual = 1;
  const char *from = p->at;
  const char *close = p->at == p->end ? NULL : memchr(from, ']', (size_t)(p->end - from));
  parse_value(p, depth, ELSEWHERE);
  if (c != '[' || close == NULL || close + 1 - from < LLG_EMBEDDING_SPAN_MIN) return;
  p->may_be = 1;
  add_found(
    p, (struct llg_embedding_span){ (size_t)(from - p->body), (size_t)(p->at - from), 0,
                                    0 });
}

static void parse_object(struct parser *p, int depth, enum place place) {
  if (accept(p, '}')) return;
  do {
    int has_escape;
    if (peek(p) != '"') break;
    struct llg_embedding_span key = parse_string(p, &has_escape);
    if (!accept(p, ':')) break;
    if (has_escape && (place == ROOT || place == ITEM)) p->is_unusual = 1;
    if (place == ITEM && is_name(p, key, "embedding"))
      parse_embedding(p, depth);
    else {
      int is_data = place == ROOT && is_name(p, key, "data") && peek(p) == '[';
      parse_value(p, depth, is_data ? DATA : ELSEWHERE);
    }
  } while (!p->is_bad && accept(p, ','));
  if (!accept(p, '}')) p->is_bad = 1;
}

static void parse_list(struct parser *p, int depth, enum place place) {
  if (accept(p, ']')) return;
  do
    parse_value(p, depth, place == DATA && peek(p) == '{' ? ITEM : ELSEWHERE);
  while (!p->is_bad && accept(p, ','));
  if (!accept(p, ']')) p->is_bad = 1;
}

/* Numbers and words are taken for what they look like: their spelling is the decoder's.
** */
static void parse_word(struct parser *p) {
  const char *from = p->at;
  while (p->at < p->end
         && strchr("+-.0123456789abcdefghijklmnopqrstuvwxyzE", *p->at) != NULL
         && *p->at != '\0')
    p->at++;
  if (p->at == from) p->is_bad = 1;
}

static void parse_value(struct parser *p, int depth, enum place place) {
  int has_escape;
  if (depth > MAX_DEPTH || p->is_bad)
    p->is_bad = 1;
  else if (peek(p) == '"')
    (void)parse_string(p, &has_escape);
  else if (accept(p, '{'))
    parse_object(p, depth + 1, place);
  else if (accept(p, '['))
    parse_list(p, depth + 1, place);
  else
    parse_word(p);
}

static void check_against_parser(
  const struct llg_embedding_scan *scan, enum llg_status status, const char *body,
  size_t n) {
  static struct parser p;
  memset(&p, 0, sizeof p);
  p.body = p.at = body;
  p.end = body + n;
  if (peek(&p) != '{') p.is_unusual = 1;
  parse_value(&p, 0, ROOT);
  if (p.is_bad || peek(&p) != -1) return;
  if (p.is_unusual)
    REQUIRE(status == LLG_DECODE);
  else if (!p.may_be)
    REQUIRE(status == LLG_OK);
  if (status != LLG_OK) return;
  REQUIRE(scan->n_spans == p.n_found);
  for (size_t i = 0; i < p.n_found; i++) {
    REQUIRE(scan->spans[i].offset == p.found[i].offset);
    REQUIRE(scan->spans[i].n == p.found[i].n);
  }
}

/* ------------------------------------------------------------------ the rest */

/* The floats of a list are strtod's. Returns where it stands with its brackets. */
static struct llg_embedding_span
check_list(const struct llg_embedding_scan *scan, size_t i, const char *body, size_t n) {
  struct llg_embedding_span span = scan->spans[i];
  REQUIRE(span.n >= LLG_EMBEDDING_SPAN_MIN && span.offset + span.n <= n);
  REQUIRE(body[span.offset] == '[' && body[span.offset + span.n - 1] == ']');
  REQUIRE((span.first + span.n_numbers) * sizeof(float) <= scan->numbers.len);
  const float *numbers = (const void *)llg_buffer_bytes(&scan->numbers);
  const char *at = body + span.offset;
  for (size_t k = 0; k < span.n_numbers; k++) {
    char *end;
    float want = (float)strtod(at + 1, &end);
    REQUIRE(want == numbers[span.first + k]);
    at = end + strspn(end, " \t\r\n");
    REQUIRE(*at == (k + 1 < span.n_numbers ? ',' : ']'));
  }
  REQUIRE(at == body + span.offset + span.n - 1);
  return span;
}

static struct llg_embedding_span check_string(
  const struct llg_embedding_scan *scan, size_t i, const char *body, size_t n) {
  struct llg_embedding_span span = scan->spans[i];
  REQUIRE(span.n >= LLG_EMBEDDING_SPAN_MIN && span.n < n);
  REQUIRE(span.offset > 0 && span.offset + span.n < n);
  const char *string = body + span.offset;
  REQUIRE(string[-1] == '"' && string[span.n] == '"');
  REQUIRE(memchr(string, '"', span.n) == NULL && memchr(string, '\\', span.n) == NULL);
  span.offset--;
  span.n += 2;
  return span;
}

/* Put back what was taken where its number stands, and compare. */
static void
check_rest(const struct llg_embedding_scan *scan, const char *body, size_t n) {
  const char *rest = llg_buffer_bytes(&scan->rest);
  size_t at = 0, rest_at = 0;
  for (size_t i = 0; i < scan->n_spans; i++) {
    struct llg_embedding_span whole = scan->spans[i].n_numbers > 0
                                        ? check_list(scan, i, body, n)
                                        : check_string(scan, i, body, n);
    REQUIRE(whole.offset >= at);
    size_t n_between = whole.offset - at;
    char number[24];
    size_t n_number = (size_t)snprintf(number, sizeof number, "%zu ", i);
    REQUIRE(rest_at + n_between + n_number <= scan->rest.len);
    REQUIRE(memcmp(rest + rest_at, body + at, n_between) == 0);
    REQUIRE(memcmp(rest + rest_at + n_between, number, n_number) == 0);
    rest_at += n_between + n_number;
    at = whole.offset + whole.n;
  }
  REQUIRE(scan->rest.len <= n && scan->rest.len - rest_at == n - at);
  REQUIRE(memcmp(rest + rest_at, body + at, n - at) == 0);
}

/* The first item stays, and behind it what stood behind the last one. */
static void check_items(struct llg_embedding_scan *scan) {
  struct llg_embedding_items items = { 0 };
  size_t before = scan->rest.len;
  if (llg_embedding_items(&items, scan)) {
    REQUIRE(items.n == scan->n_spans && scan->rest.len < before);
    for (size_t i = 0; i < items.n; i++)
      REQUIRE(items.indexes[i] >= -1 && items.indexes[i] <= 999999999);
    REQUIRE(scan->spans[0].rest_end < scan->rest.len);
  } else {
    REQUIRE(items.n == 0 && scan->rest.len == before);
  }
  llg_embedding_items_free(&items);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
  char *body = malloc(n + (n == 0)); /* of the exact size, for the sanitizer */
  REQUIRE(body != NULL);
  if (n > 0) memcpy(body, data, n);
  struct llg_embedding_scan scan;
  enum llg_status status = llg_embedding_scan(&scan, body, n);
  REQUIRE(status == LLG_OK || status == LLG_DECODE);
  if (status == LLG_OK) check_rest(&scan, body, n);
  check_against_parser(&scan, status, body, n);
  if (status == LLG_OK) check_items(&scan);
  llg_embedding_scan_free(&scan);
  free(body);
  return 0;
}
