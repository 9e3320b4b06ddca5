/*
** compare.c - a developer's program, no part of the module: reads what reference.mjs writes
** and checks every record against the tokenizer. Prints what differs and a last line of
** figures; the exit code says whether all was equal.
*/
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tokenizer.h"
#include "../unicode.h"

enum { N_ENCODINGS = 4, MAX_SHOWN = 20 };
static const char *const names[N_ENCODINGS] = { "o200k_base", "cl100k_base", "p50k_base",
                                                "r50k_base" };

struct bytes {
  char *data;
  size_t n, capacity;
};

static struct llg_tokenizer tokenizers[N_ENCODINGS];
static unsigned long n_texts, n_broken, n_special, n_ids_all, n_different;

static int read_number(uint32_t *n) {
  unsigned char b[4];
  if (fread(b, 1, 4, stdin) != 4) return 0;
  *n = b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
  return 1;
}

static void must(int ok, const char *what) {
  if (ok) return;
  fprintf(stderr, "compare: %s\n", what);
  exit(2);
}

static void append(struct bytes *b, const void *more, size_t n) {
  if (b->n + n > b->capacity) {
    b->capacity = 2 * (b->n + n);
    b->data = realloc(b->data, b->capacity);
    must(b->data != NULL, "out of memory");
  }
  memcpy(b->data + b->n, more, n);
  b->n += n;
}

static void read_bytes(struct bytes *b) {
  uint32_t n;
  static char block[4096];
  must(read_number(&n), "a record is cut");
  for (b->n = 0; b->n < n;) {
    size_t part = n - b->n < sizeof block ? n - b->n : sizeof block;
    must(fread(block, 1, part, stdin) == part, "a text is cut");
    append(b, block, part);
  }
}

static void differ(const char *what, const char *encoding, const struct bytes *text) {
  if (n_different++ >= MAX_SHOWN) return;
  printf("%s, %s:", what, encoding);
  for (size_t i = 0; i < text->n && i < 400; i++)
    printf(" %02X", (unsigned char)text->data[i]);
  putchar('\n');
}

static void encode(
  struct llg_tokenizer *t, const struct bytes *text, uint32_t kind, struct bytes *ids) {
  struct llg_allowed allowed = { .all = kind == 1 };
  size_t length = 0, n_ids;
  uint32_t id;
  const uint32_t *more;
  ids->n = 0;
  for (size_t at = 0; at < text->n;) {
    size_t end = llg_special_next(
      t->encoding, &allowed, text->data, at, text->n, &id, &length);
    while (at < end) {
      must(
        llg_tokenizer_encode(t, text->data, end, &at, &more, &n_ids) == LLG_OK, "encode");
      append(ids, more, n_ids * sizeof *more);
    }
    if (end == text->n) break;
    append(ids, &id, sizeof id);
    at += length;
  }
}

static int decodes_to(
  const struct llg_encoding *e, const struct bytes *ids, const struct bytes *text) {
  unsigned char part[LLG_MAX_TOKEN_BYTES];
  size_t at = 0;
  for (size_t i = 0; i < ids->n / sizeof(uint32_t); i++) {
    uint32_t id;
    memcpy(&id, ids->data + i * sizeof id, sizeof id);
    size_t n = llg_decode(e, id, part);
    if (n == 0 || n > text->n - at || memcmp(part, text->data + at, n) != 0) return 0;
    at += n;
  }
  return at == text->n;
}

/* Replace broken UTF-8 by U+FFFD, as the reference's caller did. */
static void replace(const struct bytes *text, struct bytes *seen) {
  const unsigned char *s = (const unsigned char *)text->data;
  seen->n = 0;
  for (size_t at = 0, n; at < text->n; at += n) {
    n = 1;
    unsigned class = llg_char_class(s + at, text->n - at, &n);
    static const unsigned char lead[5] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    int ok = s[at] < 0x80
             || (n >= 2 && s[at] >= lead[n] && (n == 4 || s[at] < lead[n + 1]));
    if (!ok && class != LLG_OTHER) ok = 1;
    append(seen, ok ? (const char *)s + at : "\xEF\xBF\xBD", ok ? n : 3);
  }
}

/* Whether both texts are split at the same characters. */
static int same_split(
  const struct llg_encoding *e, const struct bytes *text, const struct bytes *seen) {
  static struct bytes part;
  size_t a = 0, b = 0;
  while (a < text->n && b < seen->n) {
    size_t a_end = e->split((const unsigned char *)text->data, a, text->n);
    size_t b_end = e->split((const unsigned char *)seen->data, b, seen->n);
    struct bytes piece = { text->data + a, a_end - a, 0 };
    replace(&piece, &part);
    if (part.n != b_end - b || memcmp(part.data, seen->data + b, part.n) != 0) return 0;
    a = a_end;
    b = b_end;
  }
  return a == text->n && b == seen->n;
}

static void check(
  struct llg_tokenizer *t, const struct bytes *text, const struct bytes *seen,
  uint32_t kind) {
  static struct bytes ids, want;
  uint32_t n, id;
  must(read_number(&n), "a record is cut");
  for (want.n = 0; n > 0; n--) {
    must(read_number(&id), "ids are cut");
    append(&want, &id, sizeof id);
  }
  n_ids_all += want.n / sizeof id;
  encode(t, seen, kind, &ids);
  if (ids.n != want.n || memcmp(ids.data, want.data, ids.n) != 0)
    differ("other ids", t->encoding->name, seen);
  encode(t, text, kind, &ids);
  if (!decodes_to(t->encoding, &ids, text))
    differ("no round trip", t->encoding->name, text);
  if (kind != 0) return;
  size_t count;
  must(
    llg_tokenizer_count(t, text->data, text->n, (size_t)-2, &count) == LLG_OK, "count");
  if (count != ids.n / sizeof id) differ("other count", t->encoding->name, text);
  if (!same_split(t->encoding, text, seen))
    differ("other split", t->encoding->name, text);
}

int main(void) {
  static struct bytes text, seen, replaced;
  uint32_t kind;
  for (size_t i = 0; i < N_ENCODINGS; i++)
    must(
      llg_tokenizer_open(&tokenizers[i], llg_encoding_find(names[i])) == LLG_OK, "open");
  while (read_number(&kind)) {
    read_bytes(&text);
    read_bytes(&seen);
    n_texts++;
    n_special += kind == 1;
    replace(&text, &replaced);
    if (replaced.n != seen.n || memcmp(replaced.data, seen.data, seen.n) != 0)
      differ("other characters", "UTF-8", &text);
    n_broken += text.n != seen.n || memcmp(text.data, seen.data, text.n) != 0;
    for (size_t i = 0; i < N_ENCODINGS; i++)
      check(&tokenizers[i], &text, &seen, kind);
  }
  printf(
    "%lu texts (%lu broken UTF-8, %lu with special tokens) in %d encodings, %lu ids: "
    "%lu differences\n",
    n_texts, n_broken, n_special, N_ENCODINGS, n_ids_all, n_different);
  return n_texts == 0 || n_different > 0;
}
