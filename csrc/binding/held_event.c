#include "held_event.h"

#include <string.h>

bool llg_hold_event(lua_State *L, struct llg_handle *h, struct llg_held_event *held) {
  struct llg_event *event = &held->event;
  size_t room = sizeof held->room;
  held->bytes = held->room;
  while (llg_event_queue_front(&h->x->events, event)) {
    size_t n = event->data_len, name_n = event->name_len;
    if (n + name_n <= room) {
      held->is_error = llg_event_says_error(event->name, event->name_len);
      held->turn = h->n_taken;
      if (n > 0) memcpy(held->bytes, event->data, n);
      if (name_n > 0) memcpy(held->bytes + n, event->name, name_n);
      event->data = held->bytes;
      event->name = held->bytes + n;
      return true;
    }
    room = n + name_n;
    held->bytes = llg_newuserdata(L, room); /* may collect: look again */
  }
  return false;
}

void llg_drop_event(struct llg_handle *h) {
  h->n_taken++;
  llg_event_queue_pop(&h->x->events);
  if (h->x->paused) llg_pool_taken(h->pool, h->x);
}

bool llg_drop_held_event(struct llg_handle *h, const struct llg_held_event *held) {
  if (h->n_taken != held->turn || h->x->events.count == 0) return false;
  llg_drop_event(h);
  return true;
}
