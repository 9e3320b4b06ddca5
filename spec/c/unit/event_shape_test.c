/*
** What a shape says of an event is what reading the event says: every pair of the events below,
** one after the other, and what stands in their holes.
*/
#include "core/events/event_shape.h"
#include "core/events/event_scan.h"
#include "core/base/memory.h"
#include "test.h"

#define CHUNK(text, more) \
  "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" text "\"}" more \
  "}]}"
#define COUNTED(id, text, n, ms) \
  "{\"id\":\"" id "\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" text \
  "\"},\"finish_reason\":null}],\"usage\":{\"total_tokens\":" n \
  "},\"timings\":{\"ms\":" ms "}}"
#define PADDED(text, padding) \
  "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" text \
  "\"}}],\"obfuscation\":\"" padding "\"}"

static const char *const events[] = {
  CHUNK("Hello", ""),
  CHUNK("", ""),
  CHUNK(" world", ""),
  CHUNK("\xe2\x98\x82", ""),
  CHUNK("\xe2\x98", ""),
  CHUNK("a\\nb", ""),
  CHUNK("\\ud83d", ""),
  CHUNK("a\\", ""),
  CHUNK("a\tb", ""),
  CHUNK("x\"},\"finish_reason\":\"stop\",\"y\":{\"z\":\"", ""),
  CHUNK("Hello", ",\"finish_reason\":null"),
  CHUNK("Hello", ",\"finish_reason\":\"stop\""),
  CHUNK("Hello", ",\"finish_reason\":\"length\""),
  "{\"id\":\"c\",\"choices\":[{\"index\":1,\"delta\":{\"content\":\"Hello\"}}]}",
  "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}]} ",
  "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}",
  "{\"id\":\"d\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}]}",
  "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":"
  "\"\"}}]}",
  "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}],\"error\":"
  "{}}",
  "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}],\"code\":"
  "1}",
  "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}],\"code\":"
  "2}",
  PADDED("Hello", "a"),
  PADDED("you", "abc"),
  COUNTED("a", "Hello", "1", "0.5"),
  COUNTED("b", "you", "12", "12.25"),
  COUNTED("b", "you", "12", "1e5"),
  COUNTED("b", "you", "1234567890123456789", "1"),
  "{\"choices\":[]}",
  "",
};

enum { N_EVENTS = sizeof events / sizeof *events };

/* What a shape claims of an event, against a reading of that event. */
static void compare(
  const struct llg_event_shape *shape, const struct llg_shape_value *values,
  const char *event) {
  struct llg_event_leaves leaves;
  struct llg_event_text text;
  size_t n = strlen(event);
  CHECK(llg_event_leaves(event, n, &leaves));
  CHECK_INT(leaves.n, shape->leaves.n);
  CHECK_INT(leaves.choice, shape->choice);
  for (int i = 0; i < shape->n_holes; i++) {
    const struct llg_event_leaf *leaf = &leaves.at[shape->holes[i]];
    CHECK(leaf->may_vary);
    CHECK_INT(leaf->is_string, values[i].is_string);
    CHECK(values[i].text.bytes == event + leaf->at);
    CHECK_INT(values[i].text.len, leaf->len);
  }
  bool plain = llg_event_scan(event, n, &text);
  CHECK_INT(plain, shape->text_hole >= 0);
  if (plain) CHECK(values[shape->text_hole].text.bytes == text.string.bytes);
}

static void every_triple(void) {
  struct llg_shape_value values[LLG_SHAPE_HOLES];
  for (int i = 0; i < N_EVENTS; i++) {
    for (int j = 0; j < N_EVENTS; j++) {
      struct llg_event_shapes shapes = { 0 };
      const int order[] = { i, j, i, j, j, i };
      for (size_t k = 0; k < sizeof order / sizeof *order; k++) {
        const char *event = events[order[k]];
        const struct llg_event_shape *shape = llg_event_shapes_match(
          &shapes, event, strlen(event), values);
        if (shape != NULL)
          compare(shape, values, event);
        else
          llg_event_shapes_learn(&shapes, event, strlen(event));
      }
      llg_event_shapes_free(&shapes);
    }
  }
}

/* How many of the events are known after `first` and `second` were learned. */
static bool knows(const char *first, const char *second, const char *event) {
  struct llg_shape_value values[LLG_SHAPE_HOLES];
  struct llg_event_shapes shapes = { 0 };
  llg_event_shapes_learn(&shapes, first, strlen(first));
  llg_event_shapes_learn(&shapes, second, strlen(second));
  bool known = llg_event_shapes_match(&shapes, event, strlen(event), values) != NULL;
  llg_event_shapes_free(&shapes);
  return known;
}

static void what_varies_is_a_hole(void) {
  CHECK(knows(events[0], events[0], CHUNK("any\\u00e9 text", "")));
  CHECK(knows(PADDED("a", "b"), PADDED("a", "b"), PADDED("cd", "efg")));
  CHECK(knows(
    COUNTED("a", "x", "1", "0.5"), COUNTED("b", "y", "2", "0.25"),
    COUNTED("id", "z", "987", "3.75")));
  /* seen to vary only once: what has not is compared */
  CHECK(!knows(
    COUNTED("a", "x", "1", "0.5"), COUNTED("a", "y", "2", "0.25"),
    COUNTED("id", "z", "987", "3.75")));
}

static void what_matters_stands_fast(void) {
#define TOP(more) "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]," more "}"
  CHECK(!knows(TOP("\"code\":1"), TOP("\"code\":2"), TOP("\"code\":3")));
  CHECK(!knows(TOP("\"error\":\"a\""), TOP("\"error\":\"b\""), TOP("\"error\":\"c\"")));
  CHECK(!knows(
    CHUNK("x", ",\"finish_reason\":\"a\""), CHUNK("x", ",\"finish_reason\":\"b\""),
    CHUNK("x", ",\"finish_reason\":\"c\"")));
#define INDEX(i) "{\"choices\":[{\"index\":" i ",\"delta\":{\"content\":\"x\"}}]}"
  CHECK(!knows(INDEX("0"), INDEX("1"), INDEX("2")));
}

/* A stream without a shape is not asked each time, and learns one when it comes. */
static void patience(void) {
  struct llg_shape_value values[LLG_SHAPE_HOLES];
  struct llg_event_shapes shapes = { 0 };
  char event[100];
  for (int i = 0; i < 1000; i++) {
    snprintf(event, sizeof event, "{\"choices\":[],\"n\":%d}", i);
    if (llg_event_shapes_match(&shapes, event, strlen(event), values) == NULL)
      llg_event_shapes_learn(&shapes, event, strlen(event));
  }
  CHECK(shapes.serial < 100);
  int known = 0;
  for (int i = 0; i < 100; i++) {
    if (llg_event_shapes_match(&shapes, events[0], strlen(events[0]), values) != NULL)
      known++;
    else
      llg_event_shapes_learn(&shapes, events[0], strlen(events[0]));
  }
  CHECK(known >= 80);
  llg_event_shapes_free(&shapes);
}

static void without_memory(void) {
  struct llg_shape_value values[LLG_SHAPE_HOLES];
  for (int fail = 1; fail <= 2; fail++) {
    struct llg_event_shapes shapes = { 0 };
    llg_test_fail_at(fail);
    llg_event_shapes_learn(&shapes, events[0], strlen(events[0]));
    CHECK(llg_event_shapes_match(&shapes, events[0], strlen(events[0]), values) == NULL);
    llg_test_fail_at(0);
    llg_event_shapes_learn(&shapes, events[0], strlen(events[0]));
    CHECK(llg_event_shapes_match(&shapes, events[2], strlen(events[2]), values) != NULL);
    llg_event_shapes_free(&shapes);
  }
}

int main(void) {
  RUN(every_triple);
  RUN(what_varies_is_a_hole);
  RUN(what_matters_stands_fast);
  RUN(patience);
  RUN(without_memory);
  return TEST_END();
}
