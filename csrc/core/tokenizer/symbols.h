/*
** symbols.h - what merging starts from: the bytes of a piece, but for characters of three
** bytes that are sure to become one token whatever stands beside them. In East Asian text
** these are nearly all, and most of the merges.
**
** A character is sure if no merge of a lower rank than its own token can join a part of it
** with a neighbour: until that rank comes, only its own bytes merge, and then it is one. The
** vocabulary's crossings name every merge that could; a few depend on the byte that follows.
** Behind ASCII no character is sure (a space and the first byte of a character merge early).
*/
#ifndef LLG_SYMBOLS_H
#define LLG_SYMBOLS_H

#include "encoding.h"

/* The ids to start from, at most n; their number. `cache` has LLG_CHAR_CACHE_ENTRIES
** (limits.h) zeroed entries at first and belongs to one encoding; NULL: bytes alone. */
size_t llg_symbols(
  const struct llg_encoding *encoding, const unsigned char *s, size_t n, uint64_t *cache,
  uint32_t *ids);

#endif
