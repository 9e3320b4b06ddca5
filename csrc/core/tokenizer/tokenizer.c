#include "tokenizer.h"

#include <string.h>

#include "../base/memory.h"
#include "bytes.h"
#include "unicode.h"

/* A block of a long piece that is worth keeping for the next one. */
#define KEPT_BLOCK_BYTES (64 * LLG_KIB)

enum llg_status
llg_tokenizer_open(struct llg_tokenizer *t, const struct llg_encoding *encoding) {
  t->encoding = encoding;
  t->work.chars = llg_calloc(LLG_CHAR_CACHE_ENTRIES, sizeof *t->work.chars);
  t->cache = llg_calloc(encoding->n_cached, sizeof *t->cache);
  t->long_cache = llg_calloc(LLG_LONG_PIECE_CACHE_ENTRIES, sizeof *t->long_cache);
  if (t->work.chars != NULL && t->cache != NULL && t->long_cache != NULL) return LLG_OK;
  llg_tokenizer_close(t);
  return LLG_NOMEM;
}

void llg_tokenizer_close(struct llg_tokenizer *t) {
  llg_free(t->cache);
  llg_free(t->long_cache);
  llg_free(t->work.chars);
  t->cache = NULL;
  t->long_cache = NULL;
  t->work.chars = NULL;
  llg_merge_free(&t->work);
}

static void shrink(struct llg_tokenizer *t) {
  if (t->work.block_bytes > KEPT_BLOCK_BYTES) llg_merge_free(&t->work);
}

/* The key of the piece of `length` (<= 15) bytes at s, `left` bytes before the end. */
static inline void
piece_key(const unsigned char *s, size_t length, size_t left, uint64_t key[2]) {
  static const uint64_t low_bytes[9] = {
    0,
    0xFF,
    0xFFFF,
    0xFFFFFF,
    0xFFFFFFFF,
    0xFFFFFFFFFF,
    0xFFFFFFFFFFFF,
    0xFFFFFFFFFFFFFF,
    0xFFFFFFFFFFFFFFFF,
  };
  unsigned char copy[16] = { 0 };
  if (left < sizeof copy) {
    memcpy(copy, s, length);
    s = copy;
  }
  key[0] = llg_load64(s) & low_bytes[length < 8 ? length : 8];
  key[1] = (llg_load64(s + 8) & low_bytes[length < 8 ? 0 : length - 8])
           | (uint64_t)length << 56;
}

/* The entry of this key; if it is new, its n_ids is 0. Two entries share a bucket: the one
** used last stands first, the other one is the next to go. */
static inline struct llg_piece *
find_piece(const struct llg_tokenizer *t, const uint64_t key[2]) {
  uint64_t hash = key[0] * 0x9E3779B97F4A7C15u + key[1] * 0xD6E8FEB86659FD93u;
  struct llg_piece *two = t->cache + 2 * (hash >> 32 & (t->encoding->n_cached / 2 - 1));
  if (two[0].key[0] == key[0] && two[0].key[1] == key[1]) return two;
  struct llg_piece found = two[1];
  two[1] = two[0];
  if (found.key[0] != key[0] || found.key[1] != key[1]) {
    found.key[0] = key[0];
    found.key[1] = key[1];
    found.n_ids = 0;
  }
  two[0] = found;
  return two;
}

/* A piece of at most 31 bytes that is too much for the other cache. */
static void long_piece_tokens(
  struct llg_tokenizer *t, const unsigned char *s, size_t length, const uint32_t **ids,
  size_t *n_ids) {
  unsigned char key[LLG_CACHED_LONG_BYTES + 1] = { 0 };
  memcpy(key, s, length);
  key[LLG_CACHED_LONG_BYTES] = (unsigned char)length;
  uint64_t hash = 0;
  for (size_t i = 0; i < sizeof key; i += 8)
    hash = (hash ^ llg_load64(key + i)) * 0x9E3779B97F4A7C15u;
  struct llg_long_piece *piece
    = &t->long_cache[hash >> 40 & (LLG_LONG_PIECE_CACHE_ENTRIES - 1)];
  if (memcmp(piece->key, key, sizeof key) == 0) {
    *ids = piece->ids;
    *n_ids = piece->n_ids;
    return;
  }
  llg_merge(t->encoding, s, length, &t->work, ids, n_ids); /* short: cannot fail */
  if (*n_ids > LLG_CACHED_LONG_IDS) return;
  memcpy(piece->key, key, sizeof key);
  memcpy(piece->ids, *ids, *n_ids * sizeof **ids);
  piece->n_ids = (uint32_t)*n_ids;
}

/* The tokens of one piece; with ids == NULL only their number. */
static inline enum llg_status piece_tokens(
  struct llg_tokenizer *t, const unsigned char *s, size_t length, size_t left,
  const uint32_t **ids, size_t *n_ids) {
  const uint32_t *merged;
  if (length > LLG_CACHED_LONG_BYTES)
    return llg_merge(
      t->encoding, s, length, &t->work, ids != NULL ? ids : &merged, n_ids);
  if (length > LLG_CACHED_BYTES) {
    long_piece_tokens(t, s, length, ids != NULL ? ids : &merged, n_ids);
    return LLG_OK;
  }
  uint64_t key[2];
  piece_key(s, length, left, key);
  struct llg_piece *piece = find_piece(t, key);
  if (piece->n_ids != 0) {
    *n_ids = piece->n_ids;
    if (ids == NULL) return LLG_OK;
    *ids = piece->ids;
    if (piece->n_ids > LLG_CACHED_IDS) long_piece_tokens(t, s, length, ids, n_ids);
    return LLG_OK;
  }
  llg_merge(t->encoding, s, length, &t->work, &merged, n_ids); /* short: cannot fail */
  piece->n_ids = (uint32_t)*n_ids;
  if (*n_ids <= LLG_CACHED_IDS) memcpy(piece->ids, merged, *n_ids * sizeof *merged);
  if (ids != NULL) *ids = merged;
  return LLG_OK;
}

enum llg_status llg_tokenizer_next(
  struct llg_tokenizer *t, const char *s, size_t n, size_t *at, const uint32_t **ids,
  size_t *n_ids) {
  const unsigned char *bytes = (const unsigned char *)s;
  size_t end = t->encoding->split(bytes, *at, n);
  t->turn++;
  shrink(t);
  enum llg_status status = piece_tokens(t, bytes + *at, end - *at, n - *at, ids, n_ids);
  *at = end;
  return status;
}

enum llg_status llg_tokenizer_encode(
  struct llg_tokenizer *t, const char *s, size_t n, size_t *at, const uint32_t **ids,
  size_t *n_ids) {
  const unsigned char *bytes = (const unsigned char *)s;
  llg_split *split = t->encoding->split;
  size_t n_batch = 0;
  t->turn++;
  while (*at < n && n_batch <= LLG_BATCH_IDS - LLG_SHORT_PIECE) {
    size_t end = split(bytes, *at, n);
    if (end - *at > LLG_SHORT_PIECE) break;
    piece_tokens(t, bytes + *at, end - *at, n - *at, ids, n_ids); /* cannot fail */
    t->batch[n_batch] = (*ids)[0];
    if (*n_ids > 1) memcpy(t->batch + n_batch, *ids, *n_ids * sizeof **ids);
    n_batch += *n_ids;
    *at = end;
  }
  if (n_batch == 0) return llg_tokenizer_next(t, s, n, at, ids, n_ids);
  *ids = t->batch;
  *n_ids = n_batch;
  return LLG_OK;
}

/* A piece of n bytes has at least this many tokens. */
static size_t least_tokens(size_t n) {
  return (n + LLG_MAX_TOKEN_BYTES - 1) / LLG_MAX_TOKEN_BYTES;
}

enum llg_status llg_tokenizer_count(
  struct llg_tokenizer *t, const char *s, size_t n, size_t limit, size_t *count) {
  const unsigned char *bytes = (const unsigned char *)s;
  llg_split *split = t->encoding->split;
  enum llg_status status = LLG_OK;
  size_t at = 0, total = 0;
  t->turn++;
  while (at < n && total <= limit) {
    size_t n_ids, end = split(bytes, at, n);
    if (end - at > LLG_SHORT_PIECE && least_tokens(end - at) > limit - total) {
      total = limit + 1;
      break;
    }
    status = piece_tokens(t, bytes + at, end - at, n - at, NULL, &n_ids);
    if (status != LLG_OK) break;
    total += n_ids;
    at = end;
  }
  shrink(t);
  *count = total;
  return status;
}

/* The bytes of the first n_ids tokens of a piece. */
static size_t
span(const struct llg_vocabulary *vocabulary, const uint32_t *ids, size_t n_ids) {
  unsigned char bytes[LLG_MAX_TOKEN_BYTES];
  size_t n = 0;
  for (size_t i = 0; i < n_ids; i++)
    n += llg_token_bytes(vocabulary, ids[i], bytes);
  return n;
}

/* The piece in which a text is cut may be split in another way when it ends there, and so
** may the two before it: white space at the end is one piece. Hence a second look from two
** pieces back, where `known` tokens stand before; what is too long loses a character. */
static enum llg_status recount(
  struct llg_tokenizer *t, const char *s, size_t n, size_t from, size_t known,
  size_t limit, size_t *n_kept, size_t *count) {
  const unsigned char *bytes = (const unsigned char *)s;
  for (size_t end = llg_char_floor(bytes, n, *n_kept);;
       end = llg_char_floor(bytes, n, end - 1)) {
    if (end <= from) from = known = 0;
    enum llg_status status = llg_tokenizer_count(
      t, s + from, end - from, limit - known, count);
    if (status != LLG_OK) return status;
    *count += known;
    *n_kept = end;
    if (*count <= limit) return LLG_OK;
  }
}

enum llg_status llg_tokenizer_truncate(
  struct llg_tokenizer *t, const char *s, size_t n, size_t limit, size_t *n_kept,
  size_t *count) {
  const uint32_t *ids = NULL;
  size_t starts[3] = { 0 }, totals[3] = { 0 }; /* of this piece and the two before it */
  size_t at = 0, total = 0, n_ids = 0;
  while (at < n) {
    memmove(starts + 1, starts, 2 * sizeof *starts);
    memmove(totals + 1, totals, 2 * sizeof *totals);
    starts[0] = at;
    totals[0] = total;
    enum llg_status status = llg_tokenizer_next(t, s, n, &at, &ids, &n_ids);
    if (status != LLG_OK) return status;
    if (n_ids > limit - total) {
      *n_kept = starts[0] + span(t->encoding->vocabulary, ids, limit - total);
      return recount(t, s, n, starts[2], totals[2], limit, n_kept, count);
    }
    total += n_ids;
  }
  *n_kept = n;
  *count = total;
  return LLG_OK;
}

static int is_allowed(const struct llg_allowed *allowed, uint32_t id) {
  if (allowed->all) return 1;
  for (size_t i = 0; i < allowed->n_ids; i++)
    if (allowed->ids[i] == id) return 1;
  return 0;
}

size_t llg_special_next(
  const struct llg_encoding *encoding, const struct llg_allowed *allowed, const char *s,
  size_t at, size_t n, uint32_t *id, size_t *length) {
  if (!allowed->all && allowed->n_ids == 0) return n;
  while (at < n) {
    const char *found = memchr(s + at, '<', n - at);
    if (found == NULL) return n;
    at = (size_t)(found - s);
    *length = llg_special_match(encoding, (const unsigned char *)found, n - at, id);
    if (*length > 0 && is_allowed(allowed, *id)) return at;
    at++;
  }
  return n;
}

size_t
llg_decode(const struct llg_encoding *encoding, uint32_t id, unsigned char *bytes) {
  if (id < encoding->n_ids) {
    size_t n = llg_token_bytes(encoding->vocabulary, id, bytes);
    if (n > 0) return n;
  }
  char text[LLG_SPECIAL_BYTES];
  size_t n = llg_special_text(encoding, id, text);
  memcpy(bytes, text, n);
  return n;
}
