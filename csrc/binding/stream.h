/*
** stream.h - the class `lualogue.stream`: the events of one answer, pulled one at a time.
**
** Every method returns at once; `false` stands for "not yet", and whoever wants to wait
** calls core.step. The last verdict is repeated for ever: nil for a stream that was complete,
** nil and an error object for every other end.
*/
#ifndef LLG_STREAM_H
#define LLG_STREAM_H

#include "compat.h"

#define LLG_STREAM_CLASS "lualogue.stream"

/* Register the class. */
void llg_open_stream(lua_State *L);

#endif
