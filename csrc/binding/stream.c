#include "stream.h"

#include <string.h>

#include "../core/events/event_scan.h"
#include "failure.h"
#include "handle.h"
#include "json/chunk.h"
#include "meta.h"
#include "object.h"
#include "pattern.h"
#include "verdict.h"

/* [1] and [2] are the verdict. */
enum { PATTERN_SLOT = 3, WAITING_SLOT = PATTERN_SLOT + LLG_SHAPES };

static struct llg_handle *check(lua_State *L) {
  return luaL_checkudata(L, 1, LLG_STREAM_CLASS);
}

static int not_yet(lua_State *L) {
  lua_pushboolean(L, 0);
  return 1;
}

/* ---- events ---- */

enum { HELD_BYTES = 4096 };

/* A copy of the oldest event. A collection that begins while it is read runs finalizers, and
** those may close the stream, take from it or step the pool: the queue's bytes go away. */
struct held {
  struct llg_event event; /* its name is not kept */
  bool is_error;          /* its name said so */
  uint64_t turn;          /* how many events were taken before it */
  char *bytes;            /* the data: in `room`, or in a userdata on the stack */
  char room[HELD_BYTES];
};

/* False if there is no event. */
static bool hold(lua_State *L, struct llg_handle *h, struct held *held) {
  struct llg_event *event = &held->event;
  size_t room = sizeof held->room;
  held->bytes = held->room;
  while (llg_event_queue_front(&h->x->events, event)) {
    if (event->data_len <= room) {
      held->is_error = event->name_len == 5 && memcmp(event->name, "error", 5) == 0;
      held->turn = h->n_taken;
      if (event->data_len > 0) memcpy(held->bytes, event->data, event->data_len);
      event->data = held->bytes;
      event->name = NULL;
      return true;
    }
    room = event->data_len;
    held->bytes = llg_newuserdata(L, room); /* may collect: look again */
  }
  return false;
}

static int end_bad_event(
  lua_State *L, struct llg_handle *h, const struct llg_event *event,
  const struct llg_failure *why) {
  struct llg_failure failure = *why;
  if (event->unterminated && llg_choices_are_finished(&h->choices))
    return llg_end_complete(L, h);
  if (event->unterminated) /* not malformed but cut in two */
    llg_failure_set(
      &failure, LLG_TRUNCATED, "body", "the stream ended in the middle of an event");
  return llg_end_reading(L, h, &failure);
}

/* The shape of the event, if it is of one that went the full way before. */
static const struct llg_event_shape *match(
  struct llg_handle *h, const struct llg_event *event, struct llg_shape_value *values) {
  if (!h->took_first || event->unterminated || event->name_len > 0) return NULL;
  return llg_event_shapes_match(&h->shapes, event->data, event->data_len, values);
}

/* Unless someone took it, or closed the stream, meanwhile. */
static void pop_event(struct llg_handle *h, const struct held *held) {
  if (h->n_taken != held->turn || h->x->events.count == 0) return;
  h->n_taken++;
  llg_event_queue_pop(&h->x->events);
  if (h->x->paused) llg_pool_taken(h->pool, h->x);
}

/* The chunk on top of the stack may be an error; if so it is the verdict. */
static bool is_error_event(lua_State *L, const struct held *held) {
  lua_getfield(L, -1, "error");
  bool is_text = lua_type(L, -1) == LUA_TSTRING && llg_rawlen(L, -1) > 0;
  if (lua_istable(L, -1) || is_text) return true;
  lua_pop(L, 1);
  return held->is_error;
}

/* An event the full way: decoded, looked at, taken. `is_new`: it is of no known shape. */
static int
take_chunk(lua_State *L, struct llg_handle *h, const struct held *held, bool is_new) {
  const struct llg_event *event = &held->event;
  struct llg_failure failure;
  if (is_new && event->name_len == 0)
    llg_event_shapes_learn(&h->shapes, event->data, event->data_len);
  if (!llg_json_decode_chunk(
        L, event->data, event->data_len, 1, WAITING_SLOT, &h->n_waiting, &failure))
    return end_bad_event(L, h, event, &failure);
  if (!lua_istable(L, -1)) {
    llg_failure_set(
      &failure, LLG_DECODE, "body", "an event of the stream is no JSON object");
    return end_bad_event(L, h, event, &failure);
  }
  if (is_error_event(L, held)) {
    llg_push_server_error(L, h->x, -1, event->data, event->data_len);
    int n = llg_keep_error(L, 1, h);
    llg_handle_close(h);
    return n;
  }
  llg_choices_note(L, &h->choices);
  h->took_first = true;
  pop_event(h, held);
  return 1;
}

/* The chunk of an event of a known shape, and the text of a plain delta of choice 1; 0 if it must
** go the full way after all. */
static int push_known(
  lua_State *L, struct llg_handle *h, const struct llg_event_shape *shape,
  const struct llg_shape_value *values) {
  long choice = shape->choice;
  int text = choice == 0 ? shape->text_hole : -1;
  int n = llg_push_chunk(L, 1, PATTERN_SLOT, &h->patterns, shape, values, text);
  if (n > 0) llg_choices_note_text(&h->choices, choice);
  return n;
}

/* stream:next() -> chunk | false (not yet) | nil (complete) | nil, err. With a chunk that is
** a plain content delta of choice 1, its text comes as a second result. */
static int stream_next(lua_State *L) {
  struct llg_handle *h = check(L);
  struct llg_shape_value values[LLG_SHAPE_HOLES];
  struct held held;
  lua_settop(L, 1);
  if (llg_has_verdict(h)) return llg_push_verdict(L, 1, h);
  if (!hold(L, h, &held))
    return llg_handle_is_over(h) ? llg_end_of_stream(L, h) : not_yet(L);
  if (h->n_waiting > 0) return take_chunk(L, h, &held, false);
  const struct llg_event_shape *shape = match(h, &held.event, values);
  int n = shape != NULL ? push_known(L, h, shape, values) : 0;
  if (n == 0) return take_chunk(L, h, &held, shape == NULL);
  pop_event(h, &held);
  return n;
}

/* The text of an event that is a plain content delta of this choice and of no known shape. */
static bool scan(
  struct llg_handle *h, const struct llg_event *event, lua_Integer choice,
  struct llg_shape_value *value) {
  struct llg_event_text text;
  if (!h->took_first || event->unterminated || event->name_len > 0) return false;
  if (!llg_event_scan(event->data, event->data_len, &text)) return false;
  if (text.choice != choice) return false;
  llg_event_shapes_learn(&h->shapes, event->data, event->data_len);
  value->text = text.string;
  return true;
}

/* stream:next_text(choice) -> text | chunk | false | nil | nil, err. The text of a plain
** content delta of this choice (1 is the first) comes without a table; everything else is
** the chunk that next() would have returned. The first event is always a chunk. */
static int stream_next_text(lua_State *L) {
  struct llg_handle *h = check(L);
  lua_Integer choice = luaL_optinteger(L, 2, 1) - 1;
  struct llg_shape_value values[LLG_SHAPE_HOLES];
  struct held held;
  lua_settop(L, 1);
  if (llg_has_verdict(h)) return llg_push_verdict(L, 1, h);
  if (!hold(L, h, &held))
    return llg_handle_is_over(h) ? llg_end_of_stream(L, h) : not_yet(L);
  if (h->n_waiting > 0) return take_chunk(L, h, &held, false);
  const struct llg_event_shape *shape = match(h, &held.event, values);
  bool is_known = shape != NULL, is_other = is_known && shape->choice != choice;
  int text = !is_known ? 0 : is_other ? -1 : shape->text_hole;
  if (is_known && text < 0) {
    if (push_known(L, h, shape, values) == 0) return take_chunk(L, h, &held, false);
    lua_settop(L, 2); /* the text of another choice is in its chunk */
  } else if (is_known || scan(h, &held.event, choice, values)) {
    llg_push_value_text(L, &values[text]);
    llg_choices_note_text(&h->choices, choice);
  } else {
    return take_chunk(L, h, &held, true);
  }
  pop_event(h, &held);
  return 1;
}

/* stream:opened() -> true | false (not yet) | nil, err: whether the server's answer is a
** stream. Events may wait even where it later breaks. */
static int stream_opened(lua_State *L) {
  struct llg_handle *h = check(L);
  lua_settop(L, 1);
  if (h->x != NULL && (llg_exchange_is_open(h->x) || h->x->events.count > 0)) {
    lua_pushboolean(L, 1);
    return 1;
  }
  if (llg_has_verdict(h)) return llg_push_verdict(L, 1, h);
  if (!llg_handle_is_over(h)) return not_yet(L);
  return llg_end_of_stream(L, h);
}

/* stream:close(): a stream that was not complete is cancelled; it was, once every choice has
** said why it ended, whether or not the [DONE] behind that came in the same piece. Idempotent. */
static int stream_close(lua_State *L) {
  struct llg_handle *h = check(L);
  if (h->x == NULL) return 0;
  bool taken = llg_exchange_is_over(h->x) && h->x->events.count == 0;
  llg_pool_release(h->pool, h->x); /* first: then nothing of it changes any more */
  if (!llg_has_verdict(h) && llg_choices_are_finished(&h->choices)) {
    llg_end_complete(L, h);
  } else if (!llg_has_verdict(h) && !taken) {
    struct llg_failure failure;
    llg_failure_set(
      &failure, LLG_CANCELLED, NULL, "the stream was closed before its end");
    llg_push_reading_error(L, h->x, &failure);
    llg_keep_error(L, 1, h);
  }
  llg_handle_close(h);
  return 0;
}

/* stream:arm(number): core.ready gives the number when there is news */
static int stream_arm(lua_State *L) {
  return llg_handle_arm(L, check(L));
}

/* stream:meta() -> table, or nil before there is an answer */
static int stream_meta(lua_State *L) {
  struct llg_handle *h = check(L);
  if (h->x == NULL || h->x->http_status == 0) return 0;
  llg_push_meta(L, h->x);
  return 1;
}

/* stream:attach(reply) -> the same table: gives it the metatable of a plain call's reply */
static int stream_attach(lua_State *L) {
  struct llg_handle *h = check(L);
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 2);
  if (h->x != NULL) llg_attach_meta(L, 1);
  return 1;
}

static int stream_gc(lua_State *L) {
  llg_handle_free(check(L));
  return 0;
}

static int stream_tostring(lua_State *L) {
  struct llg_handle *h = check(L);
  const char *state = llg_has_verdict(h)      ? "ended"
                      : llg_handle_is_over(h) ? "received"
                                              : "open";
  lua_pushfstring(L, "%s (%s): %p", LLG_STREAM_CLASS, state, (void *)h);
  return 1;
}

void llg_open_stream(lua_State *L) {
  static const luaL_Reg methods[] = {
    { "next", stream_next },     { "next_text", stream_next_text },
    { "opened", stream_opened }, { "close", stream_close },
    { "arm", stream_arm },       { "meta", stream_meta },
    { "attach", stream_attach }, { NULL, NULL },
  };
  static const luaL_Reg meta[] = {
    { "__gc", stream_gc },
    { "__close", stream_close },
    { "__tostring", stream_tostring },
    { NULL, NULL },
  };
  llg_class(L, LLG_STREAM_CLASS, methods, meta);
}
