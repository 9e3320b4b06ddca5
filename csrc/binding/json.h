/*
** json.h - Lua values <-> JSON text. Decoding is lua-cjson's followed by one walk, encoding
** is ours: it says where a value cannot be sent.
*/
#ifndef LLG_JSON_H
#define LLG_JSON_H

#include "../core/buffer.h"
#include "compat.h"

/* Append the JSON of the value at `index` to `out`. Raises (llg_raise: at the caller's line)
** with the path of what cannot be sent, "messages[2].content: a function cannot be sent as
** JSON"; `root` is put before the path ("" for none). `out` must belong to a userdata, since
** this may raise at any point; what it holds after a raise is undefined. */
void llg_json_encode(lua_State *L, int index, const char *root, struct llg_buffer *out);

/* Push the value of n bytes of JSON and return 1; or push nothing, fill `failure`
** (LLG_DECODE with the position, LLG_LIMIT for the nesting) and return 0. Null fields are
** absent, nulls in lists are lualogue.null, whole floats are integers where Lua has them.
** Raises only for Lua's out of memory. */
int llg_json_decode(
  lua_State *L, const char *text, size_t n, struct llg_failure *failure);

/* What decodes: "linked", "cjson" or "vim.json"; NULL with *failure if there is nothing.
** The first call looks for it. */
const char *llg_json_library(lua_State *L, struct llg_failure *failure);

/* The metatables that json.array and json.object give to a table. */
#define LLG_JSON_ARRAY "lualogue.array"
#define LLG_JSON_OBJECT "lualogue.object"

#endif
