/*
** event_queue.h - finished events that wait for Lua, one behind the other in one block.
**
** The queue itself takes what it is given up to max_bytes; whoever fills it asks
** llg_event_queue_is_high before the next slice and pauses the transfer.
*/
#ifndef LLG_EVENT_QUEUE_H
#define LLG_EVENT_QUEUE_H

#include <stdbool.h>

#include "../base/buffer.h"

struct llg_event {
  const char *data;
  size_t data_len;
  const char *name; /* the SSE event field; "" for none */
  size_t name_len;
  bool bare;         /* it stood in no field: it may be anything */
  bool unterminated; /* the stream ended before the blank line behind it */
};

struct llg_event_queue {
  struct llg_buffer bytes;
  size_t count;
};

/* Whether this name says that the event is an error: "error", "exception", in any case. */
bool llg_event_says_error(const char *name, size_t n);

void llg_event_queue_init(struct llg_event_queue *q, size_t max_bytes);

/* Copies the event. LLG_OK, LLG_LIMIT or LLG_NOMEM. */
enum llg_status
llg_event_queue_push(struct llg_event_queue *q, const struct llg_event *event);

/* The oldest event, valid until the next call that changes the queue; false if it is empty. */
bool llg_event_queue_front(const struct llg_event_queue *q, struct llg_event *event);

/* Drop the oldest event; there must be one. */
void llg_event_queue_pop(struct llg_event_queue *q);

static inline bool llg_event_queue_is_high(const struct llg_event_queue *q) {
  return q->bytes.len >= LLG_QUEUE_HIGH_BYTES;
}
static inline bool llg_event_queue_is_low(const struct llg_event_queue *q) {
  return q->bytes.len <= LLG_QUEUE_LOW_BYTES;
}

void llg_event_queue_free(struct llg_event_queue *q);

#endif
