/*
** crowd.h - where the connections are that serve one attempt: a cache of libcurl's for every few of
** them. To close one libcurl looks through all of one server's in a cache, and of ten thousand in
** its own that took longer than all the rest.
*/
#ifndef LLG_CROWD_H
#define LLG_CROWD_H

#include <curl/curl.h>

enum { LLG_CROWD_MEMBERS = 64 };

struct llg_crowd {
  CURLSH *share;
  unsigned n_members;
};

/* One with room: *filling, or a new one that takes its place. NULL when out of memory. */
struct llg_crowd *llg_crowd_join(struct llg_crowd **filling);

/* No handle may use it in the name of the member. */
void llg_crowd_leave(struct llg_crowd **filling, struct llg_crowd *crowd);

/* Without members. */
void llg_crowd_free(struct llg_crowd *crowd);

#endif
