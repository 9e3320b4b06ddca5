#include "json.h"

#include <stdio.h>

#include "../object.h"
#include "check.h"
#include "decode.h"
#include "encode.h"
#include "library.h"
#include "marks.h"
#include "raw.h"

/* What llg_json_encode writes to must be freed when it raises. */
#define BUFFER_CLASS "lualogue.json.buffer"

static int buffer_gc(lua_State *L) {
  struct llg_buffer *out = llg_testudata(L, 1, BUFFER_CLASS);
  if (out != NULL) llg_buffer_free(out);
  return 0;
}

/* (value) -> text */
static int json_encode(lua_State *L) {
  if (lua_isnoneornil(L, 1)) return llg_type_error(L, "encode", "value", "value", 1);
  lua_settop(L, 1);
  struct llg_buffer *out = llg_new(L, sizeof *out, BUFFER_CLASS);
  llg_buffer_init(out, LLG_MAX_REQUEST_BYTES);
  llg_json_encode(L, 1, "", out);
  lua_pushlstring(L, llg_buffer_bytes(out), out->len);
  llg_buffer_free(out);
  return 1;
}

/* (text) -> value | nil, err */
static int json_decode(lua_State *L) {
  struct llg_failure failure;
  size_t n;
  if (lua_type(L, 1) != LUA_TSTRING)
    return llg_type_error(L, "decode", "text", "string", 1);
  const char *text = lua_tolstring(L, 1, &n);
  if (!llg_json_decode(L, text, n, &failure)) return llg_push_failure(L, &failure);
  return 1;
}

/* () -> "linked" | "cjson" | "vim.json" | nil, err */
static int json_library(lua_State *L) {
  struct llg_failure failure;
  const char *name = llg_json_library(L, &failure);
  if (name == NULL) return llg_push_failure(L, &failure);
  lua_pushstring(L, name);
  return 1;
}

/* Give the table at 1 (a new one, if there is none) the mark `class`, in the place of any
** other mark. A metatable of the caller's stays: replacing it would break the object. */
static int mark(lua_State *L, const char *function, const char *class) {
  if (lua_isnoneornil(L, 1)) {
    lua_settop(L, 0);
    lua_newtable(L);
  }
  if (!lua_istable(L, 1)) return llg_type_error(L, function, "value", "table", 1);
  lua_settop(L, 1);
  if (lua_getmetatable(L, 1)) {
    lua_pop(L, 1);
    enum llg_json_mark known = llg_json_mark(L);
    if (known == LLG_MARK_NONE || known == LLG_MARK_ORDERED)
      return llg_arg_error(
        L, function, "value", "the table has a metatable of its own: give a copy");
  }
  luaL_getmetatable(L, class);
  lua_setmetatable(L, 1);
  return 1;
}

/* (text) -> an object that is sent as that text */
static int json_raw(lua_State *L) {
  size_t n, bad;
  if (lua_type(L, 1) != LUA_TSTRING) return llg_type_error(L, "raw", "text", "string", 1);
  const char *text = lua_tolstring(L, 1, &n);
  if (llg_json_check(text, n, &bad)) {
    llg_json_push_raw(L, 1);
    return 1;
  }
  char why[80];
  if (bad == n)
    snprintf(why, sizeof why, "it is not JSON: it ends after %zu bytes", n);
  else
    snprintf(why, sizeof why, "it is not JSON at byte %zu of %zu", bad + 1, n);
  return llg_arg_error(L, "raw", "text", why);
}

static int json_array(lua_State *L) {
  return mark(L, "array", LLG_JSON_ARRAY);
}

static int json_object(lua_State *L) {
  return mark(L, "object", LLG_JSON_OBJECT);
}

void llg_open_json(lua_State *L) {
  static const luaL_Reg functions[] = {
    { "encode", json_encode },
    { "decode", json_decode },
    { "array", json_array },
    { "object", json_object },
    { "library", json_library },
    { "raw", json_raw },
    { NULL, NULL },
  };
  static const luaL_Reg buffer_meta[] = {
    { "__gc", buffer_gc },
    { "__close", buffer_gc },
    { NULL, NULL },
  };
  static const luaL_Reg no_meta[] = { { NULL, NULL } };
  llg_class(L, BUFFER_CLASS, NULL, buffer_meta);
  llg_class(L, LLG_JSON_ARRAY, NULL, no_meta);
  llg_class(L, LLG_JSON_OBJECT, NULL, no_meta);
  llg_open_json_raw(L);
  lua_newtable(L);
  llg_setfuncs(L, functions);
  lua_pushlightuserdata(L, NULL);
  lua_setfield(L, -2, "null");
  lua_setfield(L, -2, "json");
}
