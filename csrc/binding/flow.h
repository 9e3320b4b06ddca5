/*
** flow.h - what the handles of answers that come in pieces have in common: `lualogue.stream`,
** `lualogue.events`, `lualogue.bytes`. Each of these is a method; the handle is at stack index 1.
*/
#ifndef LLG_FLOW_H
#define LLG_FLOW_H

#include "handle.h"

/* Push the last word of a handle that is over, of which nothing is left to take, and keep it; the
** number of results. */
typedef int llg_flow_end(lua_State *L, struct llg_handle *h);

/* Keep the last word of one that has none yet and is closed early, if what came says it; whether
** it does. */
typedef bool llg_flow_known(lua_State *L, struct llg_handle *h);

/* false: there is nothing yet. */
int llg_flow_not_yet(lua_State *L);

/* handle:opened() -> true | false (not yet) | nil, err. Pieces may wait even where it later breaks. */
int llg_flow_opened(lua_State *L, struct llg_handle *h, llg_flow_end *end);

/* handle:close(): what was not complete is cancelled; `known` may be NULL. Idempotent. */
int llg_flow_close(lua_State *L, struct llg_handle *h, llg_flow_known *known);

/* handle:meta() -> table, or nil before there is an answer; also that of an exchange */
int llg_flow_meta(lua_State *L, const struct llg_handle *h);

/* handle:attach(reply) -> the same table: gives it the metatable of a plain call's reply */
int llg_flow_attach(lua_State *L, const struct llg_handle *h);

/* tostring(handle) */
int llg_flow_tostring(lua_State *L, struct llg_handle *h, const char *class);

#endif
