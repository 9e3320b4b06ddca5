/*
** failure.h - how the failure of an exchange becomes an error object.
*/
#ifndef LLG_FAILURE_H
#define LLG_FAILURE_H

#include "../core/http/exchange.h"
#include "compat.h"

/* Push the error object of an exchange that failed. */
void llg_push_exchange_error(lua_State *L, const struct llg_exchange *x);
/* The same for a fault that only showed when its body or an event was read. */
void llg_push_reading_error(
  lua_State *L, const struct llg_exchange *x, const struct llg_failure *failure);
/* Push the error object for the server's error value at `index`: the field `error` of a body
** or of an event, or such a table itself. `text` is where it stood. */
void llg_push_server_error(
  lua_State *L, const struct llg_exchange *x, int index, const char *text, size_t n);
/* Whether the table on top of the stack says that it is an error and nothing else; if so its
** `error` value is pushed. */
bool llg_is_server_error(lua_State *L);

#endif
