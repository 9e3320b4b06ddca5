#include "event_queue.h"

#include <stdint.h>
#include <string.h>

enum { MAX_NAME_BYTES = (1 << 30) - 1 };

/* In front of each event's bytes: the data, then the name. Copied in and out, since the
** block gives no alignment. */
struct head {
  uint32_t data_len;
  uint32_t name_len : 30;
  uint32_t bare : 1;
  uint32_t unterminated : 1;
};

bool llg_event_says_error(const char *name, size_t n) {
  static const char *const names[] = { "error", "exception" };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    size_t at = 0;
    while (at < n && names[i][at] != '\0' && (name[at] | 0x20) == names[i][at])
      at++;
    if (at == n && n > 0 && names[i][at] == '\0') return true;
  }
  return false;
}

void llg_event_queue_init(struct llg_event_queue *q, size_t max_bytes) {
  llg_buffer_init(&q->bytes, max_bytes);
  q->count = 0;
}

enum llg_status
llg_event_queue_push(struct llg_event_queue *q, const struct llg_event *event) {
  struct head head = { .data_len = (uint32_t)event->data_len,
                       .name_len = (uint32_t)event->name_len & MAX_NAME_BYTES,
                       .bare = event->bare,
                       .unterminated = event->unterminated };
  if (event->data_len > UINT32_MAX || event->name_len > MAX_NAME_BYTES) return LLG_LIMIT;
  enum llg_status status = LLG_OK;
  size_t n = sizeof head + event->data_len + event->name_len;
  char *at = llg_buffer_reserve(&q->bytes, n, &status);
  if (at == NULL) return status;
  memcpy(at, &head, sizeof head);
  if (event->data_len > 0) memcpy(at + sizeof head, event->data, event->data_len);
  if (event->name_len > 0)
    memcpy(at + sizeof head + event->data_len, event->name, event->name_len);
  llg_buffer_commit(&q->bytes, n);
  q->count++;
  return LLG_OK;
}

bool llg_event_queue_front(const struct llg_event_queue *q, struct llg_event *event) {
  struct head head;
  if (q->count == 0) return false;
  const char *at = llg_buffer_bytes(&q->bytes);
  memcpy(&head, at, sizeof head);
  event->data = at + sizeof head;
  event->data_len = head.data_len;
  event->name = event->data + head.data_len;
  event->name_len = head.name_len;
  event->bare = head.bare;
  event->unterminated = head.unterminated;
  return true;
}

void llg_event_queue_pop(struct llg_event_queue *q) {
  struct head head;
  memcpy(&head, llg_buffer_bytes(&q->bytes), sizeof head);
  llg_buffer_consume(&q->bytes, sizeof head + head.data_len + head.name_len);
  q->count--;
  /* One large event must not be paid for until the stream ends. */
  if (q->count == 0 && q->bytes.capacity > 2 * LLG_QUEUE_HIGH_BYTES)
    llg_buffer_free(&q->bytes);
}

void llg_event_queue_free(struct llg_event_queue *q) {
  llg_buffer_free(&q->bytes);
  q->count = 0;
}
