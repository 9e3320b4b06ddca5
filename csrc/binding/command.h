/*
** command.h - core.command: a program whose output is wanted, such as a key.
*/
#ifndef LLG_BINDING_COMMAND_H
#define LLG_BINDING_COMMAND_H

#include "compat.h"

/* Put core.command into the module's table on top of the stack. */
void llg_open_command(lua_State *L);

#endif
