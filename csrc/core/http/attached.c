#include "attached.h"

#include "attempt.h"
#include "clocks.h"
#include "receive.h"

void llg_attach(struct llg_pool *pool, struct llg_exchange *x) {
  x->attached_ms = pool->pulse.now_ms;
  x->refs++;
  llg_ring_append(&pool->attached, &x->attached);
  pool->n_attached++;
  llg_queue(pool, x);
}

void llg_queue(struct llg_pool *pool, struct llg_exchange *x) {
  x->state = LLG_X_PENDING;
  llg_ring_append(&pool->pending, &x->pending);
}

static void detach(struct llg_pool *pool, struct llg_exchange *x) {
  llg_ring_remove(&x->pending);
  llg_ring_remove(&x->resume);
  llg_ring_remove(&x->attached);
  if (--pool->n_attached == 0) pool->pulse.clock_due_ms = INT64_MAX;
  if (x->is_forgotten) llg_exchange_forget(x);
  llg_exchange_unref(x);
}

void llg_note_clocks(struct llg_pool *pool, struct llg_exchange *x) {
  if (llg_clocks_are_late(x, &pool->pulse.clock_due_ms))
    pool->pulse.clock_due_ms = pool->pulse.now_ms;
}

void llg_end_attempt(struct llg_pool *pool, struct llg_exchange *x, CURLcode code) {
  struct llg_easy *easy = x->easy;
  llg_multi_remove(&pool->multi, easy);
  llg_receive_end(x);
  llg_attempt_end(x, code);
  x->easy = NULL;
  x->paused = false;
  llg_links_give(&pool->multi.links, easy);
  if (x->state == LLG_X_PENDING) llg_queue(pool, x);
  if (x->state == LLG_X_WAITING) llg_note_clocks(pool, x);
  if (x->state == LLG_X_OVER) detach(pool, x);
}

void llg_end_without_attempt(struct llg_pool *pool, struct llg_exchange *x) {
  if (x->state == LLG_X_PENDING)
    llg_links_pass_on(&pool->multi.links, &x->request, llg_exchange_url(x));
  if (x->state == LLG_X_DRAINING) pool->pulse.n_draining--;
  x->state = LLG_X_OVER;
  llg_exchange_conclude(x);
  detach(pool, x);
}

void llg_decide(struct llg_pool *pool, struct llg_exchange *x, int64_t delay_ms) {
  if (!x->is_asked) return;
  llg_attempt_decide(x, delay_ms);
  if (x->state == LLG_X_OVER)
    detach(pool, x);
  else
    llg_note_clocks(pool, x);
}
