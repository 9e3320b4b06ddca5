/*
** object.h - what all our userdata share: a class is a metatable with a method table, an
** object is zeroed ("closed") and carries its metatable before anything is acquired, an
** error is a table with the metatable `lualogue.error`.
*/
#ifndef LLG_OBJECT_H
#define LLG_OBJECT_H

#include "../core/base/status.h"
#include "compat.h"

/* Make the metatable `name` with `methods` (may be NULL) under __index and `meta` in it.
** __name is set on every Lua; __metatable hides it from scripts. Leaves the stack as it was. */
void llg_class(
  lua_State *L, const char *name, const luaL_Reg *methods, const luaL_Reg *meta);

/* luaL_checkudata for the first argument of a method that llg_class registered, without looking the
** class up. */
void *llg_check_self(lua_State *L, const char *name);

/* A zeroed userdata of class `name`, on the stack, its metatable set: closed first. */
void *llg_new(lua_State *L, size_t n_bytes, const char *name);

/* Raise with the position of the nearest caller that is not part of lualogue itself.
** `format` is lua_pushfstring's. Never returns; the int is for `return llg_raise(...)`. */
int llg_raise(lua_State *L, const char *format, ...);

/* Raise "bad argument 'name' to 'function' (why)" at the caller's line. */
int llg_arg_error(lua_State *L, const char *function, const char *name, const char *why);

/* The same for a value of the wrong type: "(table expected, got nil)". */
int llg_type_error(
  lua_State *L, const char *function, const char *name, const char *expected, int index);

/* Push one error object: { kind =, message =, phase = } with the metatable. More fields may
** be set on it by the caller. */
void llg_push_error(lua_State *L, const struct llg_failure *failure);

/* Push nil and an error object; the number of results: 2. The only place that does so. */
int llg_push_failure(lua_State *L, const struct llg_failure *failure);

/* llg_raise passes over Lua code whose source begins with the prefix that was given to
** core.set_home ("@/usr/share/lua/5.4/lualogue/"). */

/* Register the class lualogue.error, and put error, raise and set_home into the module's table
** on top of the stack. Every opener leaves the stack as it was. */
void llg_open_errors(lua_State *L);

#endif
