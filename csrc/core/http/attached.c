#include "attached.h"

#include "receive.h"

void llg_attach(struct llg_pool *pool, struct llg_exchange *x) {
  x->attached_ms = pool->pulse.now_ms;
  x->attached = true;
  x->refs++;
  x->next = pool->first;
  if (pool->first != NULL) pool->first->prev = x;
  pool->first = x;
  pool->n_attached++;
  pool->n_pending++;
}

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

void llg_note_clocks(struct llg_pool *pool, struct llg_exchange *x) {
  if (llg_exchange_is_late(x, &pool->pulse.clock_due_ms))
    pool->pulse.clock_due_ms = pool->pulse.now_ms;
}

void llg_end_attempt(struct llg_pool *pool, struct llg_exchange *x, CURLcode code) {
  struct llg_easy *easy = x->easy;
  llg_multi_remove(&pool->multi, easy);
  if (code == CURLE_OK) llg_receive_end(x);
  llg_exchange_end_attempt(x, code);
  x->easy = NULL;
  x->paused = false;
  llg_multi_give_easy(&pool->multi, easy);
  if (x->state == LLG_X_PENDING) pool->n_pending++;
  if (x->state == LLG_X_WAITING) llg_note_clocks(pool, x);
  if (x->state == LLG_X_OVER) detach(pool, x);
}

void llg_end_without_attempt(struct llg_pool *pool, struct llg_exchange *x) {
  if (x->state == LLG_X_PENDING) pool->n_pending--;
  x->state = LLG_X_OVER;
  llg_exchange_conclude(x);
  detach(pool, x);
}
