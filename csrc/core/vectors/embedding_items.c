#include "embedding_items.h"

#include <string.h>

#include "../base/memory.h"

enum {
  MAX_KEYS = 8, /* of an item; one with more is decoded */
  LEAST = 4,    /* fewer items are not worth it */
  MAX_DIGITS = 9,
};

/* A piece of text, in which an index may stand. */
struct piece {
  const char *at, *end;
  const char *digits, *digits_end; /* of the index; NULL: none */
};

/* What stands from behind one embedding up to the next: "},{"object":"embedding","index":1,..." */
struct reader {
  struct piece piece;
  const char *comma; /* between the two items; NULL: not yet */
  const char *at, *end;
  const char *keys[MAX_KEYS];
  size_t key_lens[MAX_KEYS];
  int n_keys;
};

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The next byte that is no white space, or NUL at the end. */
static char peek(struct reader *r) {
  while (r->at < r->end && is_blank(*r->at))
    r->at++;
  return r->at < r->end ? *r->at : '\0';
}

static bool take(struct reader *r, char wanted) {
  if (peek(r) != wanted) return false;
  r->at++;
  return true;
}

/* Behind the closing quote of a string without escapes. */
static bool take_string(struct reader *r, const char **from, size_t *n) {
  if (!take(r, '"')) return false;
  const char *quote = memchr(r->at, '"', (size_t)(r->end - r->at));
  if (quote == NULL) return false;
  *from = r->at;
  *n = (size_t)(quote - r->at);
  r->at = quote + 1;
  return memchr(*from, '\\', *n) == NULL;
}

static bool is_key(const char *key, size_t n, const char *name) {
  return n == strlen(name) && memcmp(key, name, n) == 0;
}

/* No key twice: who decodes may see another one than we do. */
static bool add_key(struct reader *r, const char *key, size_t n) {
  if (r->n_keys == MAX_KEYS || is_key(key, n, "embedding")) return false;
  for (int i = 0; i < r->n_keys; i++)
    if (r->key_lens[i] == n && memcmp(r->keys[i], key, n) == 0) return false;
  r->keys[r->n_keys] = key;
  r->key_lens[r->n_keys++] = n;
  return true;
}

/* A whole number as an index is, without a sign. */
static bool take_index(struct reader *r) {
  const char *from = r->at;
  if (r->piece.digits != NULL || peek(r) == '\0') return false;
  from = r->at;
  while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
    r->at++;
  size_t n = (size_t)(r->at - from);
  if (n == 0 || n > MAX_DIGITS || (*from == '0' && n > 1)) return false;
  r->piece.digits = from;
  r->piece.digits_end = r->at;
  return strchr(",} \t\r\n", peek(r)) != NULL && r->at < r->end;
}

/* A string, or something else that has no brackets; whether it is JSON is for the decoder. */
static bool take_scalar(struct reader *r) {
  const char *from;
  size_t n;
  if (peek(r) == '"') return take_string(r, &from, &n);
  from = r->at;
  while (r->at < r->end && strchr(",{}[]\" \t\r\n:", *r->at) == NULL)
    r->at++;
  return r->at > from;
}

/* "key": value */
static bool take_member(struct reader *r, const char *key, size_t n) {
  if (!add_key(r, key, n)) return false;
  return is_key(key, n, "index") ? take_index(r) : take_scalar(r);
}

/* The first such piece. The members behind the embedding come first, then those before the next. */
static bool read_piece(struct reader *r) {
  const char *key;
  size_t n;
  while (take(r, ','))
    if (!take_string(r, &key, &n) || !take(r, ':') || !take_member(r, key, n))
      return false;
  if (!take(r, '}') || peek(r) != ',') return false;
  r->comma = r->at;
  if (!take(r, ',') || !take(r, '{')) return false;
  for (;;) {
    if (!take_string(r, &key, &n) || !take(r, ':')) return false;
    if (is_key(key, n, "embedding")) return peek(r) == '\0' && r->at == r->end;
    if (!take_member(r, key, n) || !take(r, ',')) return false;
  }
}

/* Read the digits at `at`; their end, or NULL. */
static const char *read_index(const char *at, const char *end, long *index) {
  const char *from = at;
  long value = 0;
  for (; at < end && *at >= '0' && *at <= '9' && at - from < MAX_DIGITS; at++)
    value = 10 * value + (*at - '0');
  *index = value;
  bool padded = at - from > 1 && *from == '0';
  return at == from || padded || (at < end && *at >= '0' && *at <= '9') ? NULL : at;
}

/* Whether the text is that of the piece, but for the index. Returns its end, or NULL. */
static const char *
same(const struct piece *p, const char *at, const char *end, long *index) {
  size_t n = (size_t)((p->digits != NULL ? p->digits : p->end) - p->at);
  if ((size_t)(end - at) < n || memcmp(at, p->at, n) != 0) return NULL;
  at += n;
  if (p->digits == NULL) return at;
  at = read_index(at, end, index);
  n = (size_t)(p->end - p->digits_end);
  if (at == NULL || (size_t)(end - at) < n || memcmp(at, p->digits_end, n) != 0)
    return NULL;
  return at + n;
}

/* The part of a piece from `at` to `end`. */
static struct piece part_of(const struct piece *p, const char *at, const char *end) {
  struct piece part = { .at = at, .end = end };
  if (p->digits != NULL && p->digits >= at && p->digits_end <= end) {
    part.digits = p->digits;
    part.digits_end = p->digits_end;
  }
  return part;
}

/* Where the text before the first embedding ends as the piece does; the item's brace, or NULL. */
static const char *
find_head(const struct piece *head, const char *from, const char *to, long *index) {
  const char *brace = to;
  while (brace > from && *--brace != '{')
    if (*brace == '}' || *brace == '[') return NULL;
  if (brace == from || *brace != '{' || same(head, brace, to, index) != to) return NULL;
  const char *before = brace - 1;
  while (before > from && is_blank(*before))
    before--;
  return *before == '[' ? brace : NULL; /* the first of its list */
}

/* What stands behind the number of span i in the rest. */
static const char *behind(const struct llg_embedding_scan *scan, size_t i) {
  return llg_buffer_bytes(&scan->rest) + scan->spans[i].rest_end;
}

static const char *before(const struct llg_embedding_scan *scan, size_t i) {
  return llg_buffer_bytes(&scan->rest) + scan->spans[i].rest_at;
}

/* Fill in the indexes; the end of the last item, or NULL where the items are not alike. */
static const char *
compare(const struct llg_embedding_scan *scan, const struct reader *r, long *indexes) {
  const struct piece *piece = &r->piece;
  const char *end = llg_buffer_bytes(&scan->rest) + scan->rest.len;
  struct piece tail = part_of(piece, piece->at, r->comma);
  struct piece head = part_of(piece, strchr(r->comma, '{'), piece->end);
  size_t n = scan->n_spans, shift = head.digits != NULL ? 1 : 0;
  long none = -1, first = -1;
  for (size_t i = 0; i < n; i++)
    indexes[i] = -1;
  for (size_t i = 0; i + 1 < n; i++) {
    const char *to = before(scan, i + 1);
    long *index = piece->digits != NULL ? &indexes[i + shift] : &none;
    if (same(piece, behind(scan, i), to, index) != to) return NULL;
  }
  const char *from = llg_buffer_bytes(&scan->rest);
  if (find_head(&head, from, before(scan, 0), &first) == NULL) return NULL;
  if (shift == 1) indexes[0] = first;
  long *last = tail.digits != NULL ? &indexes[n - 1] : &none;
  const char *closed = same(&tail, behind(scan, n - 1), end, last), *at = closed;
  while (at != NULL && at < end && is_blank(*at))
    at++;
  return at != NULL && at < end && *at == ']' ? closed : NULL;
}

bool llg_embedding_items(
  struct llg_embedding_items *items, struct llg_embedding_scan *scan) {
  size_t n = scan->n_spans;
  if (n < LEAST) return false;
  struct reader r = { .at = behind(scan, 0), .end = before(scan, 1) };
  r.piece = (struct piece){ .at = r.at, .end = r.end };
  if (!read_piece(&r)) return false;
  long *indexes = llg_malloc(n * sizeof *indexes);
  if (indexes == NULL) return false;
  const char *end = compare(scan, &r, indexes);
  if (end == NULL) {
    llg_free(indexes);
    return false;
  }
  /* The first item stays, without its comma. */
  char *comma = llg_buffer_bytes(&scan->rest) + (r.comma - llg_buffer_bytes(&scan->rest));
  size_t n_left = (size_t)(llg_buffer_bytes(&scan->rest) + scan->rest.len - end);
  memmove(comma, end, n_left);
  scan->rest.len = (size_t)(comma - llg_buffer_bytes(&scan->rest)) + n_left;
  items->indexes = indexes;
  items->n = n;
  return true;
}

void llg_embedding_items_free(struct llg_embedding_items *items) {
  llg_free(items->indexes);
  memset(items, 0, sizeof *items);
}
