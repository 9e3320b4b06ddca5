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

/* -1 is "not given" where a number is meant, NULL where a string is. The strings live as long
** as what llg_read_options leaves on the stack. */
struct llg_options {
  int64_t connect_ms; /* the four clocks; 0 is off */
  int64_t first_byte_ms;
  int64_t idle_ms;
  int64_t total_ms;
  int64_t max_retries;
  int64_t max_response_bytes;
  int64_t max_connections;
  int http_version; /* enum llg_http_version */
  int tls_verify;
  int raw;
  int multipart;
  int stream;
  int no_key; /* api_key = false */
  int no_way; /* proxy = false */
  const char *api_key;
  const char *base_url;
  const char *key_header;
  const char *organization;
  const char *project;
  const char *model;
  const char *ca_file;
  const char *ca_path;
  const char *client_cert;
  const char *client_key;
  const char *proxy;
  const char *no_proxy;
  const char *unix_socket;
  const char *to;
  int tls_1_3; /* tls_min_version; -1: not given */
};

/* Read the table at `index` (none or nil: an empty one), and put a copy of our own into its
** place. Raises, in the name of `function`, for a name that is unknown or not allowed here and
** for a value that is wrong. */
void llg_read_options(
  lua_State *L, int index, int where, const char *function, struct llg_options *options);

/* What was given goes over what `clocks` hold. */
void llg_set_clocks(struct llg_clocks *clocks, const struct llg_options *o);

/* Replace the table at `index` by a copy without its metatable, which nobody else sees: what is
** read from it stays what and where it is, whatever Lua may run meanwhile. */
void llg_own_table(lua_State *L, int index);

/* Push the field of the table at `index` that is its own: no metatable has a say. */
void llg_push_field(lua_State *L, int index, const char *name);

/* A copy of n bytes that belongs to the caller; raises when out of memory. */
char *llg_copy_string(lua_State *L, const char *s, size_t n);

/* Raise where a core function said other than LLG_OK. */
void llg_check_status(lua_State *L, enum llg_status status, const char *what);

#endif
