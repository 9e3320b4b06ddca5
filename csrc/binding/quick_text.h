/*
** quick_text.h - the quick way for the text of a stream: of an event of a known shape, looked at in
** its place in the queue.
*/
#ifndef LLG_QUICK_TEXT_H
#define LLG_QUICK_TEXT_H

#include "handle.h"

/* The shape of the event, if it is of one that went the full way before. */
const struct llg_event_shape *llg_match_event(
  struct llg_handle *h, const struct llg_event *event, struct llg_shape_value *values);

/* Take the oldest event that brings text, push its text and that it is kept, and return 2; or 0:
** it needs another way. `index` is the stream's, which has no verdict. */
int llg_push_quick_text(
  lua_State *L, int index, struct llg_handle *h, lua_Integer choice);

#endif
