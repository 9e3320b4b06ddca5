/*
** url.h - the URL of a request, from the base URL, the path and the queries.
*/
#ifndef LLG_URL_H
#define LLG_URL_H

#include "../core/base/buffer.h"
#include "compat.h"

/* What llg_append_url puts together. The queries are escaped: "a=1&b%20c=2". */
struct llg_url_parts {
  const char *base; /* without a slash at its end and without a query */
  const char *path; /* may bring a query of its own, which counts least */
  const struct llg_buffer *base_query;   /* counts more */
  const struct llg_buffer *client_query; /* counts still more */
  const struct llg_buffer *call_query;   /* counts most */
};

/* Append the URL. Of a name that stands in several queries only the one that counts most is
** sent, with all its values. Raises where memory or LLG_MAX_REQUEST_BYTES runs out. */
void llg_append_url(
  lua_State *L, struct llg_buffer *url, const struct llg_url_parts *parts);

/* Append what `from` says of names that `out` has not, up to now. */
void llg_inherit_query(
  lua_State *L, struct llg_buffer *out, const struct llg_buffer *from);

/* Append the table options.query to `out` as "a=1&b=x%20y"; lists repeat "key[]", tables in
** tables are "key[sub]". `options` is what llg_read_options has left there. */
void llg_read_query(
  lua_State *L, int options, const char *function, struct llg_buffer *out);

#endif
