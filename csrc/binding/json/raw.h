/*
** raw.h - JSON text that is sent as it stands: lualogue.raw(text).
*/
#ifndef LLG_JSON_RAW_H
#define LLG_JSON_RAW_H

#include <stddef.h>

#include "../compat.h"

/* Push an object with a copy of the JSON text at `index`, which is a string. */
void llg_json_push_raw(lua_State *L, int index);

/* The text of the value at `index` if it is such an object, else NULL. */
const char *llg_json_test_raw(lua_State *L, int index, size_t *n);

/* Register the class. */
void llg_open_json_raw(lua_State *L);

#endif
