/*
** options.h - the tables that users pass: to a new client and, as a last argument, to a
** call. One table in options.c says what may stand in them; anything else raises.
*/
#ifndef LLG_OPTIONS_H
#define LLG_OPTIONS_H

#include "../core/http/request.h"
#include "compat.h"

enum {
  LLG_FOR_CLIENT = 1, /* may be given to a new client */
  LLG_FOR_CALL = 2,   /* may be given to a single call */
};

/* -1 is "not given" where a number is meant, NULL where a string is. The strings belong to
** the table they were read from. */
struct llg_options {
  int64_t connect_ms; /* the four clocks; 0 is off */
  int64_t first_byte_ms;
  int64_t idle_ms;
  int64_t total_ms;
  int64_t max_retries;
  int64_t max_response_bytes;
  int http_version; /* enum llg_http_version */
  int tls_verify;
  int raw;
  int no_key; /* api_key = false */
  const char *api_key;
  const char *base_url;
  const char *organization;
  const char *project;
  const char *model;
  const char *ca_file;
  const char *ca_path;
};

/* Read the table at `index` (none or nil: an empty one). Raises, in the name of `function`,
** for a name that is unknown or not allowed here and for a value that is wrong. */
void llg_read_options(
  lua_State *L, int index, int where, const char *function, struct llg_options *options);

/* Set each field of the table options.headers on `list`; false removes a default. */
void llg_read_headers(
  lua_State *L, int options, const char *function, struct llg_header_list *list);

/* Check and set one field that comes from elsewhere than a headers table. */
void llg_set_header(
  lua_State *L, const char *function, const char *argument, struct llg_header_list *list,
  const char *name, const char *value);

/* Append the table options.query to `out` as "a=1&b=x%20y"; lists repeat "key[]", tables in
** tables are "key[sub]". */
void llg_read_query(
  lua_State *L, int options, const char *function, struct llg_buffer *out);

/* Raise where a core function said other than LLG_OK. */
void llg_check_status(lua_State *L, enum llg_status status, const char *what);

#endif
