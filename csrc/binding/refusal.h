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
  LLG_IN_CHUNK, /* an event of a chat: also where it has words and nothing else */
};

/* If the value on top of the stack is a failure, push what it says of it and return true: a
** table with those of message, code, type, param, request_id (texts and numbers, as the server
** wrote them) and usage (a table) that are there. */
bool llg_refusal_read(lua_State *L, enum llg_refusal_place place);

/* The same for n bytes that are not JSON as they stand: JSON behind `data:`, JSON of which the
** beginning was lost, words under `event: error`. They must stay where they are while Lua runs. */
bool llg_refusal_find(
  lua_State *L, enum llg_refusal_place place, const char *text, size_t n);

/* The same for what is no failure by its form and yet no answer: only where it has words. */
bool llg_refusal_of_words(lua_State *L);

#endif
