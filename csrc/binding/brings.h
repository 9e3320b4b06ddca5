/*
** brings.h - whether a reply, or a choice of one, brings anything of an answer.
*/
#ifndef LLG_BRINGS_H
#define LLG_BRINGS_H

#include <stdbool.h>

#include "compat.h"

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
