/* terminal.h - core.terminal: whether somebody is looking. */
#ifndef LLG_TERMINAL_H
#define LLG_TERMINAL_H

#include "compat.h"

void llg_open_terminal(lua_State *L);

#endif
