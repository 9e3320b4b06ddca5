/*
** vocabulary.h - one vocabulary of byte-pair merges, as read-only data that is ready for use:
** nothing is built when it is loaded, and processes share its pages.
**
** Ids 0..255 are single bytes; every higher id is the merge of two lower ones, and its rank
** is the id itself. The merges stand in one open-addressed table (see generate.c, which
** makes it). The home of the pair (left, right) is
**     (left * left_factor + (right * right_factor >> LLG_HASH_SHIFT)) & mask
** and a slot of 5 bytes, low byte first, holds the right half, how far the slot is from its
** home, and the id. Since for one right half the home is a bijection of the left, these
** fields name the pair exactly: no second look, no false match.
*/
#ifndef LLG_VOCABULARY_H
#define LLG_VOCABULARY_H

#include <stddef.h>
#include <stdint.h>

#include "bytes.h"

enum {
  LLG_SLOT_BYTES = 5,
  LLG_SLOT_ID_BITS = 18,     /* an id, and so a half of a pair, is below 2^18 */
  LLG_SLOT_DISTANCE_BITS = 4 /* no slot is further than 15 from its home */
};

#define LLG_HASH_SHIFT 12
#define LLG_MAX_TOKEN_BYTES 128 /* the longest token of any vocabulary */

/* A merge that can break a character of three bytes: its right half is the beginning of one
** (and its left half does not end in ASCII), or its left half is the end of one. Of several
** that differ in rank alone, the lowest. */
struct llg_crossing {
  uint32_t rank;
  unsigned char is_end;   /* the half is the end of a character, else the beginning */
  unsigned char n_bytes;  /* of the half: 1 or 2 */
  unsigned char bytes[2]; /* the half */
  unsigned char next;     /* for an end: the first byte behind it */
};

struct llg_vocabulary {
  const unsigned char *slots; /* mask + 1 + 15 slots, 3 bytes of padding behind them */
  const unsigned char
    *where;       /* for each id from 256: its slot number, 3 bytes, or all ones */
  uint32_t n_ids; /* ids 0 .. n_ids - 1, perhaps with gaps */
  uint32_t mask;
  uint32_t left_factor;
  uint32_t left_inverse; /* left_factor * left_inverse == 1 (mod 2^32) */
  uint32_t right_factor;
  uint32_t n_crossings;
  const struct llg_crossing *crossings;
};

extern const struct llg_vocabulary llg_vocabulary_o200k;
extern const struct llg_vocabulary llg_vocabulary_cl100k;
extern const struct llg_vocabulary llg_vocabulary_p50k;

/* The id of each byte, the same in all vocabularies, and its inverse. */
extern const unsigned char llg_byte_id[256];
extern const unsigned char llg_id_byte[256];

static inline uint32_t
llg_pair_home(const struct llg_vocabulary *v, uint32_t left, uint32_t right) {
  return (left * v->left_factor + (right * v->right_factor >> LLG_HASH_SHIFT)) & v->mask;
}

/* The id that left and right merge to, or 0: no merge has an id below 256. */
static inline uint32_t
llg_pair_merge(const struct llg_vocabulary *v, uint32_t left, uint32_t right) {
  const uint64_t step = (uint64_t)1 << LLG_SLOT_ID_BITS;
  const uint64_t low = (step << LLG_SLOT_DISTANCE_BITS) - 1;
  const uint64_t id = ((uint64_t)1 << LLG_SLOT_ID_BITS) - 1;
  const unsigned char *p = v->slots
                           + (size_t)llg_pair_home(v, left, right) * LLG_SLOT_BYTES;
  uint64_t key = right;
  for (;;) {
    uint64_t slot = llg_load64(p);
    if ((slot & low) == key)
      return (uint32_t)(slot >> (LLG_SLOT_ID_BITS + LLG_SLOT_DISTANCE_BITS) & id);
    /* Slots stand in the order of their homes: one that is nearer to its home than we are
       to ours stands where our pair would. */
    if ((slot & low) >> LLG_SLOT_ID_BITS < key >> LLG_SLOT_ID_BITS) return 0;
    key += step;
    if (key > low) return 0;
    p += LLG_SLOT_BYTES;
  }
}

/* Write the bytes of a token (at most LLG_MAX_TOKEN_BYTES) and return their number; 0 when
** the vocabulary has no such id. */
size_t llg_token_bytes(const struct llg_vocabulary *v, uint32_t id, unsigned char *bytes);

#endif
