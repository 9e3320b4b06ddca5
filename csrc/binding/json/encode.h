/*
** encode.h - a Lua value -> JSON text. It is ours since it says where a value cannot be sent.
*/
#ifndef LLG_JSON_ENCODE_H
#define LLG_JSON_ENCODE_H

#include "../../core/base/buffer.h"
#include "../compat.h"

/* Append the JSON of the value at `index` to `out`, the keys of objects sorted by their bytes:
** equal values are equal text. Raises (llg_raise: at the caller's line)
** with the path of what cannot be sent, "messages[2].content: a function cannot be sent as
** JSON"; `root` is put before the path ("" for none). `out` must belong to a userdata, since
** this may raise at any point; what it holds after a raise is undefined. */
void llg_json_encode(lua_State *L, int index, const char *root, struct llg_buffer *out);

/* Something beside the caller's own fields: text as JSON, or (json NULL) a string. */
struct llg_json_member {
  const char *name;
  const char *json;
  const char *string;
};

enum { LLG_JSON_MEMBERS = 4 }; /* at most */

/* The same for a table that is an object whatever its mark, with n members besides, given sorted
** by their names; a field of the table's own of that name is sent in its place. */
void llg_json_encode_object(
  lua_State *L, int index, const struct llg_json_member *members, size_t n,
  struct llg_buffer *out);

#endif
