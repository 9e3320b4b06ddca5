#include "held_event.h"

#include <string.h>

bool llg_hold_event(lua_State *L, struct llg_handle *h, struct llg_held_event *held) {
  struct llg_event *event = &held->event;
  size_t room = sizeof held->room;
  held->bytes = held->room;
  while (llg_event_queue_front(&h->x->events, event)) {
    if (event->data_len <= room) {
      held->is_error = event->name_len == 5 && memcmp(event->name, "error", 5) == 0;
      held->turn = h->n_taken;
      if (event->data_len > 0) memcpy(held->bytes, event->data, event->data_len);
      event->data = held->bytes;
      event->name = NULL;
      return true;
    }
    room = event->data_len;
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
