#include "step.h"

#include <limits.h>

#include "attached.h"
#include "../base/clock.h"
#include "receive.h"

enum { GAP_MS = 200 }; /* the host was away for so long: it may have missed what came */

static void start_one(struct llg_pool *pool, struct llg_exchange *x) {
  struct llg_easy_hooks hooks
    = { .on_body = llg_receive_body, .on_header = llg_receive_header, .transfer = x };
  llg_multi_hooks(&pool->multi, &hooks);
  struct llg_easy *easy = llg_multi_take_easy(&pool->multi, x->request.settings->serial);
  if (
    easy != NULL && llg_exchange_begin_attempt(x, easy, &hooks)
    && llg_multi_add(&pool->multi, easy)) {
    pool->n_pending--;
    llg_note_clocks(pool, x);
    return;
  }
  x->easy = NULL;
  x->state = LLG_X_PENDING;
  if (easy != NULL) llg_multi_give_easy(&pool->multi, easy);
  llg_exchange_fail(x, LLG_NOMEM, "request", "out of memory");
  llg_end_without_attempt(pool, x);
}

/* A stream was read to its [DONE] just now, and the last bytes of its body are on their way:
** a moment's wait for its connection is cheaper than a new one. */
static bool connection_is_coming(const struct llg_pool *pool) {
  for (const struct llg_exchange *x = pool->first; x != NULL; x = x->next)
    if (
      x->state == LLG_X_DRAINING && pool->pulse.now_ms < x->over_ms + LLG_DRAIN_GRACE_MS)
      return true;
  return false;
}

/* In the order in which they came; no more than a frame can bear. */
static void start_pending(struct llg_pool *pool) {
  int left = LLG_STARTS_PER_STEP;
  struct llg_exchange *x = pool->first;
  if (pool->n_pending == 0 || connection_is_coming(pool)) return;
  while (x != NULL && x->next != NULL)
    x = x->next;
  while (x != NULL && pool->n_pending > 0 && left > 0) {
    struct llg_exchange *newer = x->prev;
    if (x->state == LLG_X_PENDING) {
      start_one(pool, x);
      left--;
    }
    x = newer;
  }
}

static void resume_paused(struct llg_pool *pool) {
  struct llg_exchange *x = pool->resume;
  pool->resume = NULL;
  while (x != NULL) {
    struct llg_exchange *next = x->next_resume;
    x->to_resume = false;
    x->paused = false;
    x->last_byte_ms = pool->pulse.now_ms; /* idle counts while we want bytes */
    llg_note_clocks(pool, x);
    CURLcode code = llg_multi_resume(&pool->multi, x->easy); /* may pause it again */
    if (code != CURLE_OK) llg_end_attempt(pool, x, code);
    x = next;
  }
}

static void end_finished(struct llg_pool *pool) {
  void *x;
  CURLcode code;
  while (llg_multi_next_done(&pool->multi, &x, &code))
    llg_end_attempt(pool, x, code);
  if (!pool->multi.broken) return;
  pool->multi.broken = false;
  for (struct llg_exchange *at = pool->first, *next; at != NULL; at = next) {
    next = at->next;
    if (at->easy == NULL) continue;
    llg_exchange_fail(at, LLG_NOMEM, NULL, "out of memory");
    llg_end_attempt(pool, at, CURLE_OUT_OF_MEMORY);
  }
}

static void check_one(struct llg_pool *pool, struct llg_exchange *x) {
  if (x->state == LLG_X_WAITING && pool->pulse.now_ms >= x->retry_at_ms) {
    x->state = LLG_X_PENDING;
    pool->n_pending++;
  }
  if (!llg_exchange_is_late(x, &pool->pulse.clock_due_ms)) return;
  if (x->easy != NULL)
    llg_end_attempt(pool, x, CURLE_OPERATION_TIMEDOUT);
  else
    llg_end_without_attempt(pool, x);
}

/* All clocks are looked at only when the earliest of them may have run out; a byte that
** comes moves an idle clock without telling anyone, so that it costs nothing. */
static void check_clocks(struct llg_pool *pool) {
  if (pool->pulse.now_ms < pool->pulse.clock_due_ms) return;
  pool->pulse.clock_due_ms = INT64_MAX;
  for (struct llg_exchange *x = pool->first, *next; x != NULL; x = next) {
    next = x->next;
    check_one(pool, x);
  }
}

static int wait_ms(const struct llg_pool *pool, int64_t until_ms) {
  int64_t due_ms = until_ms;
  if (pool->pulse.n_news > 0 || pool->resume != NULL) return 0;
  if (pool->n_pending > 0)
    return until_ms > pool->pulse.now_ms && connection_is_coming(pool) ? 1 : 0;
  if (pool->multi.due_ms < due_ms) due_ms = pool->multi.due_ms;
  if (pool->pulse.clock_due_ms < due_ms) due_ms = pool->pulse.clock_due_ms;
  if (due_ms == INT64_MAX) return -1;
  int64_t ms = due_ms - pool->pulse.now_ms;
  return ms < 0 ? 0 : ms > INT_MAX ? INT_MAX : (int)ms;
}

/* One round; false when a signal or a wake-up ended the wait. */
static bool run_once(struct llg_pool *pool, int64_t until_ms) {
  start_pending(pool);
  resume_paused(pool);
  llg_multi_run_timer(&pool->multi, pool->pulse.now_ms);
  end_finished(pool);
  if (pool->n_attached == 0 && pool->pulse.n_news > 0) return true;
  int timeout_ms = wait_ms(pool, until_ms);
  bool undisturbed = llg_multi_wait(&pool->multi, timeout_ms, &pool->pulse.now_ms);
  llg_multi_run_timer(&pool->multi, pool->pulse.now_ms);
  end_finished(pool);
  check_clocks(pool); /* last: after a pause of the host we read first, then look */
  return undisturbed;
}

/* The host did something else for a while. libcurl's own connect timeout, which only shares
** the time out between addresses, must not fire before we have looked at the sockets. */
static void forgive_gap(struct llg_pool *pool) {
  if (pool->pulse.now_ms - pool->last_step_ms < GAP_MS) return;
  for (struct llg_exchange *x = pool->first; x != NULL; x = x->next)
    if (x->state == LLG_X_SENT)
      llg_easy_extend_connect(x->easy, pool->pulse.now_ms - x->attempt_ms + GAP_MS);
}

int llg_step(struct llg_pool *pool, int64_t timeout_ms) {
  pool->stepping = true;
  pool->pulse.step++;
  pool->pulse.n_news = 0;
  pool->pulse.now_ms = llg_now_ms();
  forgive_gap(pool);
  int64_t until_ms = timeout_ms < 0 ? INT64_MAX : pool->pulse.now_ms + timeout_ms;
  bool go_on = true;
  do {
    if (timeout_ms < 0 && pool->n_attached == 0) break;
    go_on = run_once(pool, until_ms);
  } while (go_on && pool->pulse.n_news == 0 && pool->pulse.now_ms < until_ms);
  pool->last_step_ms = pool->pulse.now_ms;
  pool->stepping = false;
  return pool->pulse.n_news;
}
