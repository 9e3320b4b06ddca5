/*
** multi.h - curl's multi handle with all that it wants of its host: a poller for its sockets,
** a time for its timer, and the connections.
*/
#ifndef LLG_MULTI_H
#define LLG_MULTI_H

#include "links.h"

struct llg_multi {
  CURLM *curl;
  struct llg_poller *poller;
  struct llg_links links;
  int64_t curl_due_ms;      /* when curl wants its timeout called; INT64_MAX: not */
  int64_t players_due_ms;   /* when a tape goes on; likewise */
  struct llg_ring playing;  /* tapes in libcurl's place */
  struct llg_ring finished; /* those that have ended, until someone has heard of it */
  struct llg_ready ready[LLG_POLL_AT_ONCE]; /* what the poller said ... */
  int n_ready;
  int n_acted;      /* ... and how much of it was done: a budget may leave the rest */
  bool was_full;    /* there may be more than it could say */
  uint64_t n_acts;  /* sockets acted on, ever */
  uint64_t n_polls; /* how often it was asked */
  bool broken;      /* curl gave up on all its transfers: out of memory in a callback */
};

/* libcurl is initialised here, once per process, and never cleaned up. False when out of
** memory or descriptors, with nothing held. `startable` as in links.h. The struct must stay where
** it is. */
bool llg_multi_open(struct llg_multi *m, struct llg_ring *startable);
void llg_multi_close(struct llg_multi *m);

/* In a forked child: let go without a word to the parent's peers. */
void llg_multi_abandon(struct llg_multi *m);

bool llg_multi_add(struct llg_multi *m, struct llg_easy *easy);
void llg_multi_remove(struct llg_multi *m, struct llg_easy *easy);

/* Let curl go on with this transfer, which a callback had paused. It may call back; where that
** failed, curl says so here and nowhere else. */
CURLcode llg_multi_resume(struct llg_multi *m, struct llg_easy *easy);

/* When llg_multi_run_timer has something to do; INT64_MAX: never. */
int64_t llg_multi_due_ms(const struct llg_multi *m);

/* Call curl's timeout if its time has come, and play what is due of tapes. */
void llg_multi_run_timer(struct llg_multi *m, int64_t now_ms);

/* Wait for at most timeout_ms (-1: no limit), then read and write what is ready, one socket at
** least, until *stop_us has passed: what is left is done first by the next call, which does not
** wait then. *now_ms is set between the two, *stop_us put off by the wait. False when a signal or
** a wake-up ended the wait. */
bool llg_multi_wait(
  struct llg_multi *m, int timeout_ms, int64_t *stop_us, int64_t *now_ms);

/* Whether more may be ready than was acted on. */
bool llg_multi_has_more(const struct llg_multi *m);

/* One transfer that has ended: what it was prepared for (CURLOPT_PRIVATE), and how. False
** if there is none. */
bool llg_multi_next_done(struct llg_multi *m, void **transfer, CURLcode *code);

#endif
