/*
** encode.h - a Lua value -> JSON text. It is ours since it says where a value cannot be sent.
*/
#ifndef LLG_JSON_ENCODE_H
#define LLG_JSON_ENCODE_H

#include "../../core/base/buffer.h"
#include "../compat.h"

/* Append the JSON of the value at `index` to `out`. Raises (llg_raise: at the caller's line)
** with the path of what cannot be sent, "messages[2].content: a function cannot be sent as
** JSON"; `root` is put before the path ("" for none). `out` must belong to a userdata, since
** this may raise at any point; what it holds after a raise is undefined. */
void llg_json_encode(lua_State *L, int index, const char *root, struct llg_buffer *out);

#endif
