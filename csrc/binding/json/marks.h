/*
** marks.h - the ways in which Lua code says what Lua's values cannot: that an empty
** table is a list, that a value is null.
*/
#ifndef LLG_JSON_MARKS_H
#define LLG_JSON_MARKS_H

#include "../compat.h"

/* The metatables that json.array and json.object give to a table. */
#define LLG_JSON_ARRAY "lualogue.array"
#define LLG_JSON_OBJECT "lualogue.object"

enum llg_json_mark {
  LLG_MARK_NONE,         /* none that we know */
  LLG_MARK_LIST,         /* a table that is a list: lualogue.array, cjson.array_mt */
  LLG_MARK_OBJECT,       /* a table that is an object: lualogue.object */
  LLG_MARK_ORDERED,      /* an object whose metatable has a __jsonorder */
  LLG_MARK_EMPTY_LIST,   /* an empty list: cjson.empty_array, cjson.empty_array_mt */
  LLG_MARK_EMPTY_OBJECT, /* a table that is an object while empty: vim.empty_dict() */
  LLG_MARK_NULL,         /* null: lualogue.null, cjson.null, ngx.null, vim.NIL */
};

/* The mark of the table or (light) userdata on top of the stack. Calls no metamethod. */
enum llg_json_mark llg_json_mark(lua_State *L);

#endif
