#include "test.h"

#include <stdlib.h>

#include "core/base/memory.h"
#include "core/tokenizer/symbols.h"
#include "core/tokenizer/tokenizer.h"

enum { MAX_BYTES = 4096 };

static uint32_t seed = 1;
static uint32_t random_below(uint32_t n) {
  seed ^= seed << 13;
  seed ^= seed >> 17;
  seed ^= seed << 5;
  return seed % n;
}

static struct llg_tokenizer opened(const char *name) {
  struct llg_tokenizer t = { 0 };
  CHECK_INT(llg_tokenizer_open(&t, llg_encoding_find(name)), LLG_OK);
  return t;
}

static size_t encode(struct llg_tokenizer *t, const char *s, size_t n, uint32_t *ids) {
  size_t at = 0, total = 0, n_more;
  const uint32_t *more;
  while (at < n) {
    CHECK_INT(llg_tokenizer_next(t, s, n, &at, &more, &n_more), LLG_OK);
    memcpy(ids + total, more, n_more * sizeof *more);
    total += n_more;
  }
  return total;
}

static size_t
decode(const struct llg_encoding *e, const uint32_t *ids, size_t n, char *bytes) {
  size_t length = 0;
  for (size_t i = 0; i < n; i++)
    length += llg_decode(e, ids[i], (unsigned char *)bytes + length);
  return length;
}

/* The same in batches. */
static int same_in_batches(
  struct llg_tokenizer *t, const char *s, size_t n, const uint32_t *ids, size_t n_ids) {
  size_t at = 0, total = 0, n_more;
  const uint32_t *more;
  while (at < n) {
    if (llg_tokenizer_encode(t, s, n, &at, &more, &n_more) != LLG_OK) return 0;
    if (n_more > n_ids - total) return 0;
    if (memcmp(ids + total, more, n_more * sizeof *more) != 0) return 0;
    total += n_more;
  }
  return total == n_ids;
}

static int round_trip(struct llg_tokenizer *t, const char *s, size_t n) {
  static uint32_t ids[MAX_BYTES];
  static char back[MAX_BYTES];
  size_t count, n_ids = encode(t, s, n, ids);
  CHECK_INT(llg_tokenizer_count(t, s, n, (size_t)-2, &count), LLG_OK);
  if (!same_in_batches(t, s, n, ids, n_ids)) return 0;
  return count == n_ids && decode(t->encoding, ids, n_ids, back) == n
         && memcmp(back, s, n) == 0;
}

static void every_byte_is_a_token(void) {
  for (size_t i = 0; llg_encoding_at(i) != NULL; i++) {
    struct llg_tokenizer t = opened(llg_encoding_at(i)->name);
    for (int byte = 0; byte < 256; byte++) {
      char s = (char)byte;
      uint32_t id;
      CHECK_INT(encode(&t, &s, 1, &id), 1);
      CHECK(id < 256);
      CHECK(round_trip(&t, &s, 1));
    }
    llg_tokenizer_close(&t);
  }
}

static void every_token_encodes_to_itself(void) {
  for (size_t i = 0; llg_encoding_at(i) != NULL; i++) {
    const struct llg_encoding *e = llg_encoding_at(i);
    struct llg_merge_work work = { 0 };
    unsigned char bytes[LLG_MAX_TOKEN_BYTES];
    unsigned long n_wrong = 0, n_known = 0;
    for (uint32_t id = 0; id < e->n_ids; id++) {
      const uint32_t *ids;
      size_t n_ids, n = llg_token_bytes(e->vocabulary, id, bytes);
      if (n == 0) continue;
      n_known++;
      llg_merge(e, bytes, n, &work, &ids, &n_ids);
      n_wrong += n_ids != 1 || ids[0] != id;
    }
    CHECK_INT(n_wrong, 0);
    CHECK_INT(n_known, e->n_ids - (strcmp(e->name, "p50k_base") == 0)); /* 50256 */
    llg_merge_free(&work);
  }
}

static void random_bytes_come_back(void) {
  static char s[MAX_BYTES];
  for (size_t i = 0; llg_encoding_at(i) != NULL; i++) {
    struct llg_tokenizer t = opened(llg_encoding_at(i)->name);
    int n_wrong = 0;
    for (int round = 0; round < 2000; round++) {
      size_t n = random_below(120);
      uint32_t low = random_below(256), spread = 1 + random_below(256);
      for (size_t k = 0; k < n; k++)
        s[k] = (char)(low + random_below(spread));
      n_wrong += !round_trip(&t, s, n);
    }
    CHECK_INT(n_wrong, 0);
    llg_tokenizer_close(&t);
  }
}

static void long_texts_come_in_batches(void) {
  static char s[MAX_BYTES];
  struct llg_tokenizer t = opened("o200k_base");
  for (size_t n = 2000; n < MAX_BYTES; n += 97) {
    for (size_t i = 0; i < n; i++)
      s[i] = " ,.x1\n"[random_below(n % 2 == 0 ? 6 : 2)];
    memset(s + n / 2, 'z', 300); /* a long piece between two batches */
    CHECK(round_trip(&t, s, n));
  }
  llg_tokenizer_close(&t);
}

/* ---- merging, beside the definition of it */

static size_t
merge_plainly(const struct llg_encoding *e, const char *s, size_t n, uint32_t *ids) {
  for (size_t i = 0; i < n; i++)
    ids[i] = llg_byte_id[(unsigned char)s[i]];
  for (;;) {
    size_t best = 0;
    uint32_t best_id = UINT32_MAX;
    for (size_t i = 0; i + 1 < n; i++) {
      uint32_t id = llg_encoding_merge(e, ids[i], ids[i + 1]);
      if (id != 0 && id < best_id) {
        best = i;
        best_id = id;
      }
    }
    if (best_id == UINT32_MAX) return n;
    ids[best] = best_id;
    memmove(ids + best + 1, ids + best + 2, (n - best - 2) * sizeof *ids);
    n--;
  }
}

static int merges_plainly(
  const struct llg_encoding *e, const char *s, size_t n, struct llg_merge_work *work) {
  static uint32_t want[MAX_BYTES];
  const uint32_t *ids;
  size_t n_ids, n_want = merge_plainly(e, s, n, want);
  if (llg_merge(e, (const unsigned char *)s, n, work, &ids, &n_ids) != LLG_OK) return 0;
  return n_ids == n_want && memcmp(ids, want, n_ids * sizeof *ids) == 0;
}

static void merging_is_lowest_rank_first(void) {
  static const char *const alphabets[] = { "a",
                                           "ab",
                                           "the ing",
                                           "aaaab",
                                           "0123",
                                           "\xE4\xB8\x80",
                                           "\xD0\xB0\xD1\x82\xBE",
                                           "\xE0\xB8\x81\x99\xE3\x82",
                                           "!=-_/" };
  static char s[MAX_BYTES];
  for (size_t i = 0; llg_encoding_at(i) != NULL; i++) {
    struct llg_merge_work work = { 0 };
    int n_wrong = 0;
    for (int round = 0; round < 1500; round++) {
      const char *alphabet
        = alphabets[(size_t)round % (sizeof alphabets / sizeof *alphabets)];
      size_t n = 1 + random_below(round % 3 == 0 ? 400 : 140);
      for (size_t k = 0; k < n; k++)
        s[k] = alphabet[random_below((uint32_t)strlen(alphabet))];
      n_wrong += !merges_plainly(llg_encoding_at(i), s, n, &work);
    }
    CHECK_INT(n_wrong, 0);
    llg_merge_free(&work);
  }
}

/* Characters that start as one token give what their bytes give. */
static void sure_characters_change_nothing(void) {
  static const uint32_t firsts[] = { 0x4E00, 0x3040, 0xAC00, 0x0E00, 0x0900,
                                     0x0B80, 0x0C00, 0x10D0, 0x1780, 0x2000,
                                     0x3000, 0xFF00, 0x1E00 };
  static char s[MAX_BYTES];
  static uint64_t cache[LLG_CHAR_CACHE_ENTRIES];
  for (size_t i = 0; llg_encoding_at(i) != NULL; i++) {
    struct llg_merge_work work = { .chars = cache };
    memset(cache, 0, sizeof cache);
    int n_wrong = 0;
    for (int round = 0; round < 6000; round++) {
      size_t n = 0, n_chars = 1 + random_below(round % 50 == 0 ? 90 : 12);
      uint32_t first = firsts[random_below(sizeof firsts / sizeof *firsts)];
      for (size_t k = 0; k < n_chars; k++) {
        uint32_t code = first + random_below(first == 0x4E00 ? 0x1200 : 0x70);
        uint32_t odd = random_below(12);
        if (odd == 0)
          code = firsts[random_below(sizeof firsts / sizeof *firsts)] + random_below(99);
        if (odd == 1)
          s[n++] = (char)(odd == 1 ? " a.\x80\xE4\xBD\xC3"[random_below(7)] : 0);
        s[n++] = (char)(0xE0 | code >> 12);
        s[n++] = (char)(0x80 | (code >> 6 & 0x3F));
        s[n++] = (char)(0x80 | (code & 0x3F));
      }
      n_wrong += !merges_plainly(llg_encoding_at(i), s, n, &work);
    }
    CHECK_INT(n_wrong, 0);
    llg_merge_free(&work);
  }
}

/* ---- limits */

static void a_long_piece_is_bounded(void) {
  struct llg_tokenizer t = opened("o200k_base");
  size_t n = LLG_MAX_PIECE_BYTES + 1, count = 0, n_kept;
  char *s = malloc(n);
  if (!CHECK(s != NULL)) return;
  memset(s, ' ', n);
  CHECK_INT(llg_tokenizer_count(&t, s, n, (size_t)-2, &count), LLG_LIMIT);
  CHECK_INT(llg_tokenizer_truncate(&t, s, n, 5, &n_kept, &count), LLG_LIMIT);
  CHECK_INT(llg_tokenizer_count(&t, s, n, 5, &count), LLG_OK); /* knows without merging */
  CHECK(count > 5);
  CHECK_INT(llg_tokenizer_count(&t, s, 1024, (size_t)-2, &count), LLG_OK);
  CHECK_INT(count, 8);
  free(s);
  llg_tokenizer_close(&t);
}

static void memory_is_given_back(void) {
  static char s[100000];
  struct llg_tokenizer t = opened("cl100k_base");
  size_t count;
  memset(s, 'a', sizeof s);
  CHECK_INT(llg_tokenizer_count(&t, s, sizeof s, (size_t)-2, &count), LLG_OK);
  CHECK_INT(count, sizeof s / 8);
  CHECK(t.work.block == NULL);
  CHECK_INT(llg_tokenizer_count(&t, s, 300, (size_t)-2, &count), LLG_OK);
  CHECK(t.work.block_bytes <= 64 * LLG_KIB);
  llg_tokenizer_close(&t);
  llg_tokenizer_close(&t); /* twice is once */
  CHECK(t.cache == NULL && t.work.block == NULL);
}

static void counting_stops_early(void) {
  struct llg_tokenizer t = opened("o200k_base");
  static const char s[] = "one two three four five";
  for (size_t limit = 0; limit <= 6; limit++) {
    size_t count;
    CHECK_INT(llg_tokenizer_count(&t, s, sizeof s - 1, limit, &count), LLG_OK);
    if (limit >= 5)
      CHECK_INT(count, 5);
    else
      CHECK(count > limit);
  }
  llg_tokenizer_close(&t);
}

/* ---- truncation */

static void a_cut_keeps_characters_whole(void) {
  static const char *const texts[]
    = { "Hello, w\xC3\xB6rld! \xE4\xBD\xA0\xE5\xA5\xBD\xF0\x9F\x98\x80",
        "\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7 family",
        "a  \n\n   b   \t c's don't \xE0\xB8\x81\xE0\xB8\xB3",
        "broken \xE4\xBD \xC3 \xFF\xFE ok \xF0\x9F",
        "a \t1 b  \n \v2" /* white space at the end becomes one piece */ };
  for (size_t e = 0; llg_encoding_at(e) != NULL; e++) {
    struct llg_tokenizer t = opened(llg_encoding_at(e)->name);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
      const char *s = texts[i];
      size_t n = strlen(s), before = 0;
      for (size_t limit = 0; limit < 60; limit++) {
        size_t n_kept, count, again;
        CHECK_INT(llg_tokenizer_truncate(&t, s, n, limit, &n_kept, &count), LLG_OK);
        CHECK_INT(llg_tokenizer_count(&t, s, n_kept, (size_t)-2, &again), LLG_OK);
        CHECK_INT(again, count);
        CHECK(count <= limit);
        CHECK(n_kept >= before && n_kept <= n);
        int inside = n_kept < n && ((unsigned char)s[n_kept] & 0xC0) == 0x80;
        CHECK(!inside || i == 3);
        before = n_kept;
      }
      CHECK_INT(before, n);
    }
    llg_tokenizer_close(&t);
  }
}

/* ---- special tokens */

static void special_tokens_are_found_where_allowed(void) {
  const struct llg_encoding *e = llg_encoding_find("o200k_harmony");
  static const char s[]
    = "<|start|>a<|<|end|><|reserved_200013|><|reserved_200002|><|end|";
  static const uint32_t ids[] = { 200007 };
  struct llg_allowed none = { 0 }, all = { .all = 1 }, end = { .ids = ids, .n_ids = 1 };
  size_t n = sizeof s - 1, length;
  uint32_t id;
  CHECK_INT(llg_special_next(e, &none, s, 0, n, &id, &length), n);
  CHECK_INT(llg_special_next(e, &end, s, 0, n, &id, &length), 12);
  CHECK_INT(id, 200007);
  CHECK_INT(length, 7);
  CHECK_INT(llg_special_next(e, &all, s, 0, n, &id, &length), 0);
  CHECK_INT(id, 200006);
  CHECK_INT(llg_special_next(e, &all, s, 13, n, &id, &length), 19);
  CHECK_INT(id, 200013);
  /* 200002 has a name and is not reserved; the last one is cut */
  CHECK_INT(llg_special_next(e, &all, s, 20, n, &id, &length), n);
}

static void special_tokens_decode(void) {
  static const struct {
    const char *encoding, *text;
    uint32_t id;
  } cases[] = { { "o200k_base", "<|endoftext|>", 199999 },
                { "o200k_base", "<|endofprompt|>", 200018 },
                { "o200k_harmony", "<|startoftext|>", 199998 },
                { "o200k_harmony", "<|return|>", 200002 },
                { "o200k_harmony", "<|constrain|>", 200003 },
                { "o200k_harmony", "<|channel|>", 200005 },
                { "o200k_harmony", "<|start|>", 200006 },
                { "o200k_harmony", "<|message|>", 200008 },
                { "o200k_harmony", "<|call|>", 200012 },
                { "o200k_harmony", "<|reserved_201087|>", 201087 },
                { "o200k_harmony", "<|endofprompt|>", 200018 },
                { "cl100k_base", "<|endoftext|>", 100257 },
                { "cl100k_base", "<|fim_prefix|>", 100258 },
                { "cl100k_base", "<|fim_middle|>", 100259 },
                { "cl100k_base", "<|fim_suffix|>", 100260 },
                { "cl100k_base", "<|endofprompt|>", 100276 },
                { "p50k_base", "<|endoftext|>", 50256 },
                { "r50k_base", "<|endoftext|>", 50256 } };
  unsigned char bytes[LLG_MAX_TOKEN_BYTES];
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const struct llg_encoding *e = llg_encoding_find(cases[i].encoding);
    size_t n = llg_decode(e, cases[i].id, bytes);
    CHECK(n == strlen(cases[i].text) && memcmp(bytes, cases[i].text, n) == 0);
    uint32_t id = 0;
    CHECK_INT(llg_special_match(e, bytes, n, &id), n);
    CHECK_INT(id, cases[i].id);
  }
  static const struct {
    const char *encoding;
    uint32_t id;
  } missing[] = { { "o200k_base", 199998 },    { "o200k_base", 200000 },
                  { "o200k_harmony", 201088 }, { "cl100k_base", 100256 },
                  { "cl100k_base", 100277 },   { "p50k_base", 50281 },
                  { "r50k_base", 50257 },      { "r50k_base", UINT32_MAX } };
  for (size_t i = 0; i < sizeof missing / sizeof *missing; i++)
    CHECK_INT(
      llg_decode(llg_encoding_find(missing[i].encoding), missing[i].id, bytes), 0);
}

/* ---- memory that runs out */

static void every_allocation_may_fail(void) {
  static char s[5000];
  memset(s, 'x', sizeof s);
  long n_failed = 0;
  for (long nth = 1;; nth++) {
    struct llg_tokenizer t = { 0 };
    size_t count = 0;
    llg_test_fail_at(nth);
    enum llg_status status = llg_tokenizer_open(&t, llg_encoding_find("o200k_base"));
    if (status == LLG_OK)
      status = llg_tokenizer_count(&t, s, sizeof s, (size_t)-2, &count);
    else
      CHECK(t.cache == NULL);
    llg_test_fail_at(0);
    if (t.cache != NULL) {
      CHECK_INT(llg_tokenizer_count(&t, "still here", 10, (size_t)-2, &count), LLG_OK);
      CHECK_INT(count, 2);
    }
    llg_tokenizer_close(&t);
    if (status == LLG_OK) break;
    CHECK_INT(status, LLG_NOMEM);
    n_failed++;
  }
  CHECK(n_failed >= 3); /* the caches, and a long piece */
}

int main(void) {
  RUN(every_byte_is_a_token);
  RUN(every_token_encodes_to_itself);
  RUN(random_bytes_come_back);
  RUN(long_texts_come_in_batches);
  RUN(merging_is_lowest_rank_first);
  RUN(sure_characters_change_nothing);
  RUN(a_long_piece_is_bounded);
  RUN(memory_is_given_back);
  RUN(counting_stops_early);
  RUN(a_cut_keeps_characters_whole);
  RUN(special_tokens_are_found_where_allowed);
  RUN(special_tokens_decode);
  RUN(every_allocation_may_fail);
  return TEST_END();
}
