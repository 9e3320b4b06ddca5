#include "connections.h"

#include <math.h>
#include <string.h>

#include "object.h"
#include "options.h"
#include "pool.h"

#define FUNCTION "connections"

static const struct limit {
  const char *name;
  size_t offset; /* of the member in struct llg_connections */
  int least;
} limits[] = {
  { "max", offsetof(struct llg_connections, max), 1 },
  { "max_per_host", offsetof(struct llg_connections, max_per_host), 1 },
  { "max_idle", offsetof(struct llg_connections, max_idle), 0 },
};
enum { N_LIMITS = sizeof limits / sizeof *limits };

static size_t *member(struct llg_connections *c, const struct limit *limit) {
  return (size_t *)(void *)((char *)c + limit->offset);
}

/* The name is at -2, its value on top of the stack. */
static void read_limit(lua_State *L, struct llg_connections *c) {
  const struct limit *limit = NULL;
  if (lua_type(L, -2) != LUA_TSTRING)
    llg_arg_error(L, FUNCTION, "limits", "its keys must be names of limits");
  const char *name = lua_tostring(L, -2);
  for (size_t i = 0; i < N_LIMITS; i++)
    if (strcmp(limits[i].name, name) == 0) limit = &limits[i];
  if (limit == NULL) llg_arg_error(L, FUNCTION, name, "unknown limit");
  if (lua_type(L, -1) != LUA_TNUMBER) llg_type_error(L, FUNCTION, name, "number", -1);
  lua_Number n = lua_tonumber(L, -1);
  if (n != floor(n) || n < limit->least || n > 1e9)
    llg_arg_error(
      L, FUNCTION, name,
      limit->least == 0 ? "a whole number from 0 expected"
                        : "a whole number from 1 expected");
  *member(c, limit) = (size_t)n;
}

/* core.connections(limits) -> table: what is, after what is given was set */
static int core_connections(lua_State *L) {
  struct llg_connections c;
  lua_settop(L, 1);
  llg_pool_get_connections(llg_get_pool(L), &c);
  if (!lua_isnil(L, 1)) {
    if (!lua_istable(L, 1)) return llg_type_error(L, FUNCTION, "limits", "table", 1);
    llg_own_table(L, 1);
    lua_pushnil(L);
    for (; lua_next(L, 1); lua_pop(L, 1))
      read_limit(L, &c);
    struct llg_pool *pool = llg_get_pool(L);
    if (llg_pool_is_stepping(pool)) return llg_raise(L, "step is running");
    llg_pool_set_connections(pool, &c);
    llg_pool_get_connections(pool, &c);
  }
  lua_createtable(L, 0, N_LIMITS + 2);
  for (size_t i = 0; i < N_LIMITS; i++) {
    llg_pushint64(L, (int64_t)*member(&c, &limits[i]));
    lua_setfield(L, -2, limits[i].name);
  }
  llg_pushint64(L, (int64_t)c.open);
  lua_setfield(L, -2, "open");
  llg_pushint64(L, (int64_t)c.idle);
  lua_setfield(L, -2, "idle");
  return 1;
}

void llg_open_connections(lua_State *L) {
  lua_pushcfunction(L, core_connections);
  lua_setfield(L, -2, FUNCTION);
}
