/*
** decode.h - JSON text -> a Lua value: lua-cjson's decoding, followed by one walk.
*/
#ifndef LLG_JSON_DECODE_H
#define LLG_JSON_DECODE_H

#include <stdbool.h>

#include "../../core/base/status.h"
#include "../compat.h"

/* Push the value of n bytes of JSON and return 1; or push nothing, fill `failure`
** (LLG_DECODE with the position, LLG_LIMIT for the nesting) and return 0. Null fields are
** absent, nulls in lists are lualogue.null, whole floats are integers where Lua has them.
** Numbers that are not finite are null, and what is no UTF-8 or half a surrogate pair is U+FFFD.
** Raises only for Lua's out of memory. */
int llg_json_decode(
  lua_State *L, const char *text, size_t n, struct llg_failure *failure);

/* The same, but strings that are values keep what is broken, as mend.h says; *kept: there are
** such. For who mends them in a way of his own. */
int llg_json_decode_kept(
  lua_State *L, const char *text, size_t n, bool *kept, struct llg_failure *failure);

#endif
