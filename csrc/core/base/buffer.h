/*
** buffer.h - a bounded byte buffer: append at the end, consume from the front.
**
** It cannot be made without a maximum. A failed append leaves the contents as they were.
** Zeroed memory with max_bytes set is a valid empty buffer; nothing is allocated before
** the first byte comes.
*/
#ifndef LLG_BUFFER_H
#define LLG_BUFFER_H

#include <stddef.h>

#include "status.h"

struct llg_buffer {
  char *data;       /* the block, or NULL */
  size_t start;     /* offset of the first byte not yet consumed */
  size_t len;       /* bytes that may be read, from start */
  size_t capacity;  /* size of the block; up to twice max_bytes where some is consumed */
  size_t max_bytes; /* len never exceeds this */
};

void llg_buffer_init(struct llg_buffer *b, size_t max_bytes);

/* LLG_OK, LLG_LIMIT (max_bytes would be exceeded) or LLG_NOMEM. */
enum llg_status llg_buffer_append(struct llg_buffer *b, const void *bytes, size_t n);

/* Room for n more bytes at the returned address, or NULL with *status set. What is
** written there counts once llg_buffer_commit was called. */
char *llg_buffer_reserve(struct llg_buffer *b, size_t n, enum llg_status *status);
void llg_buffer_commit(struct llg_buffer *b, size_t n);

/* Drop n bytes (n <= len) from the front. */
void llg_buffer_consume(struct llg_buffer *b, size_t n);

/* Forget the contents, keep the block. */
void llg_buffer_clear(struct llg_buffer *b);

/* Give the block back; the buffer is empty and may be used again. */
void llg_buffer_free(struct llg_buffer *b);

static inline char *llg_buffer_bytes(const struct llg_buffer *b) {
  return b->data == NULL ? NULL : b->data + b->start;
}

#endif
