/*
** poller.h - which sockets are ready, as curl's socket callback asks. Its own descriptor becomes
** readable when one of them is, so that a foreign loop watches one thing. What the system has for
** that is behind watch.h.
*/
#ifndef LLG_POLLER_H
#define LLG_POLLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  LLG_POLL_IN = 1,   /* readable, or closed by the peer */
  LLG_POLL_OUT = 2,  /* writable */
  LLG_POLL_ERR = 4,  /* broken; only ever reported, never asked for */
  LLG_POLL_REST = 8, /* a socket at rest has something to say; only ever reported, once */
};

enum { LLG_POLL_AT_ONCE = 64 };

struct llg_ready {
  int fd;
  int events;  /* LLG_POLL_* */
  void *owner; /* of a socket that is trusted */
};

struct llg_poller;

/* NULL when out of memory or descriptors. */
struct llg_poller *llg_poller_new(void);
void llg_poller_free(struct llg_poller *p);

/* After a fork, in the child: let go without touching what the parent still uses. */
void llg_poller_abandon(struct llg_poller *p);

/* Say what is wanted of a socket from now on; 0 for nothing. False when out of memory. */
bool llg_poller_want(struct llg_poller *p, int fd, int events);

/* The owner of this socket, not NULL, tells us before it is closed (llg_poller_closing): interest
** in it may be taken back lazily, which saves two system calls for each request on a kept
** connection. What of it is in the last wait's `ready` gets the number -1 by that. */
bool llg_poller_trust(struct llg_poller *p, int fd, void *owner);

/* Whether the descriptor still is the owner's. */
bool llg_poller_is_of(const struct llg_poller *p, int fd, const void *owner);
void llg_poller_closing(struct llg_poller *p, int fd);

/* A trusted socket that nobody uses for now: report if it speaks or is closed; with
** llg_poller_rest_deaf, only if it is closed. False if that cannot be watched. */
bool llg_poller_rest(struct llg_poller *p, int fd);
bool llg_poller_rest_deaf(struct llg_poller *p, int fd);

/* Wait for at most timeout_ms (-1: no limit). The number of entries in `ready`, which has room
** for LLG_POLL_AT_ONCE; `full` tells whether there may be more, `woken` whether a signal or
** llg_poller_wake ended the wait, which may be so beside ready ones. */
int llg_poller_wait(
  struct llg_poller *p, int timeout_ms, struct llg_ready *ready, bool *full, bool *woken);

/* End the present or the next wait. May be called from a signal handler and any thread. */
void llg_poller_wake(struct llg_poller *p);

/* Make the descriptor readable once so many milliseconds have passed, for a loop that has no
** timers; a wait takes it back, as does -1. Later calls count, not earlier ones. False where
** there is no descriptor left for a timer. */
bool llg_poller_alarm(struct llg_poller *p, int64_t ms);

/* The descriptor for foreign loops, -1 if there is none. */
int llg_poller_fd(const struct llg_poller *p);

#endif
