/*
** merge.h - one piece of text to tokens: merge the pair of the lowest rank, the leftmost of
** several, until no neighbours merge.
**
** Time is bounded: a short piece is scanned for its best pair again and again, a long one
** keeps its pairs in a heap, so that n bytes cost n log n. Memory is bounded: a long piece
** takes LLG_MERGE_BYTES_PER_BYTE for each of its bytes while it is merged, and a piece of
** more than LLG_MAX_PIECE_BYTES (limits.h) is refused.
*/
#ifndef LLG_MERGE_H
#define LLG_MERGE_H

#include "../base/status.h"
#include "encoding.h"

enum {
  LLG_SHORT_PIECE = 128, /* bytes: positions in it have seven bits */
  LLG_MERGE_BYTES_PER_BYTE = 32
};

/* Zeroed memory is ready for use. */
struct llg_merge_work {
  uint64_t *chars; /* the cache of symbols.h, its owner's; may be NULL */
  void *block;     /* of the last long piece, or NULL */
  size_t block_bytes;
  uint32_t ids[LLG_SHORT_PIECE]; /* of the last short piece; see merge.c for the rest */
  uint32_t keys[LLG_SHORT_PIECE];
  uint32_t least[LLG_SHORT_PIECE / 8];
  uint8_t next[LLG_SHORT_PIECE], prev[LLG_SHORT_PIECE];
};

/* The tokens of n > 0 bytes; they are part of `work` and live until its next use. LLG_OK,
** LLG_NOMEM or LLG_LIMIT. */
enum llg_status llg_merge(
  const struct llg_encoding *encoding, const unsigned char *s, size_t n,
  struct llg_merge_work *work, const uint32_t **ids, size_t *n_ids);

/* Give back what the last long piece took. */
void llg_merge_free(struct llg_merge_work *work);

#endif
