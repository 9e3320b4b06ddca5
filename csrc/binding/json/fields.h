/*
** fields.h - the keys of a table in the order in which they are sent: sorted by their bytes, those
** that a __jsonorder names before all others.
*/
#ifndef LLG_JSON_FIELDS_H
#define LLG_JSON_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "../compat.h"

enum {
  LLG_FEW_FIELDS = 16
}; /* so many cost no allocation: their keys stand on Lua's stack */

/* How to read them. */
struct llg_fields_by {
  bool numbers; /* number keys stand for their text */
  bool ordered; /* the metatable has a __jsonorder */
};

struct llg_fields {
  int table; /* place on the stack; what belongs to this stands above it */
  size_t n;
  const struct llg_field *many;        /* sorted; NULL: few */
  unsigned char order[LLG_FEW_FIELDS]; /* few: places of the keys above the table */
};

enum llg_fields_status {
  LLG_FIELDS_OK,
  LLG_FIELDS_BAD_KEY, /* on top of the stack, which no object can have */
  LLG_FIELDS_TWICE, /* on top of the stack, which is there as a number and as a string */
  LLG_FIELDS_CHANGED, /* a finalizer wrote into the table meanwhile */
};

/* Read the keys of the table on top of the stack, which has room for LUA_MINSTACK values. Raises
** for Lua's out of memory. The table is read raw; no Lua code is called. */
enum llg_fields_status
llg_fields_read(lua_State *L, const struct llg_fields_by *by, struct llg_fields *f);

/* The i-th key, from 0: it stays where it is, in a string that Lua keeps as long as the stack. */
const char *llg_fields_key(lua_State *L, const struct llg_fields *f, size_t i, size_t *n);

/* Push the value of that field, nil where it is gone by now. */
void llg_fields_push(lua_State *L, const struct llg_fields *f, size_t i);

#endif
