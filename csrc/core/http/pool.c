#include "pool.h"

#include <limits.h>
#include <time.h>
#include <unistd.h>

#include "../base/clock.h"
#include "../base/fork.h"
#include "../base/memory.h"
#include "multi.h"
#include "receive.h"

enum {
  NEVER_MS = -1,
  GAP_MS = 200, /* the host was away for so long: it may have missed what came */
};

struct llg_pool {
  unsigned refs;
  unsigned n_forks; /* whose it is: a forked child must not touch it */
  struct llg_multi multi;
  struct llg_pulse pulse;
  struct llg_exchange *first; /* all that are attached, newest first */
  size_t n_attached;
  size_t n_pending;            /* of those in state PENDING */
  struct llg_exchange *resume; /* those to resume with the next step */
  int64_t last_step_ms;        /* when the last step ended */
  bool stepping;
};

/* ---- life ---- */

struct llg_pool *llg_pool_new(void) {
  struct llg_pool *pool = llg_calloc(1, sizeof *pool);
  if (pool == NULL) return NULL;
  if (!llg_multi_open(&pool->multi)) {
    llg_free(pool);
    return NULL;
  }
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  pool->refs = 1;
  pool->n_forks = llg_fork_count();
  pool->pulse.clock_due_ms = INT64_MAX;
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
  if (llg_pool_is_foreign(pool)) {
    /* The connections are the parent's: closing them would say goodbye in its name. What
    ** libcurl holds for them is given up with them. */
    llg_multi_abandon(&pool->multi);
  } else {
    llg_pool_cancel_all(pool);
    llg_multi_close(&pool->multi);
  }
  llg_free(pool);
}

/* ---- attached exchanges ---- */

static void detach(struct llg_pool *pool, struct llg_exchange *x) {
  if (x->to_resume) {
    struct llg_exchange **at = &pool->resume;
    while (*at != x)
      at = &(*at)->next_resume;
    *at = x->next_resume;
    x->to_resume = false;
  }
  if (x->prev != NULL)
    x->prev->next = x->next;
  else
    pool->first = x->next;
  if (x->next != NULL) x->next->prev = x->prev;
  x->attached = false;
  if (--pool->n_attached == 0) pool->pulse.clock_due_ms = INT64_MAX;
  llg_exchange_unref(x);
}

struct llg_exchange *llg_pool_start(struct llg_pool *pool, struct llg_request *request) {
  struct llg_exchange *x = llg_exchange_new(request, &pool->pulse);
  if (x == NULL) return NULL;
  pool->pulse.now_ms = llg_now_ms();
  x->attached_ms = pool->pulse.now_ms;
  x->attached = true;
  x->refs++;
  x->next = pool->first;
  if (pool->first != NULL) pool->first->prev = x;
  pool->first = x;
  pool->n_attached++;
  pool->n_pending++;
  return x;
}

/* Its clocks have changed: see to it that none is looked at too late. */
static void note_clocks(struct llg_pool *pool, struct llg_exchange *x) {
  if (llg_exchange_is_late(x, &pool->pulse.clock_due_ms))
    pool->pulse.clock_due_ms = pool->pulse.now_ms;
}

/* Take the handle off the multi and let the exchange judge what that means. */
static void end_attempt(struct llg_pool *pool, struct llg_exchange *x, CURLcode code) {
  struct llg_easy *easy = x->easy;
  llg_multi_remove(&pool->multi, easy);
  if (code == CURLE_OK) llg_receive_end(x);
  llg_exchange_end_attempt(x, code);
  x->easy = NULL;
  x->paused = false;
  llg_multi_give_easy(&pool->multi, easy);
  if (x->state == LLG_X_PENDING) pool->n_pending++;
  if (x->state == LLG_X_WAITING) note_clocks(pool, x);
  if (x->state == LLG_X_OVER) detach(pool, x);
}

/* The verdict is set, and there is nothing on the multi: it is over. */
static void end_without_attempt(struct llg_pool *pool, struct llg_exchange *x) {
  if (x->state == LLG_X_PENDING) pool->n_pending--;
  x->state = LLG_X_OVER;
  llg_exchange_conclude(x);
  detach(pool, x);
}

void llg_pool_cancel(struct llg_pool *pool, struct llg_exchange *x) {
  if (!x->attached) return;
  llg_exchange_fail(x, LLG_CANCELLED, NULL, "%s", llg_status_text(LLG_CANCELLED));
  if (x->easy == NULL || llg_pool_is_foreign(pool)) {
    end_without_attempt(pool, x);
    return;
  }
  end_attempt(pool, x, CURLE_ABORTED_BY_CALLBACK);
}

void llg_pool_release(struct llg_pool *pool, struct llg_exchange *x) {
  if (x->state != LLG_X_DRAINING) llg_pool_cancel(pool, x);
}

void llg_pool_cancel_all(struct llg_pool *pool) {
  while (pool->first != NULL)
    llg_pool_cancel(pool, pool->first);
}

void llg_pool_taken(struct llg_pool *pool, struct llg_exchange *x) {
  if (!x->paused || x->to_resume || !llg_event_queue_is_low(&x->events)) return;
  x->to_resume = true;
  x->next_resume = pool->resume;
  pool->resume = x;
}

/* ---- a step ---- */

static void start_one(struct llg_pool *pool, struct llg_exchange *x) {
  struct llg_easy_hooks hooks
    = { .on_body = llg_receive_body, .on_header = llg_receive_header, .transfer = x };
  llg_multi_hooks(&pool->multi, &hooks);
  struct llg_easy *easy = llg_multi_take_easy(&pool->multi, x->request.settings->serial);
  if (
    easy != NULL && llg_exchange_begin_attempt(x, easy, &hooks)
    && llg_multi_add(&pool->multi, easy)) {
    pool->n_pending--;
    note_clocks(pool, x);
    return;
  }
  x->easy = NULL;
  x->state = LLG_X_PENDING;
  if (easy != NULL) llg_multi_give_easy(&pool->multi, easy);
  llg_exchange_fail(x, LLG_NOMEM, "request", "out of memory");
  end_without_attempt(pool, x);
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
    note_clocks(pool, x);
    CURLcode code = llg_multi_resume(&pool->multi, x->easy); /* may pause it again */
    if (code != CURLE_OK) end_attempt(pool, x, code);
    x = next;
  }
}

static void end_finished(struct llg_pool *pool) {
  void *x;
  CURLcode code;
  while (llg_multi_next_done(&pool->multi, &x, &code))
    end_attempt(pool, x, code);
  if (!pool->multi.broken) return;
  pool->multi.broken = false;
  for (struct llg_exchange *at = pool->first, *next; at != NULL; at = next) {
    next = at->next;
    if (at->easy == NULL) continue;
    llg_exchange_fail(at, LLG_NOMEM, NULL, "out of memory");
    end_attempt(pool, at, CURLE_OUT_OF_MEMORY);
  }
}

static void check_one(struct llg_pool *pool, struct llg_exchange *x) {
  if (x->state == LLG_X_WAITING && pool->pulse.now_ms >= x->retry_at_ms) {
    x->state = LLG_X_PENDING;
    pool->n_pending++;
  }
  if (!llg_exchange_is_late(x, &pool->pulse.clock_due_ms)) return;
  if (x->easy != NULL)
    end_attempt(pool, x, CURLE_OPERATION_TIMEDOUT);
  else
    end_without_attempt(pool, x);
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

int llg_pool_step(struct llg_pool *pool, int64_t timeout_ms) {
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

bool llg_pool_is_stepping(const struct llg_pool *pool) {
  return pool->stepping;
}

size_t llg_pool_count(const struct llg_pool *pool) {
  return pool->n_attached;
}

void llg_pool_wake(struct llg_pool *pool) {
  llg_poller_wake(pool->multi.poller);
}

int llg_pool_fd(const struct llg_pool *pool) {
  return llg_poller_fd(pool->multi.poller);
}

int64_t llg_pool_due_ms(const struct llg_pool *pool) {
  int64_t due_ms = pool->multi.due_ms < pool->pulse.clock_due_ms
                     ? pool->multi.due_ms
                     : pool->pulse.clock_due_ms;
  if (pool->n_pending > 0 || pool->resume != NULL) return 0;
  if (due_ms == INT64_MAX) return NEVER_MS;
  int64_t ms = due_ms - llg_now_ms();
  return ms > 0 ? ms : 0;
}
