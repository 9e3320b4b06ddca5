/*
** link.h - one connection: a cache of libcurl's of its own (a CURLSH), so that it can be watched
** and closed, and the sockets in it. Requests that may share one by HTTP/2 share a link as well.
*/
#ifndef LLG_LINK_H
#define LLG_LINK_H

#include "../base/ring.h"
#include "crowd.h"
#include "easy.h"
#include "poller.h"
#include "tls_end.h"

struct llg_server;

struct llg_link {
  struct llg_poller *poller;
  struct llg_tls_end tls_end;
  CURLSH *share;           /* NULL: for one attempt, and closed at its end ... */
  struct llg_crowd *crowd; /* ... among these; NULL: in libcurl's own cache */
  struct llg_easy *easy;   /* the handle that uses it, or used it last; may be NULL */
  bool is_common;          /* for HTTP/2: several may use it at once */
  bool speaks_two;         /* ... and the server has shown that it has it */
  bool is_orphan;          /* freed, but for a socket that libcurl is still closing */
  unsigned n_users;
  uint64_t last_serial; /* of the settings that used it last */
  unsigned n_open;      /* sockets; two while addresses race */
  int fds[2];           /* ... those that we know, or -1 */
  int *last_fd; /* of the newest socket of all links; 0 once one was closed since */
  struct llg_server *server;
  struct llg_ring of_server; /* in the lists of links.c, while it is at rest */
  struct llg_ring of_all;
};

/* One that is not `kept` serves one attempt; it takes 10 KB less. NULL when out of memory. */
struct llg_link *
llg_link_new(struct llg_poller *poller, int *last_fd, bool is_common, bool kept);

/* Closes what is open. No handle may use it. What libcurl closes later keeps it until then. */
void llg_link_free(struct llg_link *link);

/* This handle's connections are the link's from now on. */
void llg_link_bind(
  struct llg_link *link, struct llg_easy *easy, struct llg_easy_hooks *hooks);

/* It is TLS, and has not been closed as TLS should be. */
bool llg_link_was_cut(const struct llg_link *link);

/* How many bytes were written to it and not confirmed by the other side yet. */
int llg_link_unconfirmed(const struct llg_link *link);

/* Have its socket watched while nobody uses it, only for its end if `deaf`; false if it is not
** fit to be kept. */
bool llg_link_rest(struct llg_link *link, bool deaf);

/* Nothing has come since then: what a server says unasked must not become the answer to the
** next request. With HTTP/2 it may say what it likes, but not close. */
bool llg_link_is_quiet(const struct llg_link *link);

#endif
