/*
** saved.h - the reply of a call whose answer went into a file, which gets its name here.
*/
#ifndef LLG_SAVED_H
#define LLG_SAVED_H

#include <stdbool.h>

#include "handle.h"

/* The exchange is over, and well: push { path =, bytes =, type = }, or the error object and return
** false. A body that is nothing but an error, whatever its status, is no answer. */
bool llg_push_saved(lua_State *L, struct llg_handle *h);

#endif
