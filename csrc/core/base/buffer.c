#include "buffer.h"

#include <stdint.h>
#include <string.h>

#include "memory.h"

enum { FIRST_CAPACITY = 256 };

void llg_buffer_init(struct llg_buffer *b, size_t max_bytes) {
  memset(b, 0, sizeof *b);
  b->max_bytes = max_bytes;
}

/* Appends alone double the block, never over the maximum. Behind bytes that were consumed
** it is twice what has to move: by the time it is full, as many have come or gone. Either
** way n appends copy O(n) bytes in all. */
static size_t grown(const struct llg_buffer *b, size_t need) {
  if (b->start > 0 && need <= SIZE_MAX / 2) return 2 * need;
  size_t capacity = b->capacity < FIRST_CAPACITY ? FIRST_CAPACITY : b->capacity;
  while (capacity < need && capacity <= b->max_bytes / 2)
    capacity *= 2;
  return capacity < need ? b->max_bytes : capacity;
}

char *llg_buffer_reserve(struct llg_buffer *b, size_t n, enum llg_status *status) {
  if (n > b->max_bytes - b->len) {
    *status = LLG_LIMIT;
    return NULL;
  }
  if (b->data != NULL && n <= b->capacity - b->start - b->len)
    return b->data + b->start + b->len;
  /* Moving is paid for by the bytes consumed before. */
  if (b->data != NULL && b->start >= b->len && b->len + n <= b->capacity) {
    memmove(b->data, b->data + b->start, b->len);
    b->start = 0;
    return b->data + b->len;
  }
  size_t capacity = grown(b, b->len + n);
  char *data = b->start == 0 ? llg_realloc(b->data, capacity) : llg_malloc(capacity);
  if (data == NULL) {
    *status = LLG_NOMEM;
    return NULL;
  }
  if (b->start > 0) {
    memcpy(data, b->data + b->start, b->len);
    llg_free(b->data);
    b->start = 0;
  }
  b->data = data;
  b->capacity = capacity;
  return data + b->len;
}

void llg_buffer_commit(struct llg_buffer *b, size_t n) {
  b->len += n;
}

enum llg_status llg_buffer_append(struct llg_buffer *b, const void *bytes, size_t n) {
  if (n == 0) return LLG_OK;
  enum llg_status status = LLG_OK;
  char *at = llg_buffer_reserve(b, n, &status);
  if (at == NULL) return status;
  memcpy(at, bytes, n);
  b->len += n;
  return LLG_OK;
}

void llg_buffer_consume(struct llg_buffer *b, size_t n) {
  b->start += n;
  b->len -= n;
  if (b->len == 0) b->start = 0;
}

void llg_buffer_clear(struct llg_buffer *b) {
  b->start = b->len = 0;
}

void llg_buffer_free(struct llg_buffer *b) {
  llg_free(b->data);
  llg_buffer_init(b, b->max_bytes);
}
