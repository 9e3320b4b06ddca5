#include "object.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#define ERROR_CLASS "lualogue.error"
#define HOME_KEY "lualogue.home"

/* Each with the class's metatable as its upvalue, for llg_check_self. */
static void set_methods(lua_State *L, const luaL_Reg *methods) {
  for (; methods->name != NULL; methods++) {
    lua_pushvalue(L, -2);
    lua_pushcclosure(L, methods->func, 1);
    lua_setfield(L, -2, methods->name);
  }
}

void *llg_check_self(lua_State *L, const char *name) {
  void *self = lua_touserdata(L, 1);
  if (self != NULL && lua_getmetatable(L, 1)) {
    int same = lua_rawequal(L, -1, lua_upvalueindex(1));
    lua_pop(L, 1);
    if (same) return self;
  }
  return luaL_checkudata(L, 1, name);
}

void llg_class(
  lua_State *L, const char *name, const luaL_Reg *methods, const luaL_Reg *meta) {
  luaL_newmetatable(L, name);
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__name");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  if (methods != NULL) {
    lua_newtable(L);
    set_methods(L, methods);
    lua_setfield(L, -2, "__index");
  }
  llg_setfuncs(L, meta); /* after __index, so that a class may bring its own */
  lua_pop(L, 1);
}

void *llg_new(lua_State *L, size_t n_bytes, const char *name) {
  void *object = llg_newuserdata(L, n_bytes);
  memset(object, 0, n_bytes);
  luaL_getmetatable(L, name);
  lua_setmetatable(L, -2);
  return object;
}

/* Push "file:line: " of the nearest function outside lualogue, or "". */
static void push_caller(lua_State *L) {
  lua_Debug ar;
  lua_getfield(L, LUA_REGISTRYINDEX, HOME_KEY);
  size_t n = 0;
  const char *home = lua_tolstring(L, -1, &n);
  for (int level = 1; lua_getstack(L, level, &ar); level++) {
    lua_getinfo(L, "Sl", &ar);
    int ours = home != NULL && strncmp(ar.source, home, n) == 0;
    if (ours || ar.currentline <= 0) continue;
    lua_pop(L, 1);
    lua_pushfstring(L, "%s:%d: ", ar.short_src, ar.currentline);
    return;
  }
  lua_pop(L, 1);
  lua_pushliteral(L, "");
}

int llg_raise(lua_State *L, const char *format, ...) {
  va_list args;
  push_caller(L);
  va_start(args, format);
  lua_pushvfstring(L, format, args);
  va_end(args);
  lua_concat(L, 2);
  return lua_error(L);
}

int llg_arg_error(lua_State *L, const char *function, const char *name, const char *why) {
  return llg_raise(L, "bad argument '%s' to '%s' (%s)", name, function, why);
}

int llg_type_error(
  lua_State *L, const char *function, const char *name, const char *expected, int index) {
  return llg_raise(
    L, "bad argument '%s' to '%s' (%s expected, got %s)", name, function, expected,
    luaL_typename(L, index));
}

void llg_push_error(lua_State *L, const struct llg_failure *failure) {
  const char *message = failure->message;
  lua_createtable(L, 0, 8);
  luaL_getmetatable(L, ERROR_CLASS);
  lua_setmetatable(L, -2);
  lua_pushstring(L, llg_status_kind(failure->status));
  lua_setfield(L, -2, "kind");
  lua_pushstring(L, message[0] != '\0' ? message : llg_status_text(failure->status));
  lua_setfield(L, -2, "message");
  if (failure->phase != NULL) {
    lua_pushstring(L, failure->phase);
    lua_setfield(L, -2, "phase");
  }
}

int llg_push_failure(lua_State *L, const struct llg_failure *failure) {
  lua_pushnil(L);
  llg_push_error(L, failure);
  return 2;
}

/* core.set_home(prefix): without one, the folder of the file that calls this, which is known
** here even where a host has taken the library `debug` away. */
static int set_home(lua_State *L) {
  lua_Debug ar;
  lua_settop(L, 1);
  if (lua_isnil(L, 1)) {
    if (!lua_getstack(L, 1, &ar)) return 0;
    lua_getinfo(L, "S", &ar);
    size_t n = strlen(ar.source);
    while (n > 0 && strchr("/\\", ar.source[n - 1]) == NULL)
      n--;
    if (n == 0 || ar.source[0] != '@') return 0;
    lua_pushlstring(L, ar.source, n);
  }
  luaL_checkstring(L, -1);
  lua_setfield(L, LUA_REGISTRYINDEX, HOME_KEY);
  return 0;
}

/* Push a copy of the string at `index` in which a run of line ends and other control
** characters is one blank. */
static void push_line(lua_State *L, int index) {
  size_t n = 0;
  const char *s = lua_tolstring(L, index, &n);
  bool gap = false;
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (size_t i = 0; i < n; i++) {
    bool control = (unsigned char)s[i] < ' ' || s[i] == 127;
    if (!control || !gap) luaL_addchar(&b, control ? ' ' : s[i]);
    gap = control;
  }
  luaL_pushresult(&b);
}

/* One readable line: "api 401 (invalid_api_key): Incorrect API key provided". */
static int error_tostring(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  lua_getfield(L, 1, "kind");
  lua_getfield(L, 1, "status");
  lua_getfield(L, 1, "code");
  lua_getfield(L, 1, "message");
  const char *kind = lua_tostring(L, 2);
  const char *status = lua_tostring(L, 3);
  const char *code = lua_tostring(L, 4);
  const char *message = lua_tostring(L, 5);
  lua_pushfstring(
    L, "%s%s%s%s%s%s: %s", kind != NULL ? kind : "error", status != NULL ? " " : "",
    status != NULL ? status : "", code != NULL ? " (" : "", code != NULL ? code : "",
    code != NULL ? ")" : "", message != NULL ? message : "?");
  push_line(L, -1);
  return 1;
}

/* core.error(fields) -> the same table as an error object */
static int core_error(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  luaL_getmetatable(L, ERROR_CLASS);
  lua_setmetatable(L, 1);
  return 1;
}

/* core.raise(message): an error with the position of the caller of lualogue */
static int core_raise(lua_State *L) {
  return llg_raise(L, "%s", luaL_checkstring(L, 1));
}

void llg_open_errors(lua_State *L) {
  static const luaL_Reg functions[] = {
    { "error", core_error },
    { "raise", core_raise },
    { "set_home", set_home },
    { NULL, NULL },
  };
  static const luaL_Reg meta[] = {
    { "__tostring", error_tostring },
    { NULL, NULL },
  };
  llg_class(L, ERROR_CLASS, NULL, meta);
  llg_setfuncs(L, functions);
}
