#include "said.h"

#include <string.h>

static bool is_said(lua_State *L, int depth) {
  switch (lua_type(L, -1)) {
  case LUA_TSTRING: return llg_rawlen(L, -1) > 0;
  case LUA_TNUMBER: return lua_tonumber(L, -1) != 0;
  case LUA_TBOOLEAN: return lua_toboolean(L, -1);
  case LUA_TTABLE: break;
  default: return false;
  }
  bool said = false;
  lua_pushnil(L);
  while (depth < LLG_SAID_DEPTH && lua_next(L, -2) != 0) {
    said = is_said(L, depth + 1);
    lua_pop(L, said ? 2 : 1);
    if (said) break;
  }
  return said;
}

bool llg_is_said(lua_State *L) {
  return is_said(L, 0);
}

bool llg_push_said(lua_State *L, int t, const char *name) {
  lua_getfield(L, t, name);
  if (llg_is_said(L)) return true;
  lua_pop(L, 1);
  return false;
}

bool llg_has_said(lua_State *L, int t, const char *name) {
  bool said = llg_push_said(L, t, name);
  if (said) lua_pop(L, 1);
  return said;
}

bool llg_is_one_of(lua_State *L, int t, const char *name, const char *const *words) {
  bool found = false;
  lua_getfield(L, t, name);
  const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
  for (; text != NULL && *words != NULL; words++)
    found = found || strcmp(text, *words) == 0;
  lua_pop(L, 1);
  return found;
}
