/*
** attempts.h - what Lua hears and says of each attempt of an exchange: core.attempts.
*/
#ifndef LLG_ATTEMPTS_H
#define LLG_ATTEMPTS_H

#include "compat.h"

/* Add `attempts` to the module on top of the stack. */
void llg_open_attempts(lua_State *L);

#endif
