/*
** draft.h - a request that is being built. Lua may run at almost every step of that, and may
** close the client then: so a draft begins with a share of what the client is, and is itself a
** userdata, which an error on the way leaves to the collector.
*/
#ifndef LLG_DRAFT_H
#define LLG_DRAFT_H

#include "handle.h"
#include "options.h"
#include "profile.h"

struct llg_draft {
  struct llg_profile *profile; /* counted */
  struct llg_request request;
  struct llg_buffer query; /* of the call alone */
  struct llg_options options;
  const char *function; /* in whose name errors are raised; a literal */
  int at;               /* where the options stand on the stack */
};

/* A new draft on top of the stack, of the client at 1 and the options at `options`, which are
** read here. Raises where the client is closed. */
struct llg_draft *llg_new_draft(lua_State *L, const char *function, int options);

/* The answer is wanted as it comes: as events, or with `raw` as bytes. */
void llg_draft_stream(lua_State *L, struct llg_draft *d);

/* It takes the time that it takes: no timeout of the whole call but one that was set. */
void llg_draft_takes_long(struct llg_draft *d);

/* The answer goes into a file, if the options say so. */
bool llg_draft_file(lua_State *L, struct llg_draft *d);

/* Where it goes to: a path below the base URL, which may bring a query of its own. */
void llg_draft_address(
  lua_State *L, struct llg_draft *d, const char *method, const char *path);

/* The client's headers with what this call changes; `type` is that of the body, NULL for the
** client's. */
void llg_draft_headers(lua_State *L, struct llg_draft *d, const char *type);

/* The table at `params` as JSON. Where it names none, it gets the client's model, and the member
** `name` (unless that is NULL), whose value is `json`. */
void llg_draft_params(
  lua_State *L, struct llg_draft *d, int params, const char *name, const char *json);

/* Hand the request to the pool; a handle of this class on top of the stack. */
struct llg_handle *llg_draft_start(
  lua_State *L, struct llg_draft *d, const char *class, enum llg_reply_kind kind);

/* Register its class. */
void llg_open_draft(lua_State *L);

#endif
