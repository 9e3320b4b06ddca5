#include "merge.h"

#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "../base/memory.h"
#include "symbols.h"

#define NONE UINT32_MAX /* the rank of a pair that does not merge; no position */

_Static_assert(LLG_SHORT_PIECE <= 128, "a position of a short piece has 7 bits");

static inline uint32_t
rank_of(const struct llg_encoding *e, uint32_t left, uint32_t right) {
  uint32_t id = llg_encoding_merge(e, left, right);
  return id != 0 ? id : NONE;
}

/* ---- short pieces: keys of (rank, position), and the least key of each block of eight */

enum { BLOCK = 8, POSITION_BITS = 7 };

#define NO_KEY (UINT32_C(1) << (LLG_SLOT_ID_BITS + POSITION_BITS)) /* and all above */

/* The pair at `at`; from NO_KEY on when it does not merge. */
static inline uint32_t
pair_key(const struct llg_encoding *e, uint32_t left, uint32_t right, size_t at) {
  uint32_t rank = rank_of(e, left, right);
  return rank << POSITION_BITS | (uint32_t)at;
}

static inline uint32_t lower(uint32_t a, uint32_t b) {
  return a < b ? a : b;
}

static inline void set_least(struct llg_merge_work *w, size_t at) {
  const uint32_t *k = w->keys + at / BLOCK * BLOCK;
  w->least[at / BLOCK] = lower(
    lower(lower(k[0], k[1]), lower(k[2], k[3])),
    lower(lower(k[4], k[5]), lower(k[6], k[7])));
}

/* Returns the number of symbols. */
static size_t fill_short(
  const struct llg_encoding *e, const unsigned char *s, size_t n,
  struct llg_merge_work *w) {
  n = llg_symbols(e, s, n, w->chars, w->ids);
  size_t end = (n + BLOCK - 1) / BLOCK * BLOCK;
  for (size_t i = 0; i < n; i++) {
    w->next[i] = (uint8_t)(i + 1);
    w->prev[i] = (uint8_t)(i - 1);
  }
  for (size_t i = 0; i + 1 < n; i++)
    w->keys[i] = pair_key(e, w->ids[i], w->ids[i + 1], i);
  for (size_t i = n - 1; i < end; i++)
    w->keys[i] = NO_KEY;
  for (size_t i = 0; i < end; i += BLOCK)
    set_least(w, i);
  return n;
}

static size_t merge_short(
  const struct llg_encoding *e, const unsigned char *s, size_t n,
  struct llg_merge_work *w) {
  n = fill_short(e, s, n, w);
  size_t n_blocks = (n + BLOCK - 1) / BLOCK;
  for (;;) {
    uint32_t key = w->least[0];
    for (size_t i = 1; i < n_blocks; i++)
      key = lower(key, w->least[i]);
    if (key >= NO_KEY) break;
    size_t at = key & ((1u << POSITION_BITS) - 1);
    size_t gone = w->next[at], after = w->next[gone];
    uint32_t id = key >> POSITION_BITS;
    w->ids[at] = id;
    w->next[at] = (uint8_t)after;
    w->keys[gone] = NO_KEY;
    w->keys[at] = NO_KEY;
    if (after < n) {
      w->prev[after] = (uint8_t)at;
      w->keys[at] = pair_key(e, id, w->ids[after], at);
    }
    if (at > 0) {
      size_t before = w->prev[at];
      w->keys[before] = pair_key(e, w->ids[before], id, before);
      if (before / BLOCK != at / BLOCK) set_least(w, before);
    }
    if (gone / BLOCK != at / BLOCK) set_least(w, gone);
    set_least(w, at);
  }
  size_t n_ids = 0;
  for (size_t at = 0; at < n; at = w->next[at])
    w->ids[n_ids++] = w->ids[at];
  return n_ids;
}

/* ---- long pieces: a list of tokens in arrays, and a heap of (rank, position) */

struct list {
  uint32_t *ids;
  uint32_t *ranks; /* of the pair that starts here; NONE when there is none */
  uint32_t *next, *prev;
  uint64_t *heap; /* entries whose rank is no longer the position's are stale */
  size_t n_heap;
};

static void sift_down(uint64_t *heap, size_t n, size_t at) {
  uint64_t moved = heap[at];
  for (;;) {
    size_t child = 4 * at + 1, best = child;
    if (child >= n) break;
    size_t end = child + 4 < n ? child + 4 : n;
    for (size_t i = child + 1; i < end; i++)
      if (heap[i] < heap[best]) best = i;
    if (heap[best] >= moved) break;
    heap[at] = heap[best];
    at = best;
  }
  heap[at] = moved;
}

static void push(struct list *l, uint32_t rank, uint32_t position) {
  uint64_t entry = (uint64_t)rank << 32 | position;
  size_t at = l->n_heap++;
  while (at > 0 && l->heap[(at - 1) / 4] > entry) {
    l->heap[at] = l->heap[(at - 1) / 4];
    at = (at - 1) / 4;
  }
  l->heap[at] = entry;
}

static void set_rank(struct list *l, const struct llg_encoding *e, uint32_t at) {
  uint32_t next = l->next[at];
  l->ranks[at] = next == NONE ? NONE : rank_of(e, l->ids[at], l->ids[next]);
  if (l->ranks[at] != NONE) push(l, l->ranks[at], at);
}

static void fill_long(struct list *l, const struct llg_encoding *e, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    l->prev[i] = i == 0 ? NONE : i - 1;
    l->next[i] = i + 1 < n ? i + 1 : NONE;
  }
  for (uint32_t i = 0; i < n; i++) {
    l->ranks[i] = i + 1 < n ? rank_of(e, l->ids[i], l->ids[i + 1]) : NONE;
    if (l->ranks[i] != NONE) l->heap[l->n_heap++] = (uint64_t)l->ranks[i] << 32 | i;
  }
  for (size_t i = l->n_heap / 4 + 1; i-- > 0;)
    if (i < l->n_heap) sift_down(l->heap, l->n_heap, i);
}

/* The n symbols stand in l->ids. */
static size_t merge_long(struct list *l, const struct llg_encoding *e, uint32_t n) {
  fill_long(l, e, n);
  while (l->n_heap > 0) {
    uint32_t rank = (uint32_t)(l->heap[0] >> 32), at = (uint32_t)l->heap[0];
    l->heap[0] = l->heap[--l->n_heap];
    if (l->n_heap > 0) sift_down(l->heap, l->n_heap, 0);
    if (l->ranks[at] != rank) continue;
    uint32_t gone = l->next[at], after = l->next[gone];
    l->ids[at] = rank;
    l->ranks[gone] = NONE;
    l->next[at] = after;
    if (after != NONE) l->prev[after] = at;
    set_rank(l, e, at);
    if (l->prev[at] != NONE) set_rank(l, e, l->prev[at]);
  }
  size_t n_ids = 0;
  for (uint32_t at = 0; at != NONE; at = l->next[at])
    l->ids[n_ids++] = l->ids[at];
  return n_ids;
}

enum llg_status llg_merge(
  const struct llg_encoding *encoding, const unsigned char *s, size_t n,
  struct llg_merge_work *work, const uint32_t **ids, size_t *n_ids) {
  if (n <= LLG_SHORT_PIECE) {
    *ids = work->ids;
    *n_ids = merge_short(encoding, s, n, work);
    return LLG_OK;
  }
  if (n > LLG_MAX_PIECE_BYTES) return LLG_LIMIT;
  size_t n_bytes = n * LLG_MERGE_BYTES_PER_BYTE;
  if (n_bytes > work->block_bytes) {
    llg_merge_free(work);
    work->block = llg_malloc(n_bytes);
    if (work->block == NULL) return LLG_NOMEM;
    work->block_bytes = n_bytes;
  }
  /* A merge takes one entry out and puts at most two in: 2n entries are enough. */
  struct list l = { .heap = work->block, .ids = (uint32_t *)work->block + 4 * n };
  l.ranks = l.ids + n;
  l.next = l.ranks + n;
  l.prev = l.next + n;
  *ids = l.ids;
  n = llg_symbols(encoding, s, n, work->chars, l.ids);
  *n_ids = merge_long(&l, encoding, (uint32_t)n);
  return LLG_OK;
}

void llg_merge_free(struct llg_merge_work *work) {
  llg_free(work->block);
#ifdef __GLIBC__
  /* Once it has freed such a block, glibc keeps the next one for itself. */
  if (work->block_bytes > LLG_MIB) malloc_trim(0);
#endif
  work->block = NULL;
  work->block_bytes = 0;
}
