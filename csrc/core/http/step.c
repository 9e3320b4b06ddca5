#include "step.h"

#include <limits.h>

#include "attached.h"
#include "../base/clock.h"
#include "clocks.h"
#include "receive.h"
#include "send.h"
#include "tls_warm.h"

enum { GAP_MS = 200 }; /* the host was away for so long: it may have missed what came */

static bool is_spent(const struct llg_pool *pool) {
  return pool->stop_us != INT64_MAX && llg_now_us() >= pool->stop_us;
}

/* ---- what waits for a step ---- */

/* A handle that plays a tape, where the exchange does that. LLG_LIMIT: there is none left. */
static enum llg_status take_tape(struct llg_exchange *x, struct llg_easy **easy) {
  struct llg_tape *tape = llg_reel_take(x->reel);
  if (tape == NULL) {
    llg_exchange_fail(
      x, LLG_CONNECTION, "request", "the cassette has no other answer to this request");
    return LLG_LIMIT;
  }
  *easy = llg_easy_play(tape, x->reel->deck);
  return *easy != NULL ? LLG_OK : LLG_NOMEM;
}

/* Where no connection is free it waits for one, and no clock counts but that of the whole call. */
static void start_one(struct llg_pool *pool, struct llg_exchange *x) {
  struct llg_links *links = &pool->multi.links;
  struct llg_ring *queue = NULL;
  struct llg_easy *easy = NULL;
  struct llg_easy_hooks hooks = { .on_body = llg_receive_body,
                                  .on_header = llg_receive_header,
                                  .on_send = llg_send_body,
                                  .on_send_again = llg_send_again,
                                  .transfer = x };
  llg_ring_remove(&x->pending);
  bool plays = x->reel != NULL && x->reel->deck != NULL;
  enum llg_status status
    = plays
        ? take_tape(x, &easy)
        : llg_links_take(links, &x->request, llg_exchange_url(x), &easy, &hooks, &queue);
  if (status == LLG_MORE) {
    llg_ring_append(queue, &x->pending);
    llg_note_clocks(pool, x);
    return;
  }
  if (
    status == LLG_OK && llg_exchange_begin_attempt(x, easy, &hooks)
    && llg_multi_add(&pool->multi, easy)) {
    llg_note_clocks(pool, x);
    return;
  }
  x->easy = NULL;
  x->state = LLG_X_PENDING;
  if (status == LLG_OK) llg_links_give(links, easy);
  llg_exchange_fail(x, LLG_NOMEM, "request", "out of memory");
  llg_end_without_attempt(pool, x);
}

static struct llg_exchange *first_pending(const struct llg_pool *pool) {
  const struct llg_ring *at = &pool->pending;
  return llg_ring_is_empty(at) ? NULL
                               : LLG_RING_OWNER(at->next, struct llg_exchange, pending);
}

/* A stream was read to its [DONE] just now, and the last bytes of its body are on their way: a
** moment's wait for its connection is cheaper than a new one. */
static bool connection_is_coming(const struct llg_pool *pool) {
  int64_t since_ms = pool->pulse.now_ms - LLG_DRAIN_GRACE_MS;
  return pool->pulse.n_draining > 0 && since_ms < pool->pulse.drained_ms
         && since_ms < first_pending(pool)->attached_ms;
}

/* What the first TLS connection needs is a piece of work of its own; true if it was to be done. */
static bool warm_up(const struct llg_exchange *x) {
  bool plays = x->reel != NULL && x->reel->deck != NULL;
  return !plays && curl_strnequal(llg_exchange_url(x), "https:", 6) && llg_tls_warm();
}

/* In the order in which they came; no more than a frame can bear. What a start costs shows when
** libcurl is let run, which within a budget is done for each. */
static void start_pending(struct llg_pool *pool) {
  bool counts = pool->stop_us != INT64_MAX;
  struct llg_exchange *x = first_pending(pool);
  if (x == NULL || connection_is_coming(pool)) return;
  for (int left = LLG_STARTS_PER_STEP; x != NULL && left > 0; left--) {
    if (counts && warm_up(x) && is_spent(pool)) return;
    start_one(pool, x);
    if (counts) llg_multi_run_timer(&pool->multi, pool->pulse.now_ms);
    if (is_spent(pool)) return;
    x = first_pending(pool);
  }
}

static void resume_one(struct llg_pool *pool, struct llg_exchange *x) {
  llg_ring_remove(&x->resume);
  x->paused = false;
  x->last_byte_ms = pool->pulse.now_ms; /* idle counts while we want bytes */
  llg_note_clocks(pool, x);
  CURLcode code = llg_multi_resume(&pool->multi, x->easy); /* may pause it again */
  if (code != CURLE_OK) llg_end_attempt(pool, x, code);
}

/* One that is paused again comes back when its events are taken, not in this round. */
static void resume_paused(struct llg_pool *pool) {
  while (!llg_ring_is_empty(&pool->resume)) {
    resume_one(pool, LLG_RING_OWNER(pool->resume.next, struct llg_exchange, resume));
    if (is_spent(pool)) return;
  }
}

static void end_finished(struct llg_pool *pool) {
  void *x;
  CURLcode code;
  while (llg_multi_next_done(&pool->multi, &x, &code))
    llg_end_attempt(pool, x, code);
  if (!pool->multi.broken) return;
  pool->multi.broken = false;
  for (struct llg_exchange *at = llg_first_attached(pool), *next; at != NULL; at = next) {
    next = llg_next_attached(pool, at);
    if (at->easy == NULL) continue;
    llg_exchange_fail(at, LLG_NOMEM, NULL, "out of memory");
    llg_end_attempt(pool, at, CURLE_OUT_OF_MEMORY);
  }
}

/* ---- the clocks ---- */

static void check_one(struct llg_pool *pool, struct llg_exchange *x) {
  if (x->state == LLG_X_WAITING && pool->pulse.now_ms >= x->retry_at_ms)
    llg_queue(pool, x);
  if (!llg_clocks_are_late(x, &pool->pulse.clock_due_ms)) return;
  if (x->easy != NULL)
    llg_end_attempt(pool, x, CURLE_OPERATION_TIMEDOUT);
  else
    llg_end_without_attempt(pool, x);
}

/* As of judged_ms: what came later has moved its idle clock, without telling anyone. */
static void check_clocks(struct llg_pool *pool) {
  int64_t now_ms = pool->pulse.now_ms;
  pool->pulse.now_ms = pool->judged_ms;
  pool->pulse.clock_due_ms = INT64_MAX;
  struct llg_exchange *x = llg_first_attached(pool), *next;
  for (; x != NULL; x = next) {
    next = llg_next_attached(pool, x);
    check_one(pool, x);
  }
  pool->pulse.now_ms = now_ms;
}

/* All clocks are looked at only when the earliest of them may have run out. The host may have
** been away meanwhile: first all is read that was ready by then, over several steps if the budget
** asks for it. Sockets that are always ready do not put it off for ever, since the poller takes
** them in turn. False when a signal or a wake-up came meanwhile. */
static bool judge_clocks(struct llg_pool *pool) {
  struct llg_multi *m = &pool->multi;
  bool undisturbed = true;
  if (!pool->judging) {
    if (pool->pulse.now_ms < pool->pulse.clock_due_ms) return true;
    pool->judging = true;
    pool->judged_ms = llg_now_ms();
    pool->judged_polls = m->n_polls;
    pool->last_act = m->n_acts + 2 * pool->n_attached + LLG_POLL_AT_ONCE;
  }
  while (m->n_polls == pool->judged_polls
         || (llg_multi_has_more(m) && m->n_acts < pool->last_act)) {
    if (is_spent(pool)) return undisturbed;
    if (!llg_multi_wait(m, 0, &pool->stop_us, &pool->pulse.now_ms)) undisturbed = false;
    end_finished(pool);
  }
  pool->judging = false;
  check_clocks(pool);
  return undisturbed;
}

/* ---- a step ---- */

static int wait_ms(const struct llg_pool *pool, int64_t until_ms) {
  int64_t due_ms = until_ms;
  bool busy = pool->pulse.n_news > 0 || pool->judging || is_spent(pool);
  if (busy || !llg_ring_is_empty(&pool->resume)) return 0;
  if (first_pending(pool) != NULL)
    return until_ms > pool->pulse.now_ms && connection_is_coming(pool) ? 1 : 0;
  if (llg_multi_due_ms(&pool->multi) < due_ms) due_ms = llg_multi_due_ms(&pool->multi);
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
  bool undisturbed = llg_multi_wait(
    &pool->multi, wait_ms(pool, until_ms), &pool->stop_us, &pool->pulse.now_ms);
  llg_multi_run_timer(&pool->multi, pool->pulse.now_ms);
  end_finished(pool);
  return judge_clocks(pool) && undisturbed;
}

/* The host did something else for a while. libcurl's own connect timeout, which only shares
** the time out between addresses, must not fire before we have looked at the sockets. */
static void forgive_gap(struct llg_pool *pool) {
  if (pool->pulse.now_ms - pool->last_step_ms < GAP_MS) return;
  struct llg_exchange *x = llg_first_attached(pool);
  for (; x != NULL; x = llg_next_attached(pool, x))
    if (x->state == LLG_X_SENT)
      llg_easy_extend_connect(x->easy, pool->pulse.now_ms - x->attempt_ms + GAP_MS);
}

int llg_step(struct llg_pool *pool, int64_t timeout_ms, int64_t budget_us) {
  pool->stepping = true;
  pool->pulse.step++;
  pool->pulse.n_news = 0;
  pool->pulse.now_ms = llg_now_ms();
  pool->stop_us = budget_us < 0 ? INT64_MAX : llg_now_us() + budget_us;
  forgive_gap(pool);
  int64_t until_ms = timeout_ms < 0 ? INT64_MAX : pool->pulse.now_ms + timeout_ms;
  bool go_on = true;
  if (
    timeout_ms < 0
    && pool->n_attached == 0) /* connections at rest may have been closed */
    llg_multi_wait(&pool->multi, 0, &pool->stop_us, &pool->pulse.now_ms);
  do {
    if (timeout_ms < 0 && pool->n_attached == 0) break;
    go_on = run_once(pool, until_ms) && !is_spent(pool);
  } while (go_on && pool->pulse.n_news == 0 && pool->pulse.now_ms < until_ms);
  pool->last_step_ms = pool->pulse.now_ms;
  pool->stepping = false;
  return pool->pulse.n_news;
}
