/*
** held_event.h - the oldest event of a stream, copied out of the queue while Lua looks at it.
*/
#ifndef LLG_HELD_EVENT_H
#define LLG_HELD_EVENT_H

#include "handle.h"

enum { LLG_HELD_BYTES = 4096 };

/* A copy of the oldest event. A collection that begins while it is read runs finalizers, and
** those may close the stream, take from it or step the pool: the queue's bytes go away. */
struct llg_held_event {
  struct llg_event event;
  bool is_error; /* its name said so */
  uint64_t turn; /* how many events were taken before it */
  char *bytes;   /* data and name: in `room`, or in a userdata on the stack */
  char room[LLG_HELD_BYTES];
};

/* False if there is no event. One that is too long for `room` is copied into a userdata on the
** stack. */
bool llg_hold_event(lua_State *L, struct llg_handle *h, struct llg_held_event *held);

/* Drop the oldest event; there must be one. */
void llg_drop_event(struct llg_handle *h);

/* Drop the one that is held. False where somebody took it, or closed the stream, meanwhile. */
bool llg_drop_held_event(struct llg_handle *h, const struct llg_held_event *held);

#endif
