/*
** A text of any bytes, in every encoding: decoding gives it back, counting and encoding
** agree, a cut keeps its promises, and no piece depends on the caches or on starting from
** whole characters.
*/
#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/unicode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REQUIRE(condition) \
  ((condition) ? (void)0 : (fprintf(stderr, "failed: %s\n", #condition), abort()))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { N_ENCODINGS = 5 };
static struct llg_tokenizer tokenizers[N_ENCODINGS];

static void open_all(void) {
  for (size_t i = 0; i < N_ENCODINGS; i++)
    REQUIRE(llg_tokenizer_open(&tokenizers[i], llg_encoding_at(i)) == LLG_OK);
  REQUIRE(llg_encoding_at(N_ENCODINGS) == NULL);
}

/* Bytes alone, no cache: the same tokens. */
static void check_piece(
  const struct llg_encoding *e, const char *s, size_t n, const uint32_t *ids,
  size_t n_ids) {
  static struct llg_merge_work plain;
  const uint32_t *want;
  size_t n_want;
  REQUIRE(llg_merge(e, (const unsigned char *)s, n, &plain, &want, &n_want) == LLG_OK);
  REQUIRE(n_ids == n_want && memcmp(ids, want, n_ids * sizeof *ids) == 0);
}

static size_t check_encode(struct llg_tokenizer *t, const char *s, size_t n) {
  size_t at = 0, back = 0, total = 0, n_ids;
  const uint32_t *ids;
  while (at < n) {
    size_t start = at;
    REQUIRE(llg_tokenizer_next(t, s, n, &at, &ids, &n_ids) == LLG_OK);
    REQUIRE(at > start && at <= n && n_ids > 0);
    check_piece(t->encoding, s + start, at - start, ids, n_ids);
    for (size_t i = 0; i < n_ids; i++) {
      unsigned char bytes[LLG_MAX_TOKEN_BYTES];
      size_t length = llg_decode(t->encoding, ids[i], bytes);
      REQUIRE(length > 0 && length <= n - back && memcmp(bytes, s + back, length) == 0);
      back += length;
    }
    REQUIRE(back == at);
    total += n_ids;
  }
  return total;
}

/* The batches are the pieces, one behind the other. */
static void
check_batches(struct llg_tokenizer *t, const char *s, size_t n, size_t total) {
  size_t at = 0, back = 0, n_batches = 0, n_ids;
  const uint32_t *ids;
  while (at < n) {
    REQUIRE(llg_tokenizer_encode(t, s, n, &at, &ids, &n_ids) == LLG_OK);
    for (size_t i = 0; i < n_ids; i++) {
      unsigned char bytes[LLG_MAX_TOKEN_BYTES];
      size_t length = llg_decode(t->encoding, ids[i], bytes);
      REQUIRE(length > 0 && length <= n - back && memcmp(bytes, s + back, length) == 0);
      back += length;
    }
    REQUIRE(back == at);
    n_batches += n_ids;
  }
  REQUIRE(n_batches == total);
}

static void check_limits(struct llg_tokenizer *t, const char *s, size_t n, size_t total) {
  size_t count, n_kept, again;
  REQUIRE(llg_tokenizer_count(t, s, n, (size_t)-2, &count) == LLG_OK && count == total);
  for (size_t limit = 0; limit <= total + 1; limit += 1 + total / 5) {
    REQUIRE(llg_tokenizer_count(t, s, n, limit, &count) == LLG_OK);
    REQUIRE((count <= limit) == (total <= limit));
    REQUIRE(llg_tokenizer_truncate(t, s, n, limit, &n_kept, &count) == LLG_OK);
    REQUIRE(count <= limit && n_kept <= n && (total > limit || n_kept == n));
    REQUIRE(llg_char_floor((const unsigned char *)s, n, n_kept) == n_kept);
    REQUIRE(llg_tokenizer_count(t, s, n_kept, (size_t)-2, &again) == LLG_OK);
    REQUIRE(again == count);
  }
}

static void check_specials(const struct llg_encoding *e, const char *s, size_t n) {
  struct llg_allowed all = { .all = 1 };
  size_t length = 0;
  uint32_t id;
  for (size_t at = 0; at < n; at += length) {
    at = llg_special_next(e, &all, s, at, n, &id, &length);
    if (at == n) break;
    unsigned char bytes[LLG_MAX_TOKEN_BYTES];
    REQUIRE(length > 0 && length <= n - at && llg_decode(e, id, bytes) > 0);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
  if (tokenizers[0].cache == NULL) open_all();
  char *exact = malloc(n + (n == 0)); /* of the exact size, for the sanitizer */
  REQUIRE(exact != NULL);
  if (n > 0) memcpy(exact, data, n);
  for (size_t i = 0; i < N_ENCODINGS; i++) {
    struct llg_tokenizer *t = &tokenizers[i];
    size_t total = check_encode(t, exact, n);
    check_batches(t, exact, n, total);
    check_limits(t, exact, n, total);
    check_specials(t->encoding, exact, n);
  }
  free(exact);
  return 0;
}
