/*
** reply_text.h - the text of a reply, for `reply.text`.
*/
#ifndef LLG_REPLY_TEXT_H
#define LLG_REPLY_TEXT_H

#include "compat.h"

/* Push the text of the reply at `index`: of the message of choice 1 (or of the choice itself,
** in a completion that is no chat), else of the messages in `output`. Content that came as a
** list is the text of its parts. "" if there is none. Reads raw. */
void llg_push_reply_text(lua_State *L, int index);

#endif
