/*
** protocol.h - what a stream of events of any path has said about how it will end. A protocol is
** known by its events, whatever the path: those of responses, images, audio, chats, and others.
*/
#ifndef LLG_PROTOCOL_H
#define LLG_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>

#include "compat.h"

struct llg_protocol {
  bool is_known; /* the end of such a stream is an event, which has not come unless ... */
  bool ended;    /* ... this says so */
  bool is_chat;  /* its end is what its choices say, see choices.h */
};

/* Look at the event: its data is on top of the stack, its name n bytes ("" for none). */
void llg_protocol_note(lua_State *L, struct llg_protocol *p, const char *name, size_t n);

/* Whether the data on top of the stack is of a kind in which a failure may be told in any of the
** ways of refusal.h. Of an unknown protocol only what says `error` is one: who knows what else
** its fields mean. */
bool llg_protocol_may_fail(lua_State *L, const struct llg_protocol *p);

#endif
