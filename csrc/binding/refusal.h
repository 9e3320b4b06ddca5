/*
** refusal.h - the one reader of failures: whether a decoded body or event says that it is one,
** and what it says. Servers have many ways; all of them are known here and nowhere else.
*/
#ifndef LLG_REFUSAL_H
#define LLG_REFUSAL_H

#include <stdbool.h>

#include "compat.h"

enum llg_refusal_place {
  LLG_IN_REFUSAL, /* a status that is not 2xx said it already: every table tells a failure */
  LLG_IN_BODY,    /* the body of a 2xx: a failure where it says so and brings no answer */
  LLG_IN_EVENT, /* an event of a stream: a failure where it says so */
};

/* If the value on top of the stack is a failure, push what it says of it and return true: a
** table with those of message, code, type, param, request_id (texts and numbers, as the server
** wrote them) and usage (a table) that are there. */
bool llg_refusal_read(lua_State *L, enum llg_refusal_place place);

/* The same for n bytes that are not JSON as they stand: JSON behind `data:`, JSON of which the
** beginning was lost, words under `event: error`. They must stay where they are while Lua runs. */
bool llg_refusal_find(
  lua_State *L, enum llg_refusal_place place, const char *text, size_t n);

/* Whether the choice on top of the stack brings anything of an answer: some content, reasoning,
** call or refusal. `only_delta`: the field `message` does not count. */
bool llg_choice_brings(lua_State *L, bool only_delta);

/* Whether the table on top of the stack, the reply to a chat, brings anything: a choice with any of
** that or with a finish_reason. */
bool llg_reply_brings(lua_State *L);

/* Push the finish_reason of the choice on top of the stack and return true; not the empty text
** nor the text "null", which some servers send until there is one. */
bool llg_choice_reason(lua_State *L);

#endif
