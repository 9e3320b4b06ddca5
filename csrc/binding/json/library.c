#include "library.h"

#include <locale.h>
#include <string.h>

/* In the registry: the decode function, and what it is of ("linked", "cjson", ...). */
#define DECODE_KEY "lualogue.json.decode"
#define NAME_KEY "lualogue.json.library"

#ifdef LLG_CJSON_LINKED
extern int luaopen_cjson(lua_State *L);
#endif

/* Push a global; no metatable of _G gets to see it. */
static void push_global(lua_State *L, const char *name) {
  lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
  lua_getfield(L, -1, "_G");
  lua_pushstring(L, name);
  lua_rawget(L, -2);
  lua_replace(L, -3);
  lua_pop(L, 1);
}

/* Push the library `name`; raises where there is none. */
static void push_library(lua_State *L, const char *name) {
  if (strcmp(name, "cjson") == 0) {
    push_global(L, "require");
    lua_pushstring(L, name);
    lua_call(L, 1, 1);
  } else if (strcmp(name, "vim.json") == 0) {
    push_global(L, "vim");
    lua_getfield(L, -1, "json");
    lua_remove(L, -2);
  } else {
#ifdef LLG_CJSON_LINKED
    lua_pushcfunction(L, luaopen_cjson);
    lua_call(L, 0, 1);
#else
    luaL_error(L, "not linked");
#endif
  }
}

/* Call instance[option](value), value being on top of the stack, if there is such a one. */
static void set_option(lua_State *L, int instance, const char *option) {
  lua_getfield(L, instance, option);
  if (lua_isfunction(L, -1)) {
    lua_insert(L, -2);
    lua_call(L, 1, 0);
  } else {
    lua_pop(L, 2);
  }
}

/* (name) -> decode. The options are those of an instance of our own. Only vim.json may be
** unable to make one; then it is used as it is. */
static int load_library(lua_State *L) {
  const char *name = lua_tostring(L, 1);
  push_library(L, name);
  lua_getfield(L, 2, "new");
  if (lua_isfunction(L, 3) || strcmp(name, "vim.json") != 0) {
    lua_call(L, 0, 1);
    lua_pushboolean(L, 0);
    set_option(L, 3, "decode_invalid_numbers");
    lua_pushinteger(L, LLG_MAX_JSON_DEPTH);
    set_option(L, 3, "decode_max_depth");
    lua_pushboolean(L, 1);
    set_option(L, 3, "decode_array_with_array_mt");
    lua_getfield(L, 3, "array_mt"); /* nil in lua-cjson 2.1.0 */
    lua_setfield(L, LUA_REGISTRYINDEX, LLG_JSON_ARRAY_MT);
  } else {
    lua_settop(L, 2);
  }
  lua_getfield(L, -1, "decode");
  if (!lua_isfunction(L, -1)) return luaL_error(L, "no decode");
  return 1;
}

int llg_json_reopen(lua_State *L, struct llg_failure *failure) {
  static const char *const names[] = { "linked", "cjson", "vim.json" };
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    lua_pushcfunction(L, load_library);
    lua_pushstring(L, names[i]);
    int rc = lua_pcall(L, 1, 1, 0);
    if (rc == LUA_ERRMEM) lua_error(L);
    if (rc == 0) { /* the name first: memory may end between the two */
      lua_pushstring(L, names[i]);
      lua_setfield(L, LUA_REGISTRYINDEX, NAME_KEY);
      lua_setfield(L, LUA_REGISTRYINDEX, DECODE_KEY);
      return 1;
    }
    lua_pop(L, 1);
  }
  llg_failure_set(
    failure, LLG_DECODE, NULL,
    "nothing here reads JSON: install lua-cjson for %s (Debian and luarocks: lua-cjson)",
    LLG_LUA_VERSION);
  return 0;
}

const char *llg_json_library(lua_State *L, struct llg_failure *failure) {
  if (!llg_json_push_decoder(L, failure)) return NULL;
  lua_getfield(L, LUA_REGISTRYINDEX, NAME_KEY);
  const char *name = lua_tostring(L, -1);
  lua_pop(L, 2); /* the registry keeps it */
  return name;
}

/* lua-cjson asks for the decimal point once, when an instance is made. In a locale where it
** is ',' a stale '.' would read [1,5] as [1.5]: so try it on something harmless. */
static int reads_point(lua_State *L) {
  lua_pushvalue(L, -1);
  lua_pushliteral(L, "1.5");
  int rc = lua_pcall(L, 1, 1, 0);
  if (rc == LUA_ERRMEM) lua_error(L);
  int reads = rc == 0 && lua_tonumber(L, -1) == 1.5;
  lua_pop(L, 1);
  return reads;
}

int llg_json_push_decoder(lua_State *L, struct llg_failure *failure) {
  const char *point = localeconv()->decimal_point;
  int is_dot = strcmp(point, ".") == 0;
  if (!is_dot && strlen(point) != 1) { /* lua-cjson would end the process */
    llg_failure_set(
      failure, LLG_DECODE, NULL,
      "lua-cjson reads no numbers in a locale whose decimal point has several bytes");
    return 0;
  }
  lua_getfield(L, LUA_REGISTRYINDEX, DECODE_KEY);
  if (!lua_isnil(L, -1) && (is_dot || reads_point(L))) return 1;
  lua_pop(L, 1);
  if (!llg_json_reopen(L, failure)) return 0;
  lua_getfield(L, LUA_REGISTRYINDEX, DECODE_KEY);
  return 1;
}
