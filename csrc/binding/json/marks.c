#include "marks.h"

#include "library.h"

/* Replace the value on top of the stack by its field, nil where it is no table. */
static void raw_field(lua_State *L, const char *name) {
  if (lua_istable(L, -1)) {
    lua_pushstring(L, name);
    lua_rawget(L, -2);
  } else {
    lua_pushnil(L);
  }
  lua_replace(L, -2);
}

/* Is the value on top of the stack `field` of the table that `from` leads to in
** package.loaded? `from` ends with NULL. */
static int is_field(lua_State *L, const char *const *from, const char *field) {
  lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
  for (; *from != NULL; from++)
    raw_field(L, *from);
  raw_field(L, field);
  int is = !lua_isnil(L, -1) && lua_rawequal(L, -1, -2);
  lua_pop(L, 1);
  return is;
}

static int is_field_of_vim(lua_State *L, const char *field) {
  static const char *const vim[] = { "_G", "vim", NULL };
  return is_field(L, vim, field);
}

static int is_field_of_cjson(lua_State *L, const char *field) {
  static const char *const cjson[] = { "cjson", NULL };
  static const char *const safe[] = { "cjson.safe", NULL };
  return is_field(L, cjson, field) || is_field(L, safe, field);
}

static int has_class(lua_State *L, const char *name) {
  luaL_getmetatable(L, name);
  int is = lua_rawequal(L, -1, -2);
  lua_pop(L, 1);
  return is;
}

static int has_order(lua_State *L) {
  lua_pushvalue(L, -1);
  raw_field(L, "__jsonorder");
  int has = lua_istable(L, -1);
  lua_pop(L, 1);
  return has;
}

/* What the metatable on top of the stack says. */
static enum llg_json_mark metatable_mark(lua_State *L) {
  if (has_class(L, LLG_JSON_ARRAY)) return LLG_MARK_LIST;
  if (has_class(L, LLG_JSON_OBJECT)) return LLG_MARK_OBJECT;
  if (has_class(L, LLG_JSON_ARRAY_MT)) return LLG_MARK_LIST;
  if (is_field_of_cjson(L, "array_mt")) return LLG_MARK_LIST;
  if (is_field_of_cjson(L, "empty_array_mt")) return LLG_MARK_EMPTY_LIST;
  if (is_field_of_vim(L, "_empty_dict_mt")) return LLG_MARK_EMPTY_OBJECT;
  return has_order(L) ? LLG_MARK_ORDERED : LLG_MARK_NONE;
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
