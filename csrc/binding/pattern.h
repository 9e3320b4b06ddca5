/*
** pattern.h - the chunks of a stream are alike: one of a known shape is made by a Lua function
** that was written for that shape, which costs a fraction of parsing it.
**
** The function holds what stands fast in a table constructor, and takes what stands in the holes.
*/
#ifndef LLG_PATTERN_H
#define LLG_PATTERN_H

#include "../core/events/event_shape.h"
#include "compat.h"

struct llg_patterns {
  unsigned serials[LLG_SHAPES]; /* the shapes that the functions are for; 0: none */
  bool is_usable[LLG_SHAPES];   /* false: such a chunk can only be decoded */
  bool is_writing;              /* a finalizer that runs meanwhile writes nothing */
  struct llg_buffer source;     /* of the function that is being written */
};

/* Allocates nothing. */
void llg_patterns_init(struct llg_patterns *patterns);
void llg_patterns_free(struct llg_patterns *patterns);

/* Push the chunk of this shape with these values, and return true; or push nothing: it must be
** decoded. The functions are kept from `slot` on in the uservalue of the userdata at `index`. A
** collection may run, after which the shape may be gone. The bytes of the values are written over. */
bool llg_push_chunk(
  lua_State *L, int index, int slot, struct llg_patterns *patterns,
  const struct llg_event_shape *shape, struct llg_shape_value *values);

#endif
