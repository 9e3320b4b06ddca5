/*
** embeddings.h - the body of an embeddings reply -> its table, in which every
** data[i].embedding is a `lualogue.vector`, whether it came as base64 or as a list.
*/
#ifndef LLG_EMBEDDINGS_H
#define LLG_EMBEDDINGS_H

#include "../core/base/status.h"
#include "compat.h"

/* Push the reply and return 1; or push nothing, fill `failure` and return 0: LLG_DECODE
** with the place ("data[3].embedding: not base64"), or whatever llg_json_decode says. An
** item without an embedding, or with a null there, stays without. `body` must belong to a
** userdata or to Lua: raises for Lua's out of memory. */
int llg_push_embeddings(
  lua_State *L, const char *body, size_t n, struct llg_failure *failure);

/* Register what it needs, and decode_embeddings in the module's table on top of the stack. */
void llg_open_embeddings(lua_State *L);

#endif
