#include "json_marks.h"

#include "json.h"

/* Is the value on top of the stack package.loaded[module][field]? Raw, all the way. */
static int is_field_of(lua_State *L, const char *module, const char *field) {
  int is = 0, value = lua_gettop(L);
  lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
  lua_pushstring(L, module);
  lua_rawget(L, -2);
  if (lua_istable(L, -1)) {
    lua_pushstring(L, field);
    lua_rawget(L, -2);
    is = !lua_isnil(L, -1) && lua_rawequal(L, -1, value);
  }
  lua_settop(L, value);
  return is;
}

/* The same for a global table. Neovim's `vim` is not in package.loaded everywhere. */
static int is_field_of_vim(lua_State *L, const char *field) {
  int is = 0, value = lua_gettop(L);
  lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
  lua_getfield(L, -1, "_G");
  lua_pushliteral(L, "vim");
  lua_rawget(L, -2);
  if (lua_istable(L, -1)) {
    lua_pushstring(L, field);
    lua_rawget(L, -2);
    is = !lua_isnil(L, -1) && lua_rawequal(L, -1, value);
  }
  lua_settop(L, value);
  return is;
}

static int is_field_of_cjson(lua_State *L, const char *field) {
  return is_field_of(L, "cjson", field) || is_field_of(L, "cjson.safe", field);
}

static int has_class(lua_State *L, const char *name) {
  luaL_getmetatable(L, name);
  int is = lua_rawequal(L, -1, -2);
  lua_pop(L, 1);
  return is;
}

/* What the metatable on top of the stack says. */
static enum llg_json_mark metatable_mark(lua_State *L) {
  if (has_class(L, LLG_JSON_ARRAY)) return LLG_MARK_LIST;
  if (has_class(L, LLG_JSON_OBJECT)) return LLG_MARK_OBJECT;
  if (is_field_of_cjson(L, "array_mt")) return LLG_MARK_LIST;
  if (is_field_of_cjson(L, "empty_array_mt")) return LLG_MARK_EMPTY_LIST;
  if (is_field_of_vim(L, "_empty_dict_mt")) return LLG_MARK_EMPTY_OBJECT;
  return LLG_MARK_NONE;
}

enum llg_json_mark llg_json_mark(lua_State *L) {
  switch (lua_type(L, -1)) {
  case LUA_TTABLE: {
    if (!lua_getmetatable(L, -1)) return LLG_MARK_NONE;
    enum llg_json_mark mark = metatable_mark(L);
    lua_pop(L, 1);
    return mark;
  }
  case LUA_TLIGHTUSERDATA:
    if (lua_touserdata(L, -1) == NULL) return LLG_MARK_NULL;
    return is_field_of_cjson(L, "empty_array") ? LLG_MARK_EMPTY_LIST : LLG_MARK_NONE;
  case LUA_TUSERDATA: return is_field_of_vim(L, "NIL") ? LLG_MARK_NULL : LLG_MARK_NONE;
  default: return LLG_MARK_NONE;
  }
}
