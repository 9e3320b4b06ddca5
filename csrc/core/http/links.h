/*
** links.h - all connections: how many there may be, which are at rest, who gets one next.
**
** libcurl keeps connections between requests, but neither watches nor counts them as we need it:
** that one was closed, or spoke unasked, is found out by whoever takes it next.
*/
#ifndef LLG_LINKS_H
#define LLG_LINKS_H

#include "link.h"

enum { LLG_SERVER_BUCKETS = 64 };

struct llg_links {
  struct llg_poller *poller;
  size_t max;         /* connections, busy or at rest */
  size_t max_host;    /* ... of one server */
  size_t max_at_rest; /* ... kept for the next call */
  size_t n;
  size_t n_kept; /* ... of which may be laid to rest */
  size_t n_at_rest;
  int last_fd;                /* see link.h */
  struct llg_ring at_rest;    /* links, the longest first */
  struct llg_ring waiting;    /* whose turn comes when any link is free */
  struct llg_ring *startable; /* whose turn has come: the pool's */
  struct llg_ring servers[LLG_SERVER_BUCKETS];
  struct llg_crowd *crowd; /* that is being filled, or NULL */
  struct llg_easy *spare;  /* handles without a connection */
  size_t n_spare;
};

/* `startable` is where those who waited are put, in front. The struct must stay where it is. */
void llg_links_open(
  struct llg_links *l, struct llg_poller *poller, struct llg_ring *startable);

/* None may be busy. */
void llg_links_close(struct llg_links *l);

/* A handle for an attempt of this request at this URL, with a connection that is fit for it or
** room for one; `hooks` gets what concerns its sockets. LLG_MORE: it has to wait for another to
** end, in *queue. Else LLG_OK or LLG_NOMEM. */
enum llg_status llg_links_take(
  struct llg_links *l, const struct llg_request *request, const char *url,
  struct llg_easy **easy, struct llg_easy_hooks *hooks, struct llg_ring **queue);

/* The attempt is over, and off the multi handle. */
void llg_links_give(struct llg_links *l, struct llg_easy *easy);

/* One whose turn had come does not start after all: the turn is another's. */
void llg_links_pass_on(
  struct llg_links *l, const struct llg_request *request, const char *url);

/* The socket of a link at rest has something to say, or was closed by its peer. */
void llg_links_heard(struct llg_links *l, struct llg_link *link);

/* Close what rests and was used last with these settings. */
void llg_links_forget(struct llg_links *l, uint64_t serial);

/* Other maxima, none of them 0 but the last; what rests beyond them is closed. */
void llg_links_limit(
  struct llg_links *l, size_t max, size_t max_host, size_t max_at_rest);

#endif
