#include "pool.h"

#include <time.h>
#include <unistd.h>

#include "attached.h"
#include "../base/clock.h"
#include "../base/fork.h"
#include "../base/memory.h"
#include "step.h"

enum { NEVER_MS = -1 };

/* ---- life ---- */

struct llg_pool *llg_pool_new(void) {
  struct llg_pool *pool = llg_calloc(1, sizeof *pool);
  if (pool == NULL) return NULL;
  if (!llg_multi_open(&pool->multi, &pool->pending)) {
    llg_free(pool);
    return NULL;
  }
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  pool->refs = 1;
  pool->n_forks = llg_fork_count();
  pool->pulse.clock_due_ms = INT64_MAX;
  pool->stop_us = INT64_MAX;
  llg_ring_open(&pool->pulse.news);
  llg_ring_open(&pool->attached);
  llg_ring_open(&pool->pending);
  llg_ring_open(&pool->resume);
  pool->pulse.now_ms = llg_now_ms();
  pool->pulse.random_state = ((uint64_t)t.tv_nsec << 32) ^ (uint64_t)t.tv_sec
                             ^ (uint64_t)getpid();
  pool->pulse.random_state |= 1; /* xorshift stands still at 0 */
  return pool;
}

struct llg_pool *llg_pool_ref(struct llg_pool *pool) {
  pool->refs++;
  return pool;
}

bool llg_pool_is_foreign(const struct llg_pool *pool) {
  return pool->n_forks != llg_fork_count();
}

void llg_pool_unref(struct llg_pool *pool) {
  if (pool == NULL || --pool->refs > 0) return;
  llg_waker_forget(&pool->waker);
  if (llg_pool_is_foreign(pool)) {
    /* The connections are the parent's: closing them would say goodbye in its name. What
    ** libcurl holds for them is given up with them. */
    llg_multi_abandon(&pool->multi);
  } else {
    llg_pool_cancel_all(pool);
    llg_multi_close(&pool->multi);
  }
  llg_news_close(&pool->pulse.news);
  llg_free(pool);
}

/* ---- exchanges come and go ---- */

struct llg_exchange *llg_pool_start(struct llg_pool *pool, struct llg_request *request) {
  struct llg_exchange *x = llg_exchange_new(request, &pool->pulse);
  if (x == NULL) return NULL;
  pool->pulse.now_ms = llg_now_ms();
  llg_attach(pool, x);
  return x;
}

void llg_pool_cancel(struct llg_pool *pool, struct llg_exchange *x) {
  if (!llg_ring_is_in(&x->attached)) return;
  llg_exchange_fail(x, LLG_CANCELLED, NULL, "%s", llg_status_text(LLG_CANCELLED));
  if (x->easy == NULL || llg_pool_is_foreign(pool)) {
    llg_end_without_attempt(pool, x);
    return;
  }
  llg_end_attempt(pool, x, CURLE_ABORTED_BY_CALLBACK);
}

void llg_pool_release(struct llg_pool *pool, struct llg_exchange *x) {
  if (x->state != LLG_X_DRAINING) llg_pool_cancel(pool, x);
}

void llg_pool_cancel_all(struct llg_pool *pool) {
  struct llg_exchange *x;
  while ((x = llg_first_attached(pool)) != NULL)
    llg_pool_cancel(pool, x);
}

void llg_pool_decide(struct llg_pool *pool, struct llg_exchange *x, int64_t delay_ms) {
  if (llg_pool_is_foreign(pool)) return;
  pool->pulse.now_ms = llg_now_ms();
  llg_decide(pool, x, delay_ms);
}

/* ---- who waits on many ---- */

void llg_pool_arm(struct llg_pool *pool, struct llg_exchange *x, int64_t number) {
  llg_news_arm(&x->news, number);
  if (llg_exchange_is_over(x) || x->events.count > 0 || x->is_asked)
    llg_news_tell(&pool->pulse.news, &x->news);
}

int64_t llg_pool_ready(const struct llg_pool *pool) {
  return llg_news_front(&pool->pulse.news);
}

bool llg_pool_pop_ready(struct llg_pool *pool, int64_t number) {
  return llg_news_pop(&pool->pulse.news, number);
}

void llg_pool_inherit(struct llg_pool *pool, struct llg_pool *foreign) {
  struct llg_exchange *x = llg_first_attached(foreign);
  for (; x != NULL; x = llg_next_attached(foreign, x))
    llg_exchange_fail(
      x, LLG_CANCELLED, NULL, "the process was forked: the parent has it");
  llg_pool_cancel_all(foreign);
  llg_news_move(&pool->pulse.news, &foreign->pulse.news);
}

void llg_pool_taken(struct llg_pool *pool, struct llg_exchange *x) {
  if (!x->paused || llg_ring_is_in(&x->resume)) return;
  if (llg_event_queue_is_low(&x->events)) llg_ring_append(&pool->resume, &x->resume);
}

/* ---- the work ---- */

int llg_pool_step(struct llg_pool *pool, int64_t timeout_ms, int64_t budget_us) {
  return llg_step(pool, timeout_ms, budget_us);
}

bool llg_pool_is_stepping(const struct llg_pool *pool) {
  return pool->stepping;
}

void llg_pool_get_connections(const struct llg_pool *pool, struct llg_connections *c) {
  const struct llg_links *links = &pool->multi.links;
  *c = (struct llg_connections){ .max = links->max,
                                 .max_per_host = links->max_host,
                                 .max_idle = links->max_at_rest,
                                 .open = links->n,
                                 .idle = links->n_at_rest };
}

void llg_pool_set_connections(struct llg_pool *pool, const struct llg_connections *c) {
  llg_links_limit(&pool->multi.links, c->max, c->max_per_host, c->max_idle);
}

void llg_pool_forget(struct llg_pool *pool, const struct llg_settings *settings) {
  if (llg_pool_is_foreign(pool) || pool->stepping) return;
  llg_links_forget(&pool->multi.links, settings->serial);
}

size_t llg_pool_count(const struct llg_pool *pool) {
  return pool->n_attached;
}

void llg_pool_wake(struct llg_pool *pool) {
  llg_poller_wake(pool->multi.poller);
}

int64_t llg_pool_waker(struct llg_pool *pool) {
  return llg_waker_register(&pool->waker, pool->multi.poller);
}

bool llg_pool_wake_by(int64_t waker) {
  return llg_waker_wake(waker);
}

int llg_pool_fd(const struct llg_pool *pool) {
  return llg_poller_fd(pool->multi.poller);
}

bool llg_pool_alarm(struct llg_pool *pool, int64_t ms) {
  return llg_poller_alarm(pool->multi.poller, ms);
}

int64_t llg_pool_due_ms(const struct llg_pool *pool) {
  int64_t due_ms = llg_multi_due_ms(&pool->multi);
  if (pool->pulse.clock_due_ms < due_ms) due_ms = pool->pulse.clock_due_ms;
  bool now = !llg_ring_is_empty(&pool->pending) || !llg_ring_is_empty(&pool->resume)
             || llg_pool_ready(pool) > 0 || pool->judging
             || llg_multi_has_more(&pool->multi);
  if (now) return 0;
  if (due_ms == INT64_MAX) return NEVER_MS;
  int64_t ms = due_ms - llg_now_ms();
  return ms > 0 ? ms : 0;
}
