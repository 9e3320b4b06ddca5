/*
** events.h - the class `lualogue.events`: the events of the answer to any request, pulled one at a
** time as those of stream.h are, with a verdict as far as their protocol is known.
*/
#ifndef LLG_EVENTS_H
#define LLG_EVENTS_H

#include "compat.h"

#define LLG_EVENTS_CLASS "lualogue.events"

/* Register the class. */
void llg_open_events(lua_State *L);

#endif
