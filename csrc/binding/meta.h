/*
** meta.h - what is known of a reply besides its body.
*/
#ifndef LLG_META_H
#define LLG_META_H

#include "../core/http/exchange.h"
#include "compat.h"

/* The server's id of the request, under whichever name it is sent; NULL if it is not. */
const char *llg_request_id(const struct llg_buffer *headers, size_t *n);

/* Push the table of what is known of the reply besides its body. */
void llg_push_meta(lua_State *L, const struct llg_exchange *x);
/* Give the table on top of the stack the metatable in which `text` is found, and `meta`, made
** when it is first asked for from the handle at `index`. */
void llg_attach_meta(lua_State *L, int index);
/* (reply) -> its meta, or nil. */
int llg_meta_of(lua_State *L);

#endif
