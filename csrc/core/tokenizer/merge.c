#include "merge.h"

#include <string.h>

#include "../memory.h"

#define NONE UINT32_MAX /* the rank of a pair that does not merge; no position */

static inline uint32_t
rank_of(const struct llg_encoding *e, uint32_t left, uint32_t right) {
  /* No pair is id 0 and r50k ends before the merges of p50k do: both become NONE or more. */
  uint32_t id = llg_pair_merge(e->vocabulary, left, right);
  return id - 1 < e->n_ids - 1 ? id : NONE;
}

static size_t merge_short(
  const struct llg_encoding *e, const unsigned char *s, size_t n, uint32_t *ids,
  uint32_t *ranks) {
  ids[0] = llg_byte_id[s[0]];
  for (size_t i = 1; i < n; i++) {
    ids[i] = llg_byte_id[s[i]];
    ranks[i - 1] = rank_of(e, ids[i - 1], ids[i]);
  }
  while (n > 1) {
    size_t best = 0;
    for (size_t i = 1; i + 1 < n; i++)
      if (ranks[i] < ranks[best]) best = i;
    if (ranks[best] == NONE) break;
    ids[best] = ranks[best];
    n--;
    memmove(ids + best + 1, ids + best + 2, (n - best - 1) * sizeof *ids);
    if (best + 1 < n) {
      memmove(ranks + best + 1, ranks + best + 2, (n - best - 2) * sizeof *ranks);
      ranks[best] = rank_of(e, ids[best], ids[best + 1]);
    }
    if (best > 0) ranks[best - 1] = rank_of(e, ids[best - 1], ids[best]);
  }
  return n;
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

static void
fill(struct list *l, const struct llg_encoding *e, const unsigned char *s, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    l->ids[i] = llg_byte_id[s[i]];
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

static size_t merge_long(
  struct list *l, const struct llg_encoding *e, const unsigned char *s, uint32_t n) {
  fill(l, e, s, n);
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
    *n_ids = merge_short(encoding, s, n, work->ids, work->ranks);
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
  *n_ids = merge_long(&l, encoding, s, (uint32_t)n);
  return LLG_OK;
}

void llg_merge_free(struct llg_merge_work *work) {
  llg_free(work->block);
  work->block = NULL;
  work->block_bytes = 0;
}
