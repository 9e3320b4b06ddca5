/*
** client.h - `lualogue.core.client`: where requests go and what they have in common.
*/
#ifndef LLG_CLIENT_H
#define LLG_CLIENT_H

#include "../core/http/pool.h"
#include "compat.h"
#include "options.h"

#define LLG_CLIENT_CLASS "lualogue.core.client"

struct llg_client {
  struct llg_pool *pool;         /* counted; NULL: closed */
  struct llg_settings *settings; /* counted; NULL: closed */
  char *base_url;                /* without a slash at its end */
  char *model;                   /* for requests that name none; NULL: none */
  struct llg_buffer base_query;  /* what stood behind the base URL */
  struct llg_buffer query;       /* goes over that, and under the call's */
  struct llg_clocks clocks;
  bool has_total; /* the user set the timeout of the whole call */
  int max_retries;
  size_t max_response_bytes;
  enum llg_http_version http_version;
  bool wants_base64; /* a server that is known to speak base64 embeddings */
};

/* A copy of n bytes that belongs to the caller; raises when out of memory. */
char *llg_copy_string(lua_State *L, const char *s, size_t n);

/* What was given goes over what `clocks` hold. */
void llg_set_clocks(struct llg_clocks *clocks, const struct llg_options *o);

/* Authorization: Bearer with this key. */
void llg_set_key(
  lua_State *L, struct llg_header_list *list, const char *function, const char *key);

/* Register the class, and put client(options) into the module's table on top of the stack. */
void llg_open_client(lua_State *L);

#endif
