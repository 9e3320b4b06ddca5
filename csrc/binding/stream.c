#include "stream.h"

#include <string.h>

#include "../core/events/event_scan.h"
#include "../core/events/json_end.h"
#include "failure.h"
#include "handle.h"
#include "json/chunk.h"
#include "meta.h"
#include "object.h"
#include "pattern.h"
#include "refusal.h"
#include "verdict.h"

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

/* Whether the event begins as JSON and has no end: it was cut, and who cut it may say why in
** the next one. */
static bool is_cut(const struct llg_event *event) {
  struct llg_json_end end = { 0 };
  llg_json_end_reached(&end, event->data, event->data_len);
  return end.depth > 0 && !event->unterminated;
}

enum { LOOK_FURTHER = 0 }; /* no results yet: the next event is wanted */

/* An event that cannot be read, or one that begs no reading. */
static int take_other(
  lua_State *L, struct llg_handle *h, const struct held *held,
  const struct llg_failure *why) {
  const struct llg_event *event = &held->event;
  struct llg_failure failure = *why;
  if (llg_refusal_find(L, LLG_IN_EVENT, event->data, event->data_len))
    return llg_end_said(L, h, 0, event->data, event->data_len);
  if (event->bare) { /* as the standard has it: no field, no meaning */
    pop_event(h, held);
    return LOOK_FURTHER;
  }
  if (h->has_bad) return llg_end_bad(L, h);
  if (event->unterminated && llg_choices_are_finished(&h->choices))
    return llg_end_complete(L, h);
  if (event->unterminated) /* not malformed but cut in two */
    llg_failure_set(
      &failure, LLG_TRUNCATED, "body", "the stream ended in the middle of an event");
  llg_keep_bad(L, h, &failure, event->data, event->data_len);
  if (!is_cut(event)) return llg_end_bad(L, h);
  pop_event(h, held);
  return LOOK_FURTHER;
}

static bool has_choices(lua_State *L, int chunk) {
  lua_getfield(L, chunk, "choices");
  bool has = lua_istable(L, -1);
  lua_pop(L, 1);
  return has;
}

/* An event the full way: decoded, looked at, taken. The number of results, or LOOK_FURTHER.
** `is_new`: it is of no known shape. */
static int
take_chunk(lua_State *L, struct llg_handle *h, const struct held *held, bool is_new) {
  const struct llg_event *event = &held->event;
  enum llg_refusal_place place = held->is_error ? LLG_IN_REFUSAL : LLG_IN_EVENT;
  struct llg_failure failure;
  if (is_new && event->name_len == 0)
    llg_event_shapes_learn(&h->shapes, event->data, event->data_len);
  bool is_json = llg_json_decode_chunk(
    L, event->data, event->data_len, 1, LLG_WAITING_SLOT, &h->n_waiting, &failure);
  if (!is_json && held->is_error)
    lua_pushlstring(L, event->data, event->data_len); /* its words */
  int chunk = lua_gettop(L);
  if ((is_json || held->is_error) && llg_refusal_read(L, place)) {
    bool brings = lua_istable(L, chunk) && has_choices(L, chunk);
    return llg_end_said(L, h, brings ? chunk : 0, event->data, event->data_len);
  }
  if (is_json && !lua_istable(L, chunk))
    llg_failure_set(
      &failure, LLG_DECODE, "body", "an event of the stream is no JSON object");
  if (!is_json || !lua_istable(L, chunk)) return take_other(L, h, held, &failure);
  if (h->has_bad) return llg_end_bad(L, h);
  if (event->bare && !has_choices(L, chunk)) {
    pop_event(h, held);
    return LOOK_FURTHER;
  }
  llg_choices_note(L, &h->choices);
  h->took_first = true;
  pop_event(h, held);
  return 1;
}

/* An event of a known shape: its chunk, and with a plain delta of choice 1 the text. `as_text`: of
** a plain delta of this choice only the text. */
static int take_known(
  lua_State *L, struct llg_handle *h, const struct held *held,
  const struct llg_event_shape *shape, const struct llg_shape_value *values,
  lua_Integer choice, bool as_text) {
  int text = shape->choice == choice ? shape->text_hole : -1, n = 1;
  size_t text_len = text >= 0 ? values[text].text.len : 0;
  if (text >= 0 && as_text)
    llg_push_value_text(L, &values[text]);
  else
    n = llg_push_chunk(L, 1, LLG_PATTERN_SLOT, &h->patterns, shape, values, text);
  if (n == 0) return take_chunk(L, h, held, false);
  if (text >= 0)
    llg_choices_note_text(&h->choices, choice, text_len);
  else
    llg_choices_note(L, &h->choices);
  pop_event(h, held);
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

/* What the next event is. `as_text`: of a plain content delta of this choice, only the text. */
static int take(lua_State *L, struct llg_handle *h, lua_Integer choice, bool as_text) {
  struct llg_shape_value values[LLG_SHAPE_HOLES];
  struct held held;
  for (int n = LOOK_FURTHER;;) {
    lua_settop(L, 1);
    if (llg_has_verdict(h)) return llg_push_verdict(L, 1, h);
    if (!hold(L, h, &held))
      return llg_handle_is_over(h) ? llg_end_of_stream(L, h) : not_yet(L);
    bool is_full = h->has_bad || h->n_waiting > 0; /* the full way, whatever it is */
    const struct llg_event_shape *shape = is_full ? NULL : match(h, &held.event, values);
    if (shape != NULL) {
      n = take_known(L, h, &held, shape, values, choice, as_text);
    } else if (as_text && !is_full && scan(h, &held.event, choice, values)) {
      size_t len = values->text.len;
      llg_push_value_text(L, values);
      llg_choices_note_text(&h->choices, choice, len);
      pop_event(h, &held);
      n = 1;
    } else {
      n = take_chunk(L, h, &held, !is_full);
    }
    if (n != LOOK_FURTHER) return n;
  }
}

/* stream:next() -> chunk | false (not yet) | nil (complete) | nil, err. With a chunk that is
** a plain content delta of choice 1, its text comes as a second result; with the error that an
** event told, the first time, that event as a third. */
static int stream_next(lua_State *L) {
  return take(L, check(L), 0, false);
}

/* stream:next_text(choice) -> text | chunk | false | nil | nil, err. The text of a plain
** content delta of this choice (1 is the first) comes without a table; everything else is
** the chunk that next() would have returned. The first event is always a chunk. */
static int stream_next_text(lua_State *L) {
  struct llg_handle *h = check(L);
  return take(L, h, luaL_optinteger(L, 2, 1) - 1, true);
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
  if (h->has_bad) {
    llg_end_bad(L, h);
  } else if (!llg_has_verdict(h) && llg_choices_are_finished(&h->choices)) {
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
