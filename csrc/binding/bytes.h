/*
** bytes.h - the class `lualogue.bytes`: the body of an answer as it comes, a piece at a time, with a
** verdict as far as HTTP knows where it ends.
*/
#ifndef LLG_BYTES_H
#define LLG_BYTES_H

#include "compat.h"

#define LLG_BYTES_CLASS "lualogue.bytes"

/* Register the class. */
void llg_open_bytes(lua_State *L);

#endif
