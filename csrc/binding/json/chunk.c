#include "chunk.h"

#include <stdbool.h>

#include "../../core/base/utf8.h"
#include "decode.h"

enum { MAX_CHOICES = 64, MAX_WAITING = 256 };

/* One choice of a chunk; the numbers are places on the stack. */
struct piece {
  lua_State *L;
  int waits;     /* { field of the delta, or number of a tool call = bytes } */
  bool is_last;  /* the choice ends here: nothing will go on */
  bool may_wait; /* there are not too many already */
};

/* Replace the value on top of the stack by its field, nil where it is no table; its type. */
static int enter(lua_State *L, const char *name) {
  if (lua_istable(L, -1)) {
    lua_pushstring(L, name);
    lua_rawget(L, -2);
  } else {
    lua_pushnil(L);
  }
  lua_replace(L, -2);
  return lua_type(L, -1);
}

/* The field `index` of the table on top of the stack if it can number something, else `other`. */
static int number_of(lua_State *L, int other) {
  lua_pushvalue(L, -1);
  lua_Number n = enter(L, "index") == LUA_TNUMBER ? lua_tonumber(L, -1) : -1;
  lua_pop(L, 1);
  return n >= 0 && n < MAX_WAITING ? (int)n : other;
}

/* Push the string on top of the stack as UTF-8, without its last `n_cut` bytes. */
static void push_repaired(lua_State *L, size_t n_cut) {
  size_t n = 0;
  const char *s = lua_tolstring(L, -1, &n);
  char *room = llg_newuserdata(L, llg_utf8_repair(NULL, s, n - n_cut) + 1);
  lua_pushlstring(L, room, llg_utf8_repair(room, s, n - n_cut));
  lua_remove(L, -2);
}

/* Replace the piece of text on top of the stack by what there is to show of it, what waits under
** the key below it in front; 0 if it stays as it is. What it ends with may wait now. */
static int join(const struct piece *p) {
  lua_State *L = p->L;
  int key = lua_gettop(L) - 1;
  lua_pushvalue(L, key);
  lua_rawget(L, p->waits);
  bool goes_on = lua_type(L, -1) == LUA_TSTRING;
  lua_insert(L, -2);
  if (goes_on)
    lua_concat(L, 2);
  else
    lua_remove(L, -2);
  size_t n = 0, n_cut = 0;
  const char *s = lua_tolstring(L, -1, &n);
  if (!p->is_last && (goes_on || p->may_wait)) n_cut = llg_utf8_unfinished(s, n);
  if (!goes_on && llg_utf8_check(s, n) == n) return 0;
  push_repaired(L, n_cut);
  lua_pushvalue(L, key);
  if (n_cut > 0)
    lua_pushlstring(L, s + n - n_cut, n_cut);
  else
    lua_pushnil(L);
  lua_rawset(L, p->waits);
  lua_replace(L, -2);
  return 1;
}

/* Where the choice ends, what waits for a field that is not in the last chunk is to be shown. */
static void add_missing(const struct piece *p) {
  lua_State *L = p->L;
  int delta = lua_gettop(L);
  lua_pushnil(L);
  while (lua_next(L, p->waits) != 0) {
    lua_pop(L, 1);
    if (lua_type(L, -1) != LUA_TSTRING) continue;
    lua_pushvalue(L, -1);
    lua_rawget(L, delta);
    bool missing = lua_isnil(L, -1);
    lua_pop(L, 1);
    if (!missing) continue;
    lua_pushvalue(L, -1);
    lua_pushliteral(L, "");
    lua_rawset(L, delta);
  }
}

/* The strings of the delta on top of the stack. */
static void mend_fields(const struct piece *p) {
  lua_State *L = p->L;
  int delta = lua_gettop(L);
  if (p->is_last) add_missing(p);
  lua_pushnil(L);
  while (lua_next(L, delta) != 0) {
    bool is_text = lua_type(L, -1) == LUA_TSTRING && lua_type(L, -2) == LUA_TSTRING;
    if (is_text && join(p)) {
      lua_pushvalue(L, -2);
      lua_insert(L, -2);
      lua_rawset(L, delta);
    } else {
      lua_pop(L, 1);
    }
  }
}

/* The arguments of the tool calls of the delta on top of the stack. */
static void mend_calls(const struct piece *p) {
  lua_State *L = p->L;
  int top = lua_gettop(L);
  lua_pushvalue(L, top);
  if (enter(L, "tool_calls") == LUA_TTABLE) {
    int n = (int)llg_rawlen(L, -1);
    for (int i = 1; i <= n; i++) {
      lua_rawgeti(L, top + 1, i);
      lua_pushnumber(L, lua_istable(L, -1) ? number_of(L, i - 1) : i - 1);
      lua_insert(L, -2);
      if (enter(L, "function") == LUA_TTABLE) {
        lua_insert(L, -2);
        lua_pushvalue(L, -2);
        if (enter(L, "arguments") == LUA_TSTRING && join(p)) {
          lua_pushliteral(L, "arguments");
          lua_insert(L, -2);
          lua_rawset(L, -4);
        }
      }
      lua_settop(L, top + 1);
    }
  }
  lua_settop(L, top);
}

/* The choice on top of the stack, the i-th of the chunk. */
static void mend_choice(lua_State *L, int all, int i, bool may_wait) {
  int top = lua_gettop(L);
  int number = number_of(L, i);
  struct piece p = { L, top + 1, false, may_wait };
  if (number >= MAX_CHOICES) return;
  lua_rawgeti(L, all, number);
  if (!lua_istable(L, -1)) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawseti(L, all, number);
  }
  lua_pushvalue(L, top);
  p.is_last = enter(L, "finish_reason") == LUA_TSTRING && llg_rawlen(L, -1) > 0;
  lua_pop(L, 1);
  lua_pushvalue(L, top);
  if (enter(L, "delta") == LUA_TTABLE) {
    mend_fields(&p);
    mend_calls(&p);
  }
  lua_settop(L, top);
  if (!p.is_last) return;
  lua_pushnil(L);
  lua_rawseti(L, all, number);
}

/* What is still broken, wherever it stands in the table on top of the stack. */
static void mend_rest(lua_State *L) {
  int table = lua_gettop(L);
  luaL_checkstack(L, 8, "chunk");
  lua_pushnil(L);
  while (lua_next(L, table) != 0) {
    size_t n = 0;
    const char *s = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &n) : NULL;
    if (s != NULL && llg_utf8_check(s, n) < n) {
      push_repaired(L, 0);
      lua_pushvalue(L, -3);
      lua_insert(L, -2);
      lua_rawset(L, table);
    } else if (lua_istable(L, -1)) {
      mend_rest(L);
    }
    lua_pop(L, 1);
  }
}

/* How many pieces wait in the table on top of the stack. */
static int count(lua_State *L) {
  int n = 0, all = lua_gettop(L);
  lua_pushnil(L);
  while (lua_next(L, all) != 0) {
    lua_pushnil(L);
    for (; lua_next(L, -2) != 0; lua_pop(L, 1))
      n++;
    lua_pop(L, 1);
  }
  return n;
}

int llg_json_decode_chunk(
  lua_State *L, const char *text, size_t n, int index, int slot, int *n_waiting,
  struct llg_failure *failure) {
  bool broken;
  index = llg_absindex(L, index);
  if (!llg_json_decode_kept(L, text, n, &broken, failure)) return 0;
  if (!broken && *n_waiting == 0) return 1;
  luaL_checkstack(L, LUA_MINSTACK, "chunk");
  int chunk = lua_gettop(L);
  llg_getuservalue(L, index);
  lua_rawgeti(L, -1, slot);
  if (!lua_istable(L, -1)) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawseti(L, -3, slot);
  }
  lua_pushvalue(L, chunk);
  if (enter(L, "choices") == LUA_TTABLE) {
    int n_choices = (int)llg_rawlen(L, -1);
    for (int i = 0; i < n_choices; i++) {
      lua_rawgeti(L, -1, i + 1);
      if (lua_istable(L, -1)) mend_choice(L, chunk + 2, i, *n_waiting < MAX_WAITING);
      lua_pop(L, 1);
    }
  }
  lua_settop(L, chunk + 2);
  *n_waiting = count(L);
  lua_settop(L, chunk);
  if (!broken) return 1;
  if (lua_type(L, chunk) == LUA_TSTRING) {
    push_repaired(L, 0);
    lua_replace(L, chunk);
  } else if (lua_istable(L, chunk)) {
    mend_rest(L);
  }
  return 1;
}
