/*
** host_alloc.c - Lua out of memory, everywhere: host_alloc SCRIPT...
**
** Each script returns a function that does something and returns true (or false: the failure
** was handled as data). It is called once for each allocation that it makes, which fails then:
**   sticky  this one and all later ones;
**   once    this one alone (and the second try that Lua makes after a collection), so that
**           whatever cleans up finds memory again.
** Every call may end in "not enough memory" or return, but must leave the state usable: the
** function has to succeed at the end. A script that returns `true` behind the function gets a
** new state for each allocation, for what happens only once in a state, such as require; there
** it has to succeed after each failure.
*/
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
  if (luaL_loadfile(L, script) || lua_pcall(L, 0, 2, 0)) {
    printf("%s: %s\n", script, lua_tostring(L, -1));
    lua_close(L);
    return NULL;
  }
  *fresh = lua_toboolean(L, 2);
  lua_settop(L, 1);
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
    const char *message = luaL_tolstring(L, -1, NULL);
    if (strstr(message, "not enough memory") == NULL) {
      printf("allocation %ld: %s\n", n, message);
      result = -1;
    }
  }
  lua_settop(L, 1);
  lua_gc(L, LUA_GCCOLLECT, 0);
  return result;
}

/* Fail the n-th allocation. 1: go on; 0: there was no n-th any more; -1: a wrong end. */
static int survive_one(lua_State *L, struct meter *m, long n, int fresh) {
  int result = call(L, m, n);
  int fired = m->fired;
  if (result < 0) return -1;
  if (!fired && result == 0) {
    printf("allocation %ld: it failed although none did\n", n);
    return -1;
  }
  if (fresh && fired && call(L, m, 0) != 1) {
    printf("allocation %ld: the state is of no use afterwards\n", n);
    return -1;
  }
  return fired;
}

/* 1 if the script got through every failing allocation. */
static int survive(const char *script, enum mode mode) {
  struct meter m = { mode, 0, 0, 0 };
  int fresh = 0, going = 1;
  lua_State *L = prepare(&m, script, &fresh);
  if (L == NULL) return 0;
  long n = 0;
  while (going > 0 && n < MAX_ALLOCATIONS) {
    going = survive_one(L, &m, ++n, fresh);
    if (!fresh || going <= 0) continue;
    pin_libraries();
    lua_close(L);
    L = prepare(&m, script, &fresh);
    if (L == NULL) return 0;
  }
  int ok = going == 0 && n > 1;
  if (ok && call(L, &m, 0) != 1) {
    printf("the state is of no use afterwards\n");
    ok = 0;
  }
  pin_libraries();
  lua_close(L);
  const char *how = mode == STICKY ? "sticky" : "once";
  printf("%s, %s: %ld allocations%s\n", script, how, n - 1, ok ? "" : ", FAILED");
  return ok;
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
