/*
** watch.h - what the system has for waiting on many sockets: epoll in watch_epoll.c, kqueue in
** watch_kqueue.c. One of them is compiled to something; the poller above keeps the books, and is
** the only one who knows this.
*/
#ifndef LLG_WATCH_H
#define LLG_WATCH_H

#include <stdbool.h>
#include <stdint.h>

enum {
  LLG_WATCH_IN = 1,      /* readable, or closed by the peer */
  LLG_WATCH_OUT = 2,     /* writable */
  LLG_WATCH_ERR = 4,     /* broken; only ever reported */
  LLG_WATCH_CLOSED = 16, /* closed by the peer, and nothing else */
};

enum { LLG_WATCH_AT_ONCE = 64 };

struct llg_watch {
  int fd;       /* becomes readable with any of what it watches */
  int wake_fd;  /* epoll's: an eventfd; readable ends the wait */
  int alarm_fd; /* epoll's: a timerfd, -1 until it is asked for */
};

struct llg_seen {
  int fd;
  int events; /* LLG_WATCH_* */
};

/* False when there is no descriptor left; then nothing is open. */
bool llg_watch_open(struct llg_watch *w);
void llg_watch_close(struct llg_watch *w);

/* After a fork, in the child, instead of closing. */
void llg_watch_abandon(struct llg_watch *w);

/* Let `events` be what is watched of a descriptor, of which `before` was watched until now. */
bool llg_watch_change(struct llg_watch *w, int fd, int before, int events);

/* Wait for at most timeout_ms (-1: no limit). The number of entries in `seen`, which has room for
** LLG_WATCH_AT_ONCE; one descriptor may have two. `full`: there may be more; `woken`: a signal or
** llg_watch_wake ended the wait. */
int llg_watch_wait(
  struct llg_watch *w, int timeout_ms, struct llg_seen *seen, bool *full, bool *woken);

/* End the present or the next wait. May be called from a signal handler and any thread. */
void llg_watch_wake(const struct llg_watch *w);

/* Make the descriptor readable once so many milliseconds have passed; -1: not any more. */
bool llg_watch_alarm(struct llg_watch *w, int64_t ms);

#endif
