/*
** encoding.h - the named encodings: a vocabulary, a pattern, and special tokens.
*/
#ifndef LLG_ENCODING_H
#define LLG_ENCODING_H

#include "split.h"
#include "vocabulary.h"

struct llg_special {
  const char *text; /* "<|endoftext|>" */
  uint32_t id;
};

struct llg_encoding {
  const char *name;
  const struct llg_vocabulary *vocabulary;
  uint32_t n_ids; /* merges with ids from here on are not part of it */
  llg_split *split;
  const struct llg_special *specials; /* ends with a NULL text */
  uint32_t reserved_first;            /* <|reserved_N|> is the token N from here ... */
  uint32_t reserved_last; /* ... to here, but for ids in `specials`; 0: none */
  uint32_t n_cached;      /* entries of the cache of pieces, a power of two */
};

/* The id that left and right merge to, or 0. */
static inline uint32_t
llg_encoding_merge(const struct llg_encoding *e, uint32_t left, uint32_t right) {
  uint32_t id = llg_pair_merge(e->vocabulary, left, right);
  return id < e->n_ids ? id : 0;
}

/* NULL for an unknown name. The struct lives as long as the process. */
const struct llg_encoding *llg_encoding_find(const char *name);

/* The i-th encoding, NULL behind the last. */
const struct llg_encoding *llg_encoding_at(size_t i);

/* The id of the special token that n bytes at s begin with, and its length; 0 when they
** begin with none. */
size_t llg_special_match(
  const struct llg_encoding *encoding, const unsigned char *s, size_t n, uint32_t *id);

enum {
  LLG_SPECIAL_BYTES = 32
}; /* room for the text of any special token, with its NUL */

/* The text of a special token: its length, 0 when the id is none. */
size_t llg_special_text(const struct llg_encoding *encoding, uint32_t id, char *text);

#endif
