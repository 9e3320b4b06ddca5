#include "pool.h"

#include <math.h>
#include <signal.h>
#include <string.h>

#include "../core/base/clock.h"
#include "object.h"

#define POOL_CLASS "lualogue.pool"
#define POOL_KEY "lualogue.pool.current"

struct pool_object {
  struct llg_pool *pool; /* counted; NULL: not made yet, or closed */
  bool closed;           /* collected: only finalizers still see it */
};

static volatile sig_atomic_t interrupted;
static struct llg_pool *volatile interruptible; /* counted */
static struct sigaction before;

static void on_interrupt(int signal_number);

/* Let Ctrl-C wake this pool, which is counted; NULL: let it do what it did before us. A handler
** that someone else has put in the place of ours stays when we leave. */
static void interrupt(struct llg_pool *pool) {
  struct llg_pool *old = interruptible;
  struct sigaction present;
  sigaction(SIGINT, NULL, &present);
  bool ours = present.sa_handler == on_interrupt;
  if (pool != NULL && !ours) {
    before = present;
    memset(&present, 0, sizeof present);
    present.sa_handler = on_interrupt;
    sigemptyset(&present.sa_mask);
    sigaction(SIGINT, &present, NULL);
  }
  if (pool == NULL && ours) sigaction(SIGINT, &before, NULL);
  interruptible = pool;
  llg_pool_unref(old);
}

static struct pool_object *get_object(lua_State *L) {
  lua_getfield(L, LUA_REGISTRYINDEX, POOL_KEY);
  struct pool_object *object = lua_touserdata(L, -1);
  lua_pop(L, 1);
  return object;
}

struct llg_pool *llg_get_pool(lua_State *L) {
  struct pool_object *object = get_object(L);
  struct llg_pool *old = object->pool;
  if (old != NULL && !llg_pool_is_foreign(old)) return old;
  if (object->closed) luaL_error(L, "the Lua state is being closed");
  object->pool = llg_pool_new();
  if (object->pool == NULL) {
    object->pool = old;
    luaL_error(L, "not enough memory");
  }
  if (old != NULL) llg_pool_inherit(object->pool, old);
  if (old != NULL && interruptible == old) interrupt(llg_pool_ref(object->pool));
  llg_pool_unref(old);
  return object->pool;
}

/* The state ends, or the module is collected: nothing may stay on the wire. */
static int pool_gc(lua_State *L) {
  struct pool_object *object = luaL_checkudata(L, 1, POOL_CLASS);
  struct llg_pool *pool = object->pool;
  object->pool = NULL;
  object->closed = true;
  if (pool == NULL) return 0;
  if (interruptible == pool) interrupt(NULL);
  llg_pool_cancel_all(pool);
  llg_pool_unref(pool);
  return 0;
}

/* core.step(ms, budget_ms) -> number of exchanges with news. Without ms, or with a negative one:
** until there is news or nothing is under way. */
static int core_step(lua_State *L) {
  lua_Number ms = luaL_optnumber(L, 1, -1), budget_ms = luaL_optnumber(L, 2, -1);
  struct llg_pool *pool = llg_get_pool(L);
  if (llg_pool_is_stepping(pool)) return llg_raise(L, "step is running already");
  int64_t timeout_ms = !(ms >= 0) ? -1 : ms > 1e12 ? (int64_t)1e12 : (int64_t)ceil(ms);
  int64_t budget_us = !(budget_ms >= 0) ? -1
                      : budget_ms > 1e9 ? (int64_t)1e12
                                        : (int64_t)(budget_ms * 1000);
  lua_pushinteger(L, llg_pool_step(pool, timeout_ms, budget_us));
  return 1;
}

/* core.ready(list) -> n: list[1] to list[n] are the numbers with which those were armed that
** have news since; they are disarmed. */
static int core_ready(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  struct llg_pool *pool = llg_get_pool(L);
  int n = 0;
  int64_t number;
  while ((number = llg_pool_ready(pool)) > 0) {
    lua_settop(L, 1);
    llg_pushint64(L, number);
    lua_rawseti(L, 1, n + 1); /* may collect, which may take the number away; may raise */
    if (llg_pool_pop_ready(pool, number)) n++;
  }
  lua_pushinteger(L, n);
  return 1;
}

/* core.pollfd() -> descriptor that is readable when a step has work, or nil */
static int core_pollfd(lua_State *L) {
  int fd = llg_pool_fd(llg_get_pool(L));
  if (fd < 0) return 0;
  lua_pushinteger(L, fd);
  return 1;
}

/* core.alarm(ms) -> whether the descriptor will be readable after so many milliseconds; without
** ms: it will not. */
static int core_alarm(lua_State *L) {
  lua_Number ms = luaL_optnumber(L, 1, -1);
  int64_t in_ms = !(ms >= 0) ? -1 : ms > 1e12 ? (int64_t)1e12 : (int64_t)ms;
  lua_pushboolean(L, llg_pool_alarm(llg_get_pool(L), in_ms));
  return 1;
}

/* core.waker() -> a number for core.wake */
static int core_waker(lua_State *L) {
  llg_pushint64(L, llg_pool_waker(llg_get_pool(L)));
  return 1;
}

/* core.wake(waker) -> whether there still is a pool of that number */
static int core_wake(lua_State *L) {
  lua_Number waker = luaL_checknumber(L, 1);
  bool possible = waker >= 1 && waker < 9e15;
  lua_pushboolean(L, possible && llg_pool_wake_by((int64_t)waker));
  return 1;
}

/* core.due() -> milliseconds until a step is due whatever the descriptor says, or nil */
static int core_due(lua_State *L) {
  int64_t ms = llg_pool_due_ms(llg_get_pool(L));
  if (ms < 0) return 0;
  llg_pushint64(L, ms);
  return 1;
}

/* core.active() -> how many exchanges are under way */
static int core_active(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)llg_pool_count(llg_get_pool(L)));
  return 1;
}

/* core.now() -> seconds on a clock that never goes back */
static int core_now(lua_State *L) {
  lua_pushnumber(L, (lua_Number)llg_now_us() / 1e6);
  return 1;
}

/* ---- Ctrl-C, only for programs that ask for it ---- */

/* The first Ctrl-C wakes the wait; a second one that nobody has seen in between does what it
** did before us, so that a program that never waits can still be ended. */
static void on_interrupt(int signal_number) {
  if (interrupted) {
    sigaction(signal_number, &before, NULL);
    raise(signal_number);
    return;
  }
  interrupted = 1;
  if (interruptible != NULL) llg_pool_wake(interruptible);
}

/* core.interrupts(on) */
static int core_interrupts(lua_State *L) {
  luaL_checktype(L, 1, LUA_TBOOLEAN);
  struct llg_pool *pool = llg_get_pool(L);
  if (lua_toboolean(L, 1))
    interrupt(llg_pool_ref(pool));
  else if (interruptible == pool)
    interrupt(NULL);
  interrupted = 0;
  return 0;
}

/* core.interrupted() -> whether Ctrl-C came since the last time this was asked */
static int core_interrupted(lua_State *L) {
  lua_pushboolean(L, interrupted != 0);
  interrupted = 0;
  return 1;
}

void llg_open_pool(lua_State *L) {
  static const luaL_Reg functions[] = {
    { "step", core_step },
    { "ready", core_ready },
    { "pollfd", core_pollfd },
    { "alarm", core_alarm },
    { "waker", core_waker },
    { "wake", core_wake },
    { "due", core_due },
    { "active", core_active },
    { "now", core_now },
    { "interrupts", core_interrupts },
    { "interrupted", core_interrupted },
    { NULL, NULL },
  };
  static const luaL_Reg meta[] = {
    { "__gc", pool_gc },
    { NULL, NULL },
  };
  llg_class(L, POOL_CLASS, NULL, meta);
  if (
    get_object(L) == NULL) { /* loaded anew, the module goes on with what is under way */
    llg_new(L, sizeof(struct pool_object), POOL_CLASS);
    lua_setfield(L, LUA_REGISTRYINDEX, POOL_KEY);
  }
  llg_setfuncs(L, functions);
}
