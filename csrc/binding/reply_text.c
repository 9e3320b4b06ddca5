#include "reply_text.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

/* Where texts are put together; `bytes` NULL: they are only measured. luaL_Buffer is not for
** us: where memory ends while its first box is made, it is unusable from then on. */
struct text {
  char *bytes;
  size_t len;
  size_t room;
};

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
static void add_parts(lua_State *L, int parts, struct text *text) {
  int n = length(L, parts);
  for (int i = 1; i <= n; i++) {
    size_t len = 0;
    lua_rawgeti(L, parts, i);
    if (lua_istable(L, -1)) descend(L, "text");
    const char *bytes = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &len)
                                                       : NULL;
    if (text->bytes == NULL) {
      text->len += len;
    } else if (
      len > 0 && len <= text->room - text->len) { /* nobody has changed it since */
      memcpy(text->bytes + text->len, bytes, len);
      text->len += len;
    }
    lua_pop(L, 1);
  }
}

/* The items of the response's list at `list`: its messages, not what it thought and called. */
static void add_output(lua_State *L, int list, struct text *text) {
  int n = length(L, list);
  for (int i = 1; i <= n; i++) {
    lua_rawgeti(L, list, i);
    lua_pushvalue(L, -1);
    descend(L, "type");
    bool is_message = lua_type(L, -1) == LUA_TSTRING
                      && strcmp(lua_tostring(L, -1), "message") == 0;
    lua_pop(L, 1);
    descend(L, "content");
    if (is_message) add_parts(L, lua_gettop(L), text);
    lua_pop(L, 1);
  }
}

/* Turn the list on top of the stack into the text that `add` finds in it. */
static void
put_together(lua_State *L, void (*add)(lua_State *L, int list, struct text *text)) {
  struct text text = { NULL, 0, 0 };
  int list = lua_gettop(L);
  add(L, list, &text);
  text.room = text.len;
  text.len = 0;
  if (text.room > 0) {
    text.bytes = llg_newuserdata(L, text.room);
    add(L, list, &text);
  }
  lua_pushlstring(L, text.bytes != NULL ? text.bytes : "", text.len);
  lua_replace(L, list);
  lua_settop(L, list);
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

void llg_push_reply_text(lua_State *L, int index) {
  luaL_checkstack(L, LUA_MINSTACK, "reply.text");
  lua_pushvalue(L, index);
  descend(L, "choices");
  if (!lua_istable(L, -1)) {
    lua_pop(L, 1);
    lua_pushvalue(L, index);
    descend(L, "output");
    put_together(L, add_output);
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
  if (lua_type(L, -1) != LUA_TSTRING) put_together(L, add_parts);
}
