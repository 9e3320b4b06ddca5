#include "reply_text.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

/* Put a field of the value on top of the stack in its place; nil if it is no table. */
static void descend(lua_State *L, const char *name) {
  if (lua_istable(L, -1)) {
    lua_pushstring(L, name);
    lua_rawget(L, -2);
  } else {
    lua_pushnil(L);
  }
  lua_remove(L, -2);
}

static int length(lua_State *L, int index) {
  size_t n = lua_istable(L, index) ? (size_t)llg_rawlen(L, index) : 0;
  return n < INT_MAX ? (int)n : INT_MAX - 1;
}

/* Add the texts of the list of parts at `parts`: strings, and tables with a `text`. */
static void add_parts(lua_State *L, int parts, luaL_Buffer *text) {
  int n = length(L, parts);
  for (int i = 1; i <= n; i++) {
    lua_rawgeti(L, parts, i);
    if (lua_istable(L, -1)) descend(L, "text");
    if (lua_type(L, -1) == LUA_TSTRING)
      luaL_addvalue(text);
    else
      lua_pop(L, 1);
  }
}

/* Turn content on top of the stack into its text. */
static void text_of_content(lua_State *L) {
  luaL_Buffer text;
  if (lua_type(L, -1) == LUA_TSTRING) return;
  int parts = lua_gettop(L);
  luaL_buffinit(L, &text);
  add_parts(L, parts, &text);
  luaL_pushresult(&text);
  lua_replace(L, parts);
  lua_settop(L, parts);
}

/* Put choice 1 of the list on top of the stack in its place: the server numbers it 0, and
** need not send it first. */
static void first_choice(lua_State *L) {
  int list = lua_gettop(L), n = length(L, list), found = 1;
  for (int i = 1; i <= n; i++) {
    lua_rawgeti(L, list, i);
    descend(L, "index");
    bool first = lua_type(L, -1) == LUA_TNUMBER && lua_tonumber(L, -1) == 0;
    lua_pop(L, 1);
    if (!first) continue;
    found = i;
    break;
  }
  lua_rawgeti(L, list, found);
  lua_remove(L, list);
}

/* The items of a response: its messages are beside what it thought and called. */
static void text_of_output(lua_State *L) {
  luaL_Buffer text;
  int list = lua_gettop(L), n = length(L, list);
  lua_pushnil(L); /* the parts of one message, below what the buffer keeps */
  luaL_buffinit(L, &text);
  for (int i = 1; i <= n; i++) {
    lua_rawgeti(L, list, i);
    descend(L, "content");
    lua_replace(L, list + 1);
    lua_rawgeti(L, list, i);
    descend(L, "type");
    bool message = lua_type(L, -1) == LUA_TSTRING
                   && strcmp(lua_tostring(L, -1), "message") == 0;
    lua_pop(L, 1);
    if (message) add_parts(L, list + 1, &text);
  }
  luaL_pushresult(&text);
  lua_replace(L, list);
  lua_settop(L, list);
}

void llg_push_reply_text(lua_State *L, int index) {
  luaL_checkstack(L, LUA_MINSTACK, "reply.text");
  lua_pushvalue(L, index);
  descend(L, "choices");
  if (!lua_istable(L, -1)) {
    lua_pop(L, 1);
    lua_pushvalue(L, index);
    descend(L, "output");
    text_of_output(L);
    return;
  }
  first_choice(L);
  lua_pushvalue(L, -1);
  descend(L, "message");
  if (lua_istable(L, -1)) {
    descend(L, "content");
    lua_remove(L, -2);
  } else {
    lua_pop(L, 1);
    descend(L, "text");
  }
  text_of_content(L);
}
