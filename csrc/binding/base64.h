/*
** base64.h - core.base64(bytes): what files in messages are sent as.
*/
#ifndef LLG_BINDING_BASE64_H
#define LLG_BINDING_BASE64_H

#include "compat.h"

/* Put base64 into the module's table on top of the stack. */
void llg_open_base64(lua_State *L);

#endif
