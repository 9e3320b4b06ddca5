/*
** event_leaves.h - one look at a whole event: where its strings and numbers stand, and which of
** them may have another value without the event meaning something else for its stream.
*/
#ifndef LLG_EVENT_LEAVES_H
#define LLG_EVENT_LEAVES_H

#include "json_text.h"

enum { LLG_EVENT_LEAVES = 64 }; /* an event with more is not read */

/* A string or a number. */
struct llg_event_leaf {
  unsigned at; /* in the event; of a string, what is between the quotes */
  unsigned len;
  bool is_string;
  bool may_vary;
  bool is_growing; /* a piece of a text: it is sure to be another one next time */
  bool is_first; /* an id, a model: who follows the stream has it from its first event */
};

struct llg_event_leaves {
  int n;
  long
    choice; /* the one choice that it is a delta of, without a finish_reason; -1: none */
  struct llg_event_leaf at[LLG_EVENT_LEAVES];
};

/* False for an event that must go the full way each time: no JSON object, one with a key twice,
** with an escaped key, a number with an exponent, more than LLG_EVENT_LEAVES leaves, more than one
** choice ... */
bool llg_event_leaves(const char *event, size_t n, struct llg_event_leaves *leaves);

#endif
