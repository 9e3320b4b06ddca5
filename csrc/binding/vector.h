/*
** vector.h - the class `lualogue.vector`: float32 numbers in one block of memory that
** belongs to Lua, 4 bytes each. Lua cannot change a vector once it was filled.
*/
#ifndef LLG_BINDING_VECTOR_H
#define LLG_BINDING_VECTOR_H

#include <stddef.h>

#include "compat.h"

struct llg_vector {
  size_t n;       /* elements */
  float values[]; /* values[0] is v[1] */
};

/* Push a vector of n zeroes for the caller to fill before Lua sees it. The address holds
** as long as the userdata lives. Raises only for Lua's out of memory. */
struct llg_vector *llg_new_vector(lua_State *L, size_t n);

/* The vector at `index`, or NULL if something else is there. */
struct llg_vector *llg_test_vector(lua_State *L, int index);

/* Fill v from the list of numbers at `index`, which has at least v->n elements. Returns
** 0, or the position (1 is the first) of the element that is no number, or a finite one
** too large for a float32. Never raises. */
size_t llg_fill_vector(lua_State *L, int index, struct llg_vector *v);

/* Register the class, and put vector(list) into the module's table on top of the stack. */
void llg_open_vector(lua_State *L);

#endif
