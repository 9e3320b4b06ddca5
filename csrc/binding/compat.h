/*
** compat.h - the only place that asks which Lua this is. Names of 5.4 are used everywhere;
** here they are mapped up for 5.1 (which is LuaJIT's API too), 5.2 and 5.3, under our own
** prefix where the host might grow the name itself.
*/
#ifndef LLG_COMPAT_H
#define LLG_COMPAT_H

#include <lauxlib.h>
#include <lua.h>
#include <stdint.h>

/* A userdata with one slot for a Lua value, which goes and comes as a table. */
#if LUA_VERSION_NUM >= 504
#define llg_newuserdata(L, n) lua_newuserdatauv((L), (n), 1)
#define llg_setuservalue(L, i) lua_setiuservalue((L), (i), 1)
#define llg_getuservalue(L, i) lua_getiuservalue((L), (i), 1)
#elif LUA_VERSION_NUM >= 502
#define llg_newuserdata(L, n) lua_newuserdata((L), (n))
#define llg_setuservalue(L, i) lua_setuservalue((L), (i))
#define llg_getuservalue(L, i) lua_getuservalue((L), (i))
#else
#define llg_newuserdata(L, n) lua_newuserdata((L), (n))
#define llg_setuservalue(L, i) lua_setfenv((L), (i))
#define llg_getuservalue(L, i) lua_getfenv((L), (i))
#endif

#if LUA_VERSION_NUM >= 502
#define llg_rawlen(L, i) lua_rawlen((L), (i))
#define llg_absindex(L, i) lua_absindex((L), (i))
#define llg_testudata(L, i, name) luaL_testudata((L), (i), (name))
#define llg_setfuncs(L, functions) luaL_setfuncs((L), (functions), 0)
#else
#define llg_rawlen(L, i) lua_objlen((L), (i))
#define llg_absindex(L, i) \
  ((i) > 0 || (i) <= LUA_REGISTRYINDEX ? (i) : lua_gettop(L) + (i) + 1)
#define llg_setfuncs(L, functions) luaL_register((L), NULL, (functions))

static inline void *llg_testudata(lua_State *L, int i, const char *name) {
  void *p = lua_touserdata(L, i);
  if (p == NULL || !lua_getmetatable(L, i)) return NULL;
  luaL_getmetatable(L, name);
  if (!lua_rawequal(L, -1, -2)) p = NULL;
  lua_pop(L, 2);
  return p;
}
#endif

/* Integers: a subtype since 5.3, whole floats before. */
#if LUA_VERSION_NUM >= 503
#define LLG_HAS_INTEGERS 1
#define llg_isinteger(L, i) lua_isinteger((L), (i))
#define llg_pushint64(L, n) lua_pushinteger((L), (lua_Integer)(n))
#else
#define LLG_HAS_INTEGERS 0
#define llg_isinteger(L, i) 0
#define llg_pushint64(L, n) lua_pushnumber((L), (lua_Number)(n))
#endif

/* Raise where the Lua that runs is not the one whose headers we were built with: another version,
** or numbers of another width. Before 5.3 it cannot be asked for that, and a number must come back
** as it is. This one is whole in a float and in a double, each reads the other's as something else,
** and it has no decimal point: PUC 5.1 reads that as the locale writes it. */
static inline void llg_check_lua(lua_State *L) {
#if LUA_VERSION_NUM < 503
  lua_pushliteral(L, "8388609");
  if (lua_tonumber(L, -1) != 8388609)
    luaL_error(L, "core and library have incompatible numeric types");
  lua_pop(L, 1);
#endif
#if LUA_VERSION_NUM >= 502
  luaL_checkversion(L);
#endif
}

/* What this module was built for, as `_VERSION` spells it ("Lua 5.1" serves LuaJIT). */
#define LLG_LUA_VERSION LUA_VERSION

#endif
