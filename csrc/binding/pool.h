/*
** pool.h - the one pool of a Lua state.
*/
#ifndef LLG_BINDING_POOL_H
#define LLG_BINDING_POOL_H

#include "../core/http/pool.h"
#include "compat.h"

/* The state's pool, made on first use; a new one in a child process that a fork made. Not
** counted for the caller. Raises when out of memory. */
struct llg_pool *llg_get_pool(lua_State *L);

/* Put step, pollfd, due, active, now, interrupts, interrupted into the module's table on top
** of the stack. */
void llg_open_pool(lua_State *L);

#endif
