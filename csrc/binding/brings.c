#include "brings.h"

#include <string.h>

#include "said.h"

bool llg_choice_reason(lua_State *L) {
  lua_getfield(L, -1, "finish_reason");
  if (lua_type(L, -1) == LUA_TSTRING && llg_rawlen(L, -1) > 0) {
    if (strcmp(lua_tostring(L, -1), "null") != 0) return true;
  }
  lua_pop(L, 1);
  return false;
}

/* Whether the table on top of the stack holds anything but whose it is. */
static bool holds_more(lua_State *L) {
  int top = lua_gettop(L);
  bool more = false;
  if (!lua_istable(L, top)) return false;
  lua_pushnil(L);
  while (!more && lua_next(L, top) != 0) {
    bool role = lua_type(L, -2) == LUA_TSTRING
                && strcmp(lua_tostring(L, -2), "role") == 0;
    more = !role && llg_is_said(L);
    lua_pop(L, 1);
  }
  lua_settop(L, top);
  return more;
}

bool llg_choice_brings(lua_State *L, bool only_delta) {
  static const char *const names[] = { "delta", "message" };
  bool brings = false;
  for (int i = 0; i < (only_delta ? 1 : 2) && !brings; i++) {
    lua_getfield(L, -1, names[i]);
    brings = holds_more(L);
    lua_pop(L, 1);
  }
  return brings || llg_has_said(L, lua_gettop(L), "text"); /* of a completion */
}

bool llg_reply_brings(lua_State *L) {
  int top = lua_gettop(L);
  bool brings = llg_has_said(L, top, "output"); /* in the form of /responses */
  lua_getfield(L, top, "choices");
  for (int i = 1; lua_istable(L, top + 1) && !brings; i++) {
    lua_rawgeti(L, top + 1, i);
    if (!lua_istable(L, -1)) break;
    brings = llg_choice_brings(L, false) || llg_choice_reason(L);
    lua_settop(L, top + 1);
  }
  lua_settop(L, top);
  return brings;
}
