#include "event_shape.h"

#include <string.h>

#include "../base/memory.h"
#include "event_scan.h"

enum {
  MAX_SHAPE_BYTES = 1 << 13, /* longer events have no shape */
  /* A stream whose events have no shape in common is not asked each time. */
  PATIENCE = 8,
  ASK_EVERY = 16,
};

/* ---- comparing ---- */

/* The end of what stands in the hole that begins at `at`, or NULL. */
static const char *read_hole(
  const char *at, const char *end, bool is_string, struct llg_shape_value *value) {
  value->is_string = is_string;
  if (is_string) return llg_json_read_string(at, end, &value->text);
  const char *behind = llg_json_read_number(at, end);
  if (behind != NULL)
    value->text = (struct llg_json_string){ at, (size_t)(behind - at), false };
  return behind;
}

/* The same bytes around the holes, and in each of them a value of its kind: the same JSON. */
static bool fits(
  const struct llg_event_shape *shape, const char *event, size_t n,
  struct llg_shape_value *values) {
  const char *known = llg_buffer_bytes(&shape->event), *at = event, *end = event + n;
  size_t from = 0, len;
  for (int i = 0; i < shape->n_holes; i++) {
    const struct llg_event_leaf *leaf = &shape->leaves.at[shape->holes[i]];
    len = leaf->at - from;
    if ((size_t)(end - at) < len || memcmp(at, known + from, len) != 0) return false;
    at = read_hole(at + len, end, leaf->is_string, &values[i]);
    if (at == NULL) return false;
    from = leaf->at + leaf->len;
  }
  len = shape->event.len - from;
  return (size_t)(end - at) == len && memcmp(at, known + from, len) == 0;
}

const struct llg_event_shape *llg_event_shapes_match(
  struct llg_event_shapes *shapes, const char *event, size_t n,
  struct llg_shape_value *values) {
  for (int i = 0; i < LLG_SHAPES; i++) {
    struct llg_event_shape *shape = shapes->known[i];
    if (shape == NULL || shape->serial == 0) continue;
    if (!fits(shape, event, n, values)) continue;
    shapes->known[i] = shapes->known[0];
    shapes->known[0] = shape;
    shapes->n_missed = 0;
    return shape;
  }
  shapes->n_missed++;
  return NULL;
}

/* ---- learning ---- */

/* Whether the events differ in what may vary alone; what does becomes varying in `known`. */
static bool merge(
  const struct llg_event_shape *shape, bool *varies, const char *event, size_t n,
  const struct llg_event_leaves *leaves) {
  const char *known = llg_buffer_bytes(&shape->event);
  size_t from = 0, known_from = 0, len;
  if (leaves->n != shape->leaves.n) return false;
  for (int i = 0; i < leaves->n; i++) {
    const struct llg_event_leaf *a = &shape->leaves.at[i], *b = &leaves->at[i];
    len = b->at - from;
    if (
      a->is_string != b->is_string || a->at - known_from != len
      || memcmp(known + known_from, event + from, len) != 0)
      return false;
    if (a->len != b->len || memcmp(known + a->at, event + b->at, a->len) != 0) {
      if (!b->may_vary) return false;
      varies[i] = true;
    }
    known_from = a->at + a->len;
    from = b->at + b->len;
  }
  len = n - from;
  return shape->event.len - known_from == len
         && memcmp(known + known_from, event + from, len) == 0;
}

static void note_holes(const struct llg_event_shape *shape, bool *varies) {
  for (int i = 0; i < shape->n_holes; i++)
    varies[shape->holes[i]] = true;
}

/* The one to be changed: that of the same shape, else a new one, else the one that was not of use
** for the longest time. What varies in it is marked. NULL without memory. */
static struct llg_event_shape *place_for(
  struct llg_event_shapes *shapes, const char *event, size_t n,
  const struct llg_event_leaves *leaves, bool *varies) {
  for (int i = 0; i < LLG_SHAPES; i++) {
    struct llg_event_shape *shape = shapes->known[i];
    if (shape == NULL || shape->serial == 0) continue;
    memset(varies, 0, LLG_EVENT_LEAVES * sizeof *varies);
    if (!merge(shape, varies, event, n, leaves)) continue;
    note_holes(shape, varies);
    return shape;
  }
  memset(varies, 0, LLG_EVENT_LEAVES * sizeof *varies);
  struct llg_event_shape **last = &shapes->known[LLG_SHAPES - 1];
  for (int i = LLG_SHAPES - 1; i >= 0; i--)
    if (shapes->known[i] == NULL) last = &shapes->known[i];
  if (*last == NULL) {
    *last = llg_calloc(1, sizeof **last);
    if (*last != NULL) llg_buffer_init(&(*last)->event, MAX_SHAPE_BYTES);
  }
  return *last;
}

/* What stands in a plain content delta beside its text is told by the first one; padding is
** nothing. What varies otherwise may be wanted: the last one counts. */
static bool is_rest(const struct llg_event_leaf *leaf) {
  return !leaf->is_growing && !leaf->is_first;
}

/* Which hole the text of a plain content delta stands in, or -1. */
static void find_text(struct llg_event_shape *shape) {
  const char *event = llg_buffer_bytes(&shape->event);
  struct llg_event_text text;
  shape->text_hole = -1;
  if (!llg_event_scan(event, shape->event.len, &text)) return;
  shape->has_rest = text.has_counts;
  for (int i = 0; i < shape->n_holes; i++) {
    const struct llg_event_leaf *leaf = &shape->leaves.at[shape->holes[i]];
    if (event + leaf->at == text.string.bytes) shape->text_hole = i;
    if (is_rest(leaf)) shape->has_rest = true;
  }
}

static void set_holes(struct llg_event_shape *shape, const bool *varies) {
  shape->n_holes = 0;
  for (int i = 0; i < shape->leaves.n; i++) {
    const struct llg_event_leaf *leaf = &shape->leaves.at[i];
    if (!varies[i] && !leaf->is_growing) continue;
    if (shape->n_holes == LLG_SHAPE_HOLES) {
      shape->serial = 0;
      return;
    }
    shape->holes[shape->n_holes++] = (unsigned char)i;
  }
}

void llg_event_shapes_learn(
  struct llg_event_shapes *shapes, const char *event, size_t n) {
  struct llg_event_leaves leaves;
  bool varies[LLG_EVENT_LEAVES];
  if (shapes->n_missed > PATIENCE && shapes->n_missed % ASK_EVERY != 0) return;
  if (n > MAX_SHAPE_BYTES || !llg_event_leaves(event, n, &leaves)) return;
  struct llg_event_shape *shape = place_for(shapes, event, n, &leaves, varies);
  if (shape == NULL) return;
  shape->serial = 0;
  llg_buffer_clear(&shape->event);
  if (llg_buffer_append(&shape->event, event, n) != LLG_OK) return;
  if (++shapes->serial == 0) shapes->serial = 1;
  shape->serial = shapes->serial;
  shape->leaves = leaves;
  shape->choice = leaves.choice;
  set_holes(shape, varies);
  find_text(shape);
}

void llg_event_shapes_free(struct llg_event_shapes *shapes) {
  for (int i = 0; i < LLG_SHAPES; i++) {
    if (shapes->known[i] == NULL) continue;
    llg_buffer_free(&shapes->known[i]->event);
    llg_free(shapes->known[i]);
    shapes->known[i] = NULL;
  }
}
