/*
** profile.h - what a client is: where its requests go and what they have in common. Counted,
** and immutable once a client shows it: whoever builds a request holds a share, so that
** nothing of it goes away when the client is closed meanwhile.
*/
#ifndef LLG_PROFILE_H
#define LLG_PROFILE_H

#include "../core/http/pool.h"

struct llg_profile {
  unsigned refs;
  struct llg_pool *pool;         /* counted */
  struct llg_settings *settings; /* counted */
  struct llg_profile *base;      /* counted: what it goes on from, until it is made */
  char *base_url;                /* without a slash at its end */
  char *key_header;              /* that carries the key as it is; NULL: Authorization */
  char *model;                   /* for requests that name none; NULL: none */
  struct llg_buffer base_query;  /* what stood behind the base URL */
  struct llg_buffer query;       /* goes over that, and under the call's */
  struct llg_clocks clocks;
  bool has_total; /* the user set the timeout of the whole call */
  int max_retries;
  size_t max_response_bytes; /* 0: not set */
  enum llg_http_version http_version;
  bool wants_base64; /* a server that is known to speak base64 embeddings */
};

/* An empty one with one reference; NULL when out of memory. */
struct llg_profile *llg_profile_new(void);
struct llg_profile *llg_profile_ref(struct llg_profile *profile);
/* The last one wipes and frees. NULL is fine. */
void llg_profile_unref(struct llg_profile *profile);

#endif
