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
/* Replace what the server said of its failure (see refusal.h), on top of the stack, by the
** error object. `text` is where it stood. */
void llg_push_said_error(
  lua_State *L, const struct llg_exchange *x, const char *text, size_t n);
/* Set `body` of the error object on top of the stack to what the server wrote, and retry_after
** to what that or a header says of coming again. */
void llg_set_error_text(
  lua_State *L, const struct llg_exchange *x, const char *text, size_t n);

#endif
