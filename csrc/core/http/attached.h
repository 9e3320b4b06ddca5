/*
** attached.h - what a pool is made of, and how its exchanges come and go: attached, between two
** attempts, over. For pool.c and step.c only.
*/
#ifndef LLG_ATTACHED_H
#define LLG_ATTACHED_H

#include "exchange.h"
#include "multi.h"

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

/* Under the pool's care from now on; waits for its turn to start. */
void llg_attach(struct llg_pool *pool, struct llg_exchange *x);

/* Its clocks have changed: see to it that none is looked at too late. */
void llg_note_clocks(struct llg_pool *pool, struct llg_exchange *x);

/* Take the handle off the multi and let the exchange judge what that means. */
void llg_end_attempt(struct llg_pool *pool, struct llg_exchange *x, CURLcode code);

/* The verdict is set, and there is nothing on the multi: it is over. */
void llg_end_without_attempt(struct llg_pool *pool, struct llg_exchange *x);

#endif
