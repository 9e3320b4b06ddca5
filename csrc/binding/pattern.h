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

/* Push the chunk of this shape with these values, and above it the text of the hole `text` unless
** that is -1; the number of values pushed. 0: it must be decoded. The functions are kept from
** `slot` on in the uservalue of the userdata at `index`. A collection may run, after which the
** shape may be gone. */
int llg_push_chunk(
  lua_State *L, int index, int slot, struct llg_patterns *patterns,
  const struct llg_event_shape *shape, const struct llg_shape_value *values, int text);

/* Push the text of a value. Its bytes are those of the event, and are written over. */
void llg_push_value_text(lua_State *L, const struct llg_shape_value *value);

#endif
