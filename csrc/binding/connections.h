/*
** connections.h - core.connections: how many connections there are, and may be.
*/
#ifndef LLG_BINDING_CONNECTIONS_H
#define LLG_BINDING_CONNECTIONS_H

#include "compat.h"

/* Put `connections` into the module's table on top of the stack. */
void llg_open_connections(lua_State *L);

#endif
