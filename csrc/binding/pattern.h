/*
** pattern.h - most chunks of a stream differ from the one before in their text alone: they
** are copied from a pattern, which costs a fraction of parsing them.
**
** The pattern is a table that no script ever sees; event_memo says when it holds.
*/
#ifndef LLG_PATTERN_H
#define LLG_PATTERN_H

#include "../core/events/event_memo.h"
#include "compat.h"

enum { LLG_PATTERN_TABLES = 8 }; /* a chunk has four */

struct llg_pattern {
  unsigned serial; /* what the memo remembered when it was made; 0: never yet */
  int n_tables;    /* in it; 0: it had too many, each chunk is decoded */
  struct {
    int n_list;
    int n_fields;
  } sizes[LLG_PATTERN_TABLES]; /* in the order in which lua_next meets them */
};

/* Push the chunk of this event, whose text the memo has just found: copied, or decoded like
** any other (and then perhaps made the pattern of the next). The pattern is kept in `slot`
** of the uservalue of the userdata at `index`. As llg_json_decode: 1, or 0 with *failure. */
int llg_push_plain_chunk(
  lua_State *L, int index, int slot, struct llg_pattern *p,
  const struct llg_event_memo *memo, const char *event, size_t n,
  const struct llg_event_text *text, struct llg_failure *failure);

#endif
