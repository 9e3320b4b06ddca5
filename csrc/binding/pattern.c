#include "pattern.h"

#include <stdbool.h>

#include "json/decode.h"

/* Note the sizes of the table on top of the stack and of those in it; false: too many. */
static bool measure(lua_State *L, struct llg_pattern *p) {
  if (p->n_tables == LLG_PATTERN_TABLES) return false;
  int at = p->n_tables++, n = 0;
  bool ok = true;
  lua_pushnil(L);
  while (lua_next(L, -2) != 0) {
    n++;
    ok = ok && (!lua_istable(L, -1) || measure(L, p));
    lua_pop(L, 1);
  }
  p->sizes[at].n_list = (int)llg_rawlen(L, -1);
  p->sizes[at].n_fields = n - p->sizes[at].n_list;
  return ok;
}

/* Push a copy of the table on top of the stack. */
static void copy(lua_State *L, const struct llg_pattern *p, int *at) {
  int from = lua_gettop(L), i = (*at)++;
  lua_createtable(L, p->sizes[i].n_list, p->sizes[i].n_fields);
  lua_pushnil(L);
  while (lua_next(L, from) != 0) {
    if (lua_istable(L, -1)) {
      copy(L, p, at);
      lua_remove(L, -2);
    }
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, from + 1);
  }
  if (lua_getmetatable(L, from)) lua_setmetatable(L, from + 1);
}

/* choices[1].delta.content of the chunk on top of the stack. */
static void set_text(lua_State *L, const struct llg_event_text *text) {
  lua_getfield(L, -1, "choices");
  lua_rawgeti(L, -1, 1);
  lua_getfield(L, -1, "delta");
  lua_pushlstring(L, text->bytes, text->len);
  lua_setfield(L, -2, "content");
  lua_pop(L, 3);
}

/* Make the chunk on top of the stack the pattern: a copy of it, since the chunk itself goes
** to a script, which may change it. */
static void keep(lua_State *L, int index, int slot, struct llg_pattern *p) {
  int at = 0;
  p->n_tables = 0;
  if (!measure(L, p)) {
    p->n_tables = 0;
    return;
  }
  llg_getuservalue(L, index);
  lua_pushvalue(L, -2);
  copy(L, p, &at);
  lua_rawseti(L, -3, slot);
  lua_pop(L, 2);
}

int llg_push_plain_chunk(
  lua_State *L, int index, int slot, struct llg_pattern *p,
  const struct llg_event_memo *memo, const char *event, size_t n,
  const struct llg_event_text *text, struct llg_failure *failure) {
  int at = 0;
  unsigned serial = memo->serial; /* a finalizer may read on while we decode */
  bool alike = memo->alike;
  luaL_checkstack(L, 8 * LLG_PATTERN_TABLES, "chunk");
  if (alike && p->serial == serial && p->n_tables > 0) {
    llg_getuservalue(L, index);
    lua_rawgeti(L, -1, slot);
    copy(L, p, &at);
    lua_replace(L, -3);
    lua_pop(L, 1);
    set_text(L, text);
    return 1;
  }
  if (!llg_json_decode(L, event, n, failure)) return 0;
  /* Worth a copy once a second event has been like the first. */
  if (alike && p->serial != serial) {
    p->serial = 0; /* nothing holds while it is made */
    keep(L, index, slot, p);
    p->serial = serial;
  }
  return 1;
}
