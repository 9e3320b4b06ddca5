/*
** A stream of events, one a line: whatever was learned before, what a shape says of an event is
** what reading that event says, and its holes hold what stands there.
*/
#include "core/events/event_scan.h"
#include "core/events/event_shape.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REQUIRE(condition) \
  ((condition) ? (void)0 : (fprintf(stderr, "failed: %s\n", #condition), abort()))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void compare(
  const struct llg_event_shape *shape, const struct llg_shape_value *values,
  const char *event, size_t n) {
  struct llg_event_leaves leaves;
  struct llg_event_text text;
  REQUIRE(llg_event_leaves(event, n, &leaves));
  REQUIRE(leaves.n == shape->leaves.n);
  REQUIRE(leaves.choice == shape->choice);
  for (int i = 0; i < shape->n_holes; i++) {
    const struct llg_event_leaf *leaf = &leaves.at[shape->holes[i]];
    REQUIRE(leaf->may_vary);
    REQUIRE(leaf->is_string == values[i].is_string);
    REQUIRE(values[i].text.bytes == event + leaf->at);
    REQUIRE(values[i].text.len == leaf->len);
  }
  bool plain = llg_event_scan(event, n, &text);
  REQUIRE(plain == (shape->text_hole >= 0));
  if (plain) REQUIRE(values[shape->text_hole].text.bytes == text.string.bytes);
}

/* The event, of its exact size for the sanitizer. */
static void read_event(struct llg_event_shapes *shapes, const uint8_t *data, size_t n) {
  struct llg_shape_value values[LLG_SHAPE_HOLES];
  char *event = malloc(n + (n == 0));
  REQUIRE(event != NULL);
  if (n > 0) memcpy(event, data, n);
  const struct llg_event_shape *shape = llg_event_shapes_match(shapes, event, n, values);
  if (shape == NULL) {
    llg_event_shapes_learn(shapes, event, n);
  } else {
    compare(shape, values, event, n);
    for (int i = 0; i < shape->n_holes; i++)
      llg_shape_value_settle(&values[i]);
  }
  free(event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
  struct llg_event_shapes shapes = { 0 };
  const uint8_t *at = data, *end = data + n;
  while (at < end) {
    const uint8_t *line = memchr(at, '\n', (size_t)(end - at));
    if (line == NULL) line = end;
    read_event(&shapes, at, (size_t)(line - at));
    at = line + (line < end);
  }
  llg_event_shapes_free(&shapes);
  return 0;
}
