/*
** reel.h - the table `reel` of the module: answers are recorded as they come from the network, and
** played in its place.
*/
#ifndef LLG_BINDING_REEL_H
#define LLG_BINDING_REEL_H

#include "compat.h"

/* Put it into the module's table on top of the stack. */
void llg_open_reel(lua_State *L);

#endif
