/*
** step.h - one step of a pool: start what waits, read and write what is ready, judge the clocks.
*/
#ifndef LLG_STEP_H
#define LLG_STEP_H

#include <stdint.h>

struct llg_pool;

/* See llg_pool_step. */
int llg_step(struct llg_pool *pool, int64_t timeout_ms, int64_t budget_us);

#endif
