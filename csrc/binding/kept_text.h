/*
** kept_text.h - the text of a stream's plain events, kept in C until Lua asks for it: a piece then
** costs a copy of its bytes, and no table, no list and no string that a collector has to look at.
*/
#ifndef LLG_KEPT_TEXT_H
#define LLG_KEPT_TEXT_H

#include <stdbool.h>

#include "../core/events/event_queue.h"
#include "compat.h"

struct llg_kept_text {
  bool is_wanted;          /* somebody will ask */
  long choice;             /* whose text it is */
  int n_strings;           /* made of what was too much for `bytes` */
  unsigned n_takes;        /* how often it was taken */
  struct llg_buffer bytes; /* what came behind those */
  struct llg_buffer event; /* the last one that said more than its text */
};

void llg_kept_text_init(struct llg_kept_text *kept);
void llg_kept_text_free(struct llg_kept_text *kept);

/* Whether anything is kept. */
bool llg_has_kept(const struct llg_kept_text *kept);

/* Whether a piece of this choice can be kept: it is wanted, and what is kept already is of the same
** choice. Nothing else changes until it is taken. */
bool llg_can_keep(const struct llg_kept_text *kept, long choice);

/* Keep n bytes, and the event that they are of, unless that is NULL. False without memory: then
** nothing was kept. */
bool llg_keep(
  struct llg_kept_text *kept, long choice, const char *text, size_t n,
  const struct llg_event *event);

/* Make a string of the bytes once they are many, kept in `slot` of the uservalue of the userdata
** at `index`. */
void llg_kept_settle(lua_State *L, int index, int slot, struct llg_kept_text *kept);

/* Push the list of strings that was kept, the choice (1 is the first) and the last event that was,
** as a chunk without its text, or nil; and forget them. The number of results, 0 where there is
** nothing. */
int llg_take_kept(lua_State *L, int index, int slot, struct llg_kept_text *kept);

#endif
