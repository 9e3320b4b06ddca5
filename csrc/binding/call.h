/*
** call.h - the methods of a client that start work: chat, stream, embeddings, request. Each
** returns a handle, and none of them waits.
*/
#ifndef LLG_CALL_H
#define LLG_CALL_H

#include "compat.h"

/* Give them to the class of client.h, which is registered. */
void llg_open_calls(lua_State *L);

#endif
