/*
** embedding_items.h - the items of an embeddings reply are alike: in what the scan has left of it,
** all but one are taken out, and what they differ in is handed out.
*/
#ifndef LLG_EMBEDDING_ITEMS_H
#define LLG_EMBEDDING_ITEMS_H

#include <stdbool.h>

#include "embedding_scan.h"

/* Of each item, in the order of the body, its `index`; -1: the items have none. */
struct llg_embedding_items {
  long *indexes;
  size_t n;
};

/* Zeroed is empty. Where every item of `data` has its embedding in the scan, and they are flat, the
** same but for that and for `index`, the scan's rest is cut down to the first of them, and true is
** returned. Else, and without memory, nothing changes. */
bool llg_embedding_items(
  struct llg_embedding_items *items, struct llg_embedding_scan *scan);

void llg_embedding_items_free(struct llg_embedding_items *items);

#endif
