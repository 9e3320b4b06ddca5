/*
** pool.h - many exchanges on one curl multi handle, driven by whoever owns the loop.
**
** All waiting is in llg_pool_step. A foreign loop watches llg_pool_fd for reading and
** llg_pool_due_ms, and calls llg_pool_step(pool, 0) when either says so.
** Counted: whoever holds an exchange of the pool holds the pool too. Not thread-safe.
*/
#ifndef LLG_POOL_H
#define LLG_POOL_H

#include "exchange.h"

struct llg_pool;

/* Connections, of all servers together. */
struct llg_connections {
  size_t max;          /* busy or idle: beyond, an exchange waits; above 0, as the next */
  size_t max_per_host; /* ... of one server */
  size_t max_idle;     /* kept for the next exchange; 0: none */
  size_t open;         /* now, busy or idle; the following two are only told */
  size_t idle;
};

/* NULL when out of memory or descriptors. */
struct llg_pool *llg_pool_new(void);
struct llg_pool *llg_pool_ref(struct llg_pool *pool);
void llg_pool_unref(struct llg_pool *pool);

/* True in a child process that inherited the pool: it must be abandoned. */
bool llg_pool_is_foreign(const struct llg_pool *pool);

/* Take the request (see llg_exchange_new) and start it with the next step. The result is
** counted for the caller; NULL when out of memory. */
struct llg_exchange *llg_pool_start(struct llg_pool *pool, struct llg_request *request);

/* Give up: the verdict is LLG_CANCELLED unless there is one, nothing of the exchange is on
** the wire afterwards. Never blocks, not even in a name lookup. */
void llg_pool_cancel(struct llg_pool *pool, struct llg_exchange *x);

/* Let go of an exchange whose reader is gone: cancels it, unless it is over and only drains. */
void llg_pool_release(struct llg_pool *pool, struct llg_exchange *x);

/* Call after events of the exchange were taken: one that was paused goes on. */
void llg_pool_taken(struct llg_pool *pool, struct llg_exchange *x);

/* Whether and when the attempt that failed is made again, of an exchange that asks (is_asked): so
** many milliseconds after it failed; -1, or where no time is left for it: not. */
void llg_pool_decide(struct llg_pool *pool, struct llg_exchange *x, int64_t delay_ms);

/* Ask to be given this number, above 0, when the exchange next has news, once: at once if it is
** over, has events or asks. The last number counts; 0: do not. Of any pool that is not foreign. */
void llg_pool_arm(struct llg_pool *pool, struct llg_exchange *x, int64_t number);
/* The numbers of those with news, the oldest first; 0: there is none. It stays in front until
** it is popped. */
int64_t llg_pool_ready(const struct llg_pool *pool);
bool llg_pool_pop_ready(struct llg_pool *pool, int64_t number);

/* Take over what a fork has left behind: all of it is cancelled, and who waits is told. */
void llg_pool_inherit(struct llg_pool *pool, struct llg_pool *foreign);

/* Close the idle connections that were used last with these settings. */
void llg_pool_forget(struct llg_pool *pool, const struct llg_settings *settings);

/* Everything is cancelled; for the end of the Lua state. */
void llg_pool_cancel_all(struct llg_pool *pool);

/* Work for at most timeout_ms (0: do not wait; -1: as long as anything is under way), until
** there is news. The number of exchanges with news: opened, with new events, or over. Returns
** early, with what there is, after a signal or llg_pool_wake; and once it has worked (not waited)
** for budget_us, -1 for no limit: what is left is done by later steps, which are due at once. */
int llg_pool_step(struct llg_pool *pool, int64_t timeout_ms, int64_t budget_us);
bool llg_pool_is_stepping(const struct llg_pool *pool);

void llg_pool_get_connections(const struct llg_pool *pool, struct llg_connections *c);
void llg_pool_set_connections(struct llg_pool *pool, const struct llg_connections *c);

/* How many exchanges are attached. */
size_t llg_pool_count(const struct llg_pool *pool);

/* Ends a wait from anywhere, also from a signal handler and from another thread. */
void llg_pool_wake(struct llg_pool *pool);

/* A number by which another thread can wake it whether or not it is still there: false then. */
int64_t llg_pool_waker(struct llg_pool *pool);
bool llg_pool_wake_by(int64_t waker);

/* Readable when a step has something to do; -1 where the system has no such descriptor. */
int llg_pool_fd(const struct llg_pool *pool);

/* Make the descriptor readable after so many milliseconds too, for loops without timers of their
** own; -1: not. A step takes it back. False where there is no descriptor left for it. */
bool llg_pool_alarm(struct llg_pool *pool, int64_t ms);

/* Milliseconds until a step is due even if no descriptor says so; 0: now (to start or resume
** something, or there are numbers to take), -1: never. */
int64_t llg_pool_due_ms(const struct llg_pool *pool);

#endif
