/*
** known_reply.h - the replies of a server are alike, as the events of a stream are: one of a shape
** that was seen before is made by the function that was written for that shape (pattern.h), which
** costs a fraction of parsing it. Whether it is a good one is for the caller to judge, as of any
** other.
*/
#ifndef LLG_KNOWN_REPLY_H
#define LLG_KNOWN_REPLY_H

#include "compat.h"

#include <stdbool.h>

/* Push the reply that this body is, and return true; or push nothing: it must be decoded. Memory
** for Lua may run out, and a collection run finalizers: the body must outlive that. */
bool llg_push_known_reply(lua_State *L, const char *body, size_t n);

/* Remember the shape of a reply that was decoded and found good. The last few are kept for as long
** as the Lua state: no secret may stand in the body. */
void llg_learn_reply(lua_State *L, const char *body, size_t n);

/* Make what remembers. */
void llg_open_known_replies(lua_State *L);

#endif
