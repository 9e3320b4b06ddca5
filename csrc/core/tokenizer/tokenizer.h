/*
** tokenizer.h - text to tokens and back, exactly as the published encodings have it.
**
** Text is any bytes: what is not UTF-8 is split as if each broken sequence were one U+FFFD,
** and encoded as the bytes that it is, so that decoding gives the text back to the byte.
** Special tokens are text here; who allows some looks for them first (llg_special_next).
**
** A tokenizer belongs to one thread at a time. The vocabularies are constant data; what a
tokenizer owns are caches of pieces and of characters (limits.h) and, while a piece of more
** than LLG_SHORT_PIECE bytes is merged, the memory that merge.h states.
*/
#ifndef LLG_TOKENIZER_H
#define LLG_TOKENIZER_H

#include "merge.h"

enum {
  LLG_CACHED_BYTES = 15,
  LLG_CACHED_IDS = 3,
  LLG_CACHED_LONG_BYTES = 31,
  LLG_CACHED_LONG_IDS = 7,
  LLG_BATCH_IDS = 1024
};

/* One piece of at most 15 bytes and its tokens. */
struct llg_piece {
  uint64_t key[2]; /* the bytes, zeros, and the length in the last byte; 0: empty entry */
  uint32_t ids[LLG_CACHED_IDS]; /* unset when there are more */
  uint32_t n_ids;
};

/* The same for what is longer or has more tokens, up to 31 bytes: indentation, long names,
** East Asian phrases. */
struct llg_long_piece {
  unsigned char key[LLG_CACHED_LONG_BYTES + 1];
  uint32_t ids[LLG_CACHED_LONG_IDS];
  uint32_t n_ids;
};

/* Zeroed memory is a closed tokenizer: only open and close may be called. */
struct llg_tokenizer {
  const struct llg_encoding *encoding;
  struct llg_piece *cache;
  struct llg_long_piece *long_cache;
  struct llg_merge_work work;
  uint64_t turn; /* grows with each use: ids that were handed out before are gone */
  uint32_t batch[LLG_BATCH_IDS];
};

/* LLG_OK or LLG_NOMEM. */
enum llg_status
llg_tokenizer_open(struct llg_tokenizer *t, const struct llg_encoding *encoding);
void llg_tokenizer_close(struct llg_tokenizer *t);

/* The tokens of the piece at s + *at (*at < n), which then stands behind it. They live
** until the tokenizer's next use, which `turn` tells. LLG_OK, LLG_NOMEM or LLG_LIMIT. */
enum llg_status llg_tokenizer_next(
  struct llg_tokenizer *t, const char *s, size_t n, size_t *at, const uint32_t **ids,
  size_t *n_ids);

/* The same for as many pieces as are handy: fewer calls for a long text. */
enum llg_status llg_tokenizer_encode(
  struct llg_tokenizer *t, const char *s, size_t n, size_t *at, const uint32_t **ids,
  size_t *n_ids);

/* The number of tokens of n bytes. Counting stops as soon as there are more than `limit`;
** *count is then any number above it. LLG_OK, LLG_NOMEM or LLG_LIMIT. */
enum llg_status llg_tokenizer_count(
  struct llg_tokenizer *t, const char *s, size_t n, size_t limit, size_t *count);

/* The longest prefix that consists of at most `limit` of the text's tokens and of whole
** characters: its bytes, and the number of its tokens when it is encoded by itself, which is
** never above `limit`. LLG_OK, LLG_NOMEM or LLG_LIMIT. */
enum llg_status llg_tokenizer_truncate(
  struct llg_tokenizer *t, const char *s, size_t n, size_t limit, size_t *n_kept,
  size_t *count);

/* Which special tokens are more than text. */
struct llg_allowed {
  int all;             /* every one of the encoding, or ... */
  const uint32_t *ids; /* ... these */
  size_t n_ids;
};

/* The next allowed special token from s + at on: its offset, with its id and length; n when
** there is none. */
size_t llg_special_next(
  const struct llg_encoding *encoding, const struct llg_allowed *allowed, const char *s,
  size_t at, size_t n, uint32_t *id, size_t *length);

/* The bytes of any token, special ones included: their number, 0 when the encoding has no
** such id. `bytes` has room for LLG_MAX_TOKEN_BYTES. */
size_t llg_decode(const struct llg_encoding *encoding, uint32_t id, unsigned char *bytes);

#endif
