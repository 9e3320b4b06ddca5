/*
** headers.h - the header fields of a client or of a call, into the list that is sent.
*/
#ifndef LLG_BINDING_HEADERS_H
#define LLG_BINDING_HEADERS_H

#include "../core/http/request.h"
#include "compat.h"

/* Set each field of the table options.headers on `list`; false removes a default. `options` is
** what llg_read_options has left there. */
void llg_read_headers(
  lua_State *L, int options, const char *function, struct llg_header_list *list);

/* Check and set one field that comes from elsewhere than a headers table. */
void llg_set_header(
  lua_State *L, const char *function, const char *argument, struct llg_header_list *list,
  const char *name, const char *value);

/* The field that carries a key, with this one, less the blanks around it: as it is, or where
** `field` is NULL as Authorization: Bearer. NULL as the key: the field goes. */
void llg_set_key(
  lua_State *L, const char *function, struct llg_header_list *list, const char *field,
  const char *key);

#endif
