/*
** host_alloc.c - Lua out of memory, everywhere: host_alloc SCRIPT...
**
** Each script returns a function that does something and returns true (or false: the failure
** was handled as data). It is called once for each allocation that it makes, which fails then:
**   sticky  this one and all later ones;
**   once    this one alone (and the second try that Lua makes after a collection), so that
**           whatever cleans up finds memory again.
** Every call may end in Lua's "not enough memory" or return, but must leave the state usable:
** at the end the function has to succeed. A script that sets `fresh = true` gets a new state
** for each allocation, for what happens only once in a state, such as require.
*/
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>

#include "host_pin.h"

enum mode { STICKY, ONCE };

enum { MAX_ALLOCATIONS = 200000 };

struct meter {
  enum mode mode;
  long left;     /* allocations until the first failure; 0: never */
  int fired;     /* a failure was handed out */
  size_t second; /* ONCE: the size that Lua will ask for again, or 0 */
};

static int must_fail(struct meter *m, size_t n_bytes) {
  if (m->second != 0 && m->second == n_bytes) {
    m->second = 0;
    return 1;
  }
  if (m->left == 0) return 0;
  if (--m->left > 0) return 0;
  if (m->mode == STICKY) m->left = 1;
  if (m->mode == ONCE) m->second = n_bytes;
  m->fired = 1;
  return 1;
}

static void *meter_alloc(void *ud, void *p, size_t old_bytes, size_t n_bytes) {
  if (n_bytes == 0) {
    free(p);
    return NULL;
  }
  /* Lua relies on a block that shrinks: that never fails. */
  if ((p == NULL || n_bytes > old_bytes) && must_fail(ud, n_bytes)) return NULL;
  return realloc(p, n_bytes);
}

/* A state with the script's function at index 1, or NULL with a message. */
static lua_State *prepare(struct meter *m, const char *script, int *fresh) {
  lua_State *L = lua_newstate(meter_alloc, m);
  if (L == NULL) return NULL;
  luaL_openlibs(L);
  if (luaL_loadfile(L, script) || lua_pcall(L, 0, 1, 0)) {
    printf("%s: %s\n", script, lua_tostring(L, -1));
    lua_close(L);
    return NULL;
  }
  lua_getglobal(L, "fresh");
  *fresh = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return L;
}

/* Call it with the n-th allocation failing. 1: it returned true; 0: it failed, as it may;
** -1: it failed with anything else than "not enough memory" or a handled failure. */
static int call(lua_State *L, struct meter *m, long n) {
  m->left = n;
  m->fired = 0;
  m->second = 0;
  lua_pushvalue(L, 1);
  int status = lua_pcall(L, 0, 1, 0);
  m->left = 0;
  m->second = 0;
  int result = status == LUA_OK && lua_toboolean(L, -1);
  if (status != LUA_OK && status != LUA_ERRMEM) {
    printf("allocation %ld: %s\n", n, luaL_tolstring(L, -1, NULL));
    result = -1;
  }
  lua_settop(L, 1);
  lua_gc(L, LUA_GCCOLLECT, 0);
  return result;
}

/* 1 if the script got through every failing allocation. */
static int survive(const char *script, enum mode mode) {
  struct meter m = { mode, 0, 0, 0 };
  int fresh = 0;
  lua_State *L = prepare(&m, script, &fresh);
  if (L == NULL) return 0;
  long n = 1;
  int ok = 1;
  for (; n < MAX_ALLOCATIONS; n++) {
    int result = call(L, &m, n);
    if (result < 0 || (!m.fired && result == 0)) {
      printf(
        "%s: allocation %ld: %s\n", script, n, m.fired ? "wrong error" : "no success");
      ok = 0;
      break;
    }
    if (!m.fired) break;
    if (fresh) {
      lua_close(L);
      L = prepare(&m, script, &fresh);
      if (L == NULL) return 0;
    }
  }
  if (ok && call(L, &m, 0) != 1) {
    printf("%s: the state is of no use afterwards\n", script);
    ok = 0;
  }
  pin_libraries();
  lua_close(L);
  printf("%s, %s: %ld allocations\n", script, mode == STICKY ? "sticky" : "once", n - 1);
  return ok && n > 1 && n < MAX_ALLOCATIONS;
}

int main(int argc, char **argv) {
  int passed = 0, failed = 0;
  for (int i = 1; i < argc; i++) {
    for (enum mode mode = STICKY; mode <= ONCE; mode++) {
      if (survive(argv[i], mode))
        passed++;
      else
        failed++;
      fflush(stdout);
    }
  }
  printf("%d passed, %d failed\n", passed, failed);
  return failed != 0;
}
