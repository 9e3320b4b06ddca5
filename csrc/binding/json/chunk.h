/*
** chunk.h - the JSON of one chunk of a stream -> a Lua value. Some servers cut between the two
** escapes of an emoji, or within the bytes of a character: what a piece ends with waits for the
** next piece of the same text, so that the character is whole there.
*/
#ifndef LLG_JSON_CHUNK_H
#define LLG_JSON_CHUNK_H

#include "../../core/base/status.h"
#include "../compat.h"

/* As llg_json_decode. What waits is kept in `slot` of the uservalue of the userdata at `index`;
** *n_waiting, which is to live as long as that, says how many. While it is not 0 every chunk
** must come this way. */
int llg_json_decode_chunk(
  lua_State *L, const char *text, size_t n, int index, int slot, int *n_waiting,
  struct llg_failure *failure);

#endif
