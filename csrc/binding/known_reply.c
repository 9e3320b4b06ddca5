#include "known_reply.h"

#include <string.h>

#include "object.h"
#include "pattern.h"

#define REPLIES_CLASS "lualogue.core.replies"
#define REPLIES_KEY "lualogue.core.known_replies" /* in the registry: the only one */

enum { PATTERN_SLOT = 1 };

struct replies {
  struct llg_event_shapes shapes;
  struct llg_patterns patterns; /* from PATTERN_SLOT on */
  bool is_closed;               /* Lua is: nothing is remembered any more */
};

/* Push it; NULL where it is gone. */
static struct replies *push_replies(lua_State *L) {
  lua_getfield(L, LUA_REGISTRYINDEX, REPLIES_KEY);
  struct replies *r = lua_touserdata(L, -1);
  return r != NULL && !r->is_closed ? r : NULL;
}

static bool is_any_escaped(
  const struct llg_event_shape *shape, const struct llg_shape_value *values) {
  for (int i = 0; i < shape->n_holes; i++)
    if (values[i].is_string && values[i].text.escaped) return true;
  return false;
}

bool llg_push_known_reply(lua_State *L, const char *body, size_t n) {
  struct llg_shape_value values[LLG_SHAPE_HOLES];
  int top = lua_gettop(L);
  luaL_checkstack(L, 8, "reply");
  struct replies *r = push_replies(L);
  const struct llg_event_shape *shape = NULL;
  if (r != NULL) shape = llg_event_shapes_match(&r->shapes, body, n, values);
  if (shape != NULL && is_any_escaped(shape, values)) {
    /* An escape is resolved in its place, and the body may still be quoted. A finalizer may learn
    ** another reply meanwhile: look again. */
    char *copy = llg_newuserdata(L, n);
    memcpy(copy, body, n);
    shape = llg_event_shapes_match(&r->shapes, copy, n, values);
  }
  if (
    shape == NULL
    || !llg_push_chunk(L, top + 1, PATTERN_SLOT, &r->patterns, shape, values)) {
    lua_settop(L, top);
    return false;
  }
  lua_replace(L, top + 1);
  lua_settop(L, top + 1);
  return true;
}

void llg_learn_reply(lua_State *L, const char *body, size_t n) {
  struct replies *r = push_replies(L);
  if (r != NULL) llg_event_shapes_learn(&r->shapes, body, n);
  lua_pop(L, 1);
}

static int replies_gc(lua_State *L) {
  struct replies *r = luaL_checkudata(L, 1, REPLIES_CLASS);
  r->is_closed = true;
  llg_event_shapes_free(&r->shapes);
  llg_patterns_free(&r->patterns);
  return 0;
}

void llg_open_known_replies(lua_State *L) {
  static const luaL_Reg meta[] = {
    { "__gc", replies_gc },
    { NULL, NULL },
  };
  llg_class(L, REPLIES_CLASS, NULL, meta);
  struct replies *r = llg_new(L, sizeof *r, REPLIES_CLASS);
  llg_patterns_init(&r->patterns);
  lua_createtable(L, LLG_SHAPES, 0);
  llg_setuservalue(L, -2);
  lua_setfield(L, LUA_REGISTRYINDEX, REPLIES_KEY);
}
