#include "handle.h"

#include <math.h>

#include "../core/http/progress.h"
#include "object.h"
#include "pool.h"
#include "secrets.h"

struct llg_handle *llg_new_handle(lua_State *L, const char *class) {
  struct llg_handle *h = llg_new(L, sizeof *h, class);
  llg_patterns_init(&h->patterns);
  llg_kept_text_init(&h->kept);
  lua_createtable(L, 2, 0);
  llg_setuservalue(L, -2);
  return h;
}

void llg_handle_start(lua_State *L, struct llg_handle *h, struct llg_request *request) {
  h->x = llg_pool_start(h->pool, request);
  if (h->x == NULL) luaL_error(L, "not enough memory");
}

bool llg_handle_is_over(struct llg_handle *h) {
  if (h->x == NULL || llg_exchange_is_over(h->x)) return true;
  if (!llg_pool_is_foreign(h->pool)) return false;
  llg_exchange_fail(
    h->x, LLG_CANCELLED, NULL, "the process was forked: the parent has it");
  llg_pool_cancel(h->pool, h->x);
  return true;
}

void llg_handle_settle(struct llg_handle *h) {
  struct llg_exchange *x = h->x;
  if (x == NULL || x->is_forgotten || h->n_reading > 0) return;
  bool is_read = h->verdict != LLG_VERDICT_NONE;
  if (!is_read && x->failure.status == LLG_OK) return; /* someone may still read it */
  if (llg_exchange_is_over(x)) llg_forget_secrets(x, !is_read);
}

void llg_handle_close(struct llg_handle *h) {
  if (h->x == NULL) return;
  llg_pool_release(h->pool, h->x);
  llg_event_queue_free(&h->x->events);
  bool is_wanted = h->verdict != LLG_VERDICT_NONE || h->n_reading > 0;
  if (!is_wanted && llg_exchange_is_over(h->x))
    llg_new_file_drop(&h->x->request.answer_to);
  llg_event_shapes_free(&h->shapes);
  llg_handle_settle(h);
}

int llg_handle_arm(lua_State *L, struct llg_handle *h) {
  lua_Number number = luaL_checknumber(L, 2);
  if (!(number >= 1 && number <= 9007199254740991.0) || number != floor(number))
    return llg_raise(
      L, "bad argument 'number' to 'arm' (a whole number from 1 expected)");
  struct llg_pool *pool = llg_get_pool(L);
  if (h->x == NULL) return llg_raise(L, "bad argument 'self' to 'arm' (never started)");
  llg_handle_is_over(h);
  llg_pool_arm(pool, h->x, (int64_t)number);
  return 0;
}

int llg_handle_progress(lua_State *L, const struct llg_handle *h) {
  struct llg_progress p;
  if (h->x == NULL) return 0;
  llg_progress_of(h->x, &p);
  llg_pushint64(L, p.sent);
  llg_pushint64(L, p.to_send);
  llg_pushint64(L, p.received);
  if (p.to_receive < 0)
    lua_pushnil(L);
  else
    llg_pushint64(L, p.to_receive);
  return 4;
}

void llg_handle_free(struct llg_handle *h) {
  struct llg_pool *pool = h->pool;
  struct llg_exchange *x = h->x;
  llg_handle_close(h);
  h->x = NULL;
  if (x != NULL) llg_pool_arm(pool, x, 0);
  h->pool = NULL;
  llg_patterns_free(&h->patterns);
  llg_kept_text_free(&h->kept);
  llg_exchange_unref(x);
  llg_pool_unref(pool);
}

/* ---- the verdict, which is repeated for ever ---- */

/* A finalizer that ran meanwhile may have closed it: what it was told then stands. */
static int
keep(lua_State *L, int index, struct llg_handle *h, enum llg_verdict verdict, int slot) {
  index = llg_absindex(L, index);
  if (h->verdict == LLG_VERDICT_NONE) {
    llg_getuservalue(L, index);
    lua_pushvalue(L, -2);
    lua_rawseti(L, -2, slot);
    lua_pop(L, 2);
    h->verdict = verdict;
    llg_handle_settle(h);
  }
  return llg_push_verdict(L, index, h);
}

int llg_keep_reply(lua_State *L, int index, struct llg_handle *h) {
  return keep(L, index, h, LLG_VERDICT_COMPLETE, 1);
}

int llg_keep_error(lua_State *L, int index, struct llg_handle *h) {
  return keep(L, index, h, LLG_VERDICT_ERROR, 2);
}

bool llg_has_verdict(const struct llg_handle *h) {
  return h->verdict != LLG_VERDICT_NONE || h->x == NULL;
}

int llg_push_verdict(lua_State *L, int index, const struct llg_handle *h) {
  struct llg_failure failure;
  llg_getuservalue(L, index);
  switch (h->verdict) {
  case LLG_VERDICT_COMPLETE: lua_rawgeti(L, -1, 1); return 1;
  case LLG_VERDICT_ERROR:
    lua_pushnil(L);
    lua_rawgeti(L, -2, 2);
    return 2;
  case LLG_VERDICT_NONE: break;
  }
  llg_failure_set(
    &failure, LLG_CANCELLED, NULL, "it was given up before it had come to its end");
  return llg_push_failure(L, &failure);
}
