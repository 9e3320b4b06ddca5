/*
** refusal_words.h - the words, the code and what else a refusal says, wherever in it they stand.
*/
#ifndef LLG_REFUSAL_WORDS_H
#define LLG_REFUSAL_WORDS_H

#include <stdbool.h>

#include "compat.h"

/* Push the first field of the table at `t` that is a message, and return true. */
bool llg_push_refusal_message(lua_State *L, int t);

/* Push the first code in the table at `t` that stands for a failure, and return true. Not each
** server that has the field means one: 0, 200 and "success" are none. */
bool llg_push_refusal_code(lua_State *L, int t);

/* Push what llg_refusal_read gives of the value at `whole`, in which the one at `cause` says
** that it is a failure. */
void llg_push_refusal_words(lua_State *L, int whole, int cause);

#endif
