/*
** about.h - by which way the requests of a client go, and with what: core client:about().
*/
#ifndef LLG_ABOUT_H
#define LLG_ABOUT_H

#include "compat.h"

/* Add `about` to the class of clients. Leaves the stack as it was. */
void llg_open_about(lua_State *L);

#endif
