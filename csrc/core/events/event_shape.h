/*
** event_shape.h - the events of a stream are alike: what stands fast in them is remembered, and
** where a string or a number was seen to vary is a hole. An event of the same shape is known by
** comparing what stands fast and looking for the end of each hole; nothing of it is parsed.
**
** A hole is only what no verdict hangs on: a text, an id, a count. Everything else (a
** finish_reason, an error, the index of a choice) stands fast, so that an event of a shape means
** for its stream what the first one of it meant, which went the full way.
*/
#ifndef LLG_EVENT_SHAPE_H
#define LLG_EVENT_SHAPE_H

#include "../base/buffer.h"
#include "event_leaves.h"

enum {
  LLG_SHAPES = 4, /* remembered at a time: choices, or kinds of event, may alternate */
  LLG_SHAPE_HOLES = 24, /* an event in which more varies has no shape */
};

/* What stands in a hole; of a number, its characters. */
struct llg_shape_value {
  struct llg_json_string text;
  bool is_string;
};

/* Write what a string means in the place where it stands in the event. */
static inline void llg_shape_value_settle(struct llg_shape_value *value) {
  if (!value->text.escaped) return;
  char *bytes = (char *)(uintptr_t)value->text.bytes;
  value->text.len = llg_json_unescape(&value->text, bytes);
  value->text.escaped = false;
}

struct llg_event_shape {
  unsigned serial; /* another one whenever a shape or its holes change; 0: none */
  int n_holes;
  long choice;   /* the one that it is a delta of, without a finish_reason; -1: none */
  int text_hole; /* of a plain content delta, its text; -1: it is more than that */
  bool has_rest; /* then: beside the text it tells what may have changed since */
  struct llg_buffer event;              /* the one that it was learned from last */
  struct llg_event_leaves leaves;       /* of that */
  unsigned char holes[LLG_SHAPE_HOLES]; /* numbers of leaves, ascending */
};

struct llg_event_shapes {
  struct llg_event_shape *known[LLG_SHAPES]; /* the one that fitted last stands first */
  unsigned serial;                           /* the last one that was given */
  unsigned n_missed;                         /* events since one was of a known shape */
};

/* Zeroed is empty. May be used again afterwards. */
void llg_event_shapes_free(struct llg_event_shapes *shapes);

/* The shape of this event, with what stands in its holes in values[LLG_SHAPE_HOLES], valid as long
** as the event's bytes are; NULL if it is of none that is known. */
const struct llg_event_shape *llg_event_shapes_match(
  struct llg_event_shapes *shapes, const char *event, size_t n,
  struct llg_shape_value *values);

/* Remember the shape of an event that matched none, if it has one. Never fails: without memory
** nothing is remembered. */
void llg_event_shapes_learn(struct llg_event_shapes *shapes, const char *event, size_t n);

#endif
