/*
** attached.h - what a pool is made of, and how its exchanges come and go: attached, between two
** attempts, over. For pool.c and step.c only.
*/
#ifndef LLG_ATTACHED_H
#define LLG_ATTACHED_H

#include "exchange.h"
#include "multi.h"
#include "waker.h"

struct llg_pool {
  unsigned refs;
  unsigned n_forks; /* whose it is: a forked child must not touch it */
  struct llg_multi multi;
  struct llg_pulse pulse;
  struct llg_ring attached; /* all that are, the first to come first */
  size_t n_attached;
  struct llg_ring pending; /* those in state PENDING, likewise */
  struct llg_ring resume;  /* those to resume with the next step */
  int64_t last_step_ms;    /* when the last step ended */
  int64_t stop_us; /* when the budget of this one is spent; INT64_MAX: it has none */
  bool stepping;
  struct llg_waker waker;
  /* While clocks are being judged, as of `judged_ms`: what was ready then is read first. */
  bool judging;
  int64_t judged_ms;
  uint64_t judged_polls; /* the poller had been asked so often by then */
  uint64_t last_act;     /* ... and no more sockets can have been ready than up to here */
};

static inline struct llg_exchange *llg_first_attached(const struct llg_pool *pool) {
  const struct llg_ring *at = &pool->attached;
  return llg_ring_is_empty(at) ? NULL
                               : LLG_RING_OWNER(at->next, struct llg_exchange, attached);
}

static inline struct llg_exchange *
llg_next_attached(const struct llg_pool *pool, const struct llg_exchange *x) {
  const struct llg_ring *at = &x->attached;
  return at->next == &pool->attached
           ? NULL
           : LLG_RING_OWNER(at->next, struct llg_exchange, attached);
}

/* Under the pool's care from now on; waits for its turn to start. */
void llg_attach(struct llg_pool *pool, struct llg_exchange *x);

/* To be started, or started again, behind all others. */
void llg_queue(struct llg_pool *pool, struct llg_exchange *x);

/* Its clocks have changed: see to it that none is looked at too late. */
void llg_note_clocks(struct llg_pool *pool, struct llg_exchange *x);

/* Take the handle off the multi and let the exchange judge what that means. */
void llg_end_attempt(struct llg_pool *pool, struct llg_exchange *x, CURLcode code);

/* The verdict is set, and there is nothing on the multi: it is over. */
void llg_end_without_attempt(struct llg_pool *pool, struct llg_exchange *x);

/* See llg_pool_decide. */
void llg_decide(struct llg_pool *pool, struct llg_exchange *x, int64_t delay_ms);

#endif
