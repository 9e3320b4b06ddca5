/*
** place.h - where in what is sent a value stands, and what the API has there. Needs no Lua.
*/
#ifndef LLG_JSON_PLACE_H
#define LLG_JSON_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "path.h"

/* A table that is being encoded: one step of the path, and what a cycle comes back to. */
struct llg_place {
  const struct llg_place *up;
  const void *table; /* only compared */
  const char *key; /* of the value that is being encoded (Lua has it on the stack) ... */
  size_t key_n;
  long long index; /* ... or its place in the list, where key is NULL */
};

/* Whether it stands under this very key. */
bool llg_place_is(const struct llg_place *at, const char *key);

/* messages[2].content; `root` in front. */
void llg_place_path(const struct llg_place *at, const char *root, struct llg_path *path);

/* What a table there is if nothing else says so: empty, a list; with number keys, an object. */
bool llg_place_has_list(const struct llg_place *at);
bool llg_place_has_map(const struct llg_place *at);

/* An item of a list `messages`. */
bool llg_place_has_message(const struct llg_place *at);

/* What a message says a function or a tool was called with: text, says the API. */
bool llg_place_has_arguments(const struct llg_place *at);

#endif
