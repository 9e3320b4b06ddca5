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

/* All events are taken and no more will come. */
int llg_end_of_stream(lua_State *L, struct llg_handle *h);

#endif
