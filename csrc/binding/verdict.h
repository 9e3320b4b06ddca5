/*
** verdict.h - how a stream ends. Each of these keeps the last word of the handle at stack
** index 1 and returns it: the number of results.
*/
#ifndef LLG_VERDICT_H
#define LLG_VERDICT_H

#include "handle.h"

/* It was complete. */
int llg_end_complete(lua_State *L, struct llg_handle *h);

/* Something wrong was read: nothing more is wanted of the connection. */
int llg_end_reading(
  lua_State *L, struct llg_handle *h, const struct llg_failure *failure);

/* The failure that the server told, on top of the stack (see refusal.h), ends it; `text` is where
** it stood. `chunk`: the place of the event that told it, which may have brought more and comes
** as a third result; 0 for none. */
int llg_end_said(
  lua_State *L, struct llg_handle *h, int chunk, const char *text, size_t n);

/* An event could not be read. Keep the error object for that; true if what follows may say why:
** the event begins as JSON and was cut. */
bool llg_keep_bad(
  lua_State *L, struct llg_handle *h, const struct llg_failure *failure,
  const struct llg_event *event);
/* It did not: that error is the verdict. */
int llg_end_bad(lua_State *L, struct llg_handle *h);

/* All events are taken and no more will come. */
int llg_end_of_stream(lua_State *L, struct llg_handle *h);

#endif
