/*
** exchange.h - the class `lualogue.exchange`: one reply.
*/
#ifndef LLG_BINDING_EXCHANGE_H
#define LLG_BINDING_EXCHANGE_H

#include "compat.h"

#define LLG_EXCHANGE_CLASS "lualogue.exchange"

/* Register the class, and put meta(reply) into the module's table on top of the stack. */
void llg_open_exchange(lua_State *L);

#endif
