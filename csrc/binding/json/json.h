/*
** json.h - the table `json` of the module: encode, decode, array, object, raw, null, library.
*/
#ifndef LLG_JSON_H
#define LLG_JSON_H

#include "../compat.h"

/* Put it into the module's table on top of the stack. */
void llg_open_json(lua_State *L);

#endif
