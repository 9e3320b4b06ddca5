/*
** module.h - the parts of `lualogue.core`. Each opener finds the module's table on top of
** the stack, adds its functions and registers its classes, and leaves the stack as it was.
*/
#ifndef LLG_MODULE_H
#define LLG_MODULE_H

#include "compat.h"

void llg_open_errors(lua_State *L); /* object.c: lualogue.error; error, raise, set_home */
void llg_open_json(
  lua_State *L); /* json.c: json = { encode, decode, null, array, object } */
void llg_open_vector(lua_State *L);   /* vector.c: vector(list), lualogue.vector */
void llg_open_pool(lua_State *L);     /* pool.c: step, pollfd, deadline, interrupts */
void llg_open_exchange(lua_State *L); /* exchange.c: lualogue.exchange, meta */
void llg_open_stream(lua_State *L);   /* stream.c: lualogue.stream */
void llg_open_client(lua_State *L);   /* client.c: client(opts), lualogue.core.client */

#endif
