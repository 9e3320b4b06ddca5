/*
** client.h - `lualogue.core.client`: a share of a profile, until it is closed.
*/
#ifndef LLG_CLIENT_H
#define LLG_CLIENT_H

#include "compat.h"
#include "profile.h"

/* A release says which it is: -DLLG_VERSION=... */
#ifndef LLG_VERSION
#define LLG_VERSION "scm"
#endif

#define LLG_CLIENT_CLASS "lualogue.core.client"

/* A new share of the profile of the client at `index`, for the caller. Raises, in the name of
** `function`, where there is no client or a closed one; allocates nothing. */
struct llg_profile *llg_take_profile(lua_State *L, int index, const char *function);

/* Register the class, and put client(options) into the module's table on top of the stack. */
void llg_open_client(lua_State *L);

#endif
