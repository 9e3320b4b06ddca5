#include "stream.h"

#include <string.h>

#include "../core/events/event_scan.h"
#include "failure.h"
#include "flow.h"
#include "handle.h"
#include "held_event.h"
#include "json/chunk.h"
#include "meta.h"
#include "object.h"
#include "pattern.h"
#include "quick_text.h"
#include "refusal.h"
#include "verdict.h"

static struct llg_handle *check(lua_State *L) {
  return luaL_checkudata(L, 1, LLG_STREAM_CLASS);
}

/* ---- events ---- */

enum { LOOK_FURTHER = 0 }; /* no results yet: the next event is wanted */

/* An event that cannot be read, or one that begs no reading. */
static int take_other(
  lua_State *L, struct llg_handle *h, const struct llg_held_event *held,
  const struct llg_failure *why) {
  const struct llg_event *event = &held->event;
  struct llg_failure failure = *why;
  if (llg_refusal_find(L, LLG_IN_CHUNK, event->data, event->data_len))
    return llg_end_said(L, h, 0, event->data, event->data_len);
  /* As the standard has it: no field, no meaning. And of a transfer that broke within an event,
  ** how it broke says more. */
  bool is_broken = event->unterminated && h->x->failure.status != LLG_OK;
  if (event->bare || is_broken) {
    llg_drop_held_event(h, held);
    return LOOK_FURTHER;
  }
  if (h->has_bad) return llg_end_bad(L, h);
  if (event->unterminated && llg_choices_are_finished(&h->choices))
    return llg_end_complete(L, h);
  if (event->unterminated) /* not malformed but cut in two */
    llg_failure_set(
      &failure, LLG_TRUNCATED, "body", "the stream ended in the middle of an event");
  if (!llg_keep_bad(L, h, &failure, event)) return llg_end_bad(L, h);
  llg_drop_held_event(h, held);
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
static int take_chunk(
  lua_State *L, struct llg_handle *h, const struct llg_held_event *held, bool is_new) {
  const struct llg_event *event = &held->event;
  enum llg_refusal_place place = held->is_error ? LLG_IN_REFUSAL : LLG_IN_CHUNK;
  struct llg_failure failure;
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
    llg_drop_held_event(h, held);
    return LOOK_FURTHER;
  }
  llg_choices_note(L, &h->choices);
  /* The first is mostly of a shape of its own, and so are those at the end. */
  bool comes_again = h->took_first && !llg_choices_are_finished(&h->choices);
  if (is_new && comes_again && event->name_len == 0)
    llg_event_shapes_learn(&h->shapes, event->data, event->data_len);
  h->took_first = true;
  llg_drop_held_event(h, held);
  return 1;
}

/* An event of a known shape: its chunk, and whether its text is kept. The number of results, or
** LOOK_FURTHER. */
static int take_known(
  lua_State *L, struct llg_handle *h, const struct llg_held_event *held,
  const struct llg_event_shape *shape, struct llg_shape_value *values, bool may_keep) {
  const struct llg_json_string *text = NULL;
  long choice = shape->choice;
  bool has_rest = shape->has_rest;
  if (may_keep && shape->text_hole >= 0 && llg_can_keep(&h->kept, choice))
    text = &values[shape->text_hole].text;
  /* An escape is resolved in its place: then the event is no JSON any more. */
  for (int i = 0; text != NULL && has_rest && i < shape->n_holes; i++)
    if (values[i].text.escaped) text = NULL;
  if (!llg_push_chunk(L, 1, LLG_PATTERN_SLOT, &h->patterns, shape, values))
    return take_chunk(L, h, held, false);
  if (text == NULL) {
    llg_choices_note(L, &h->choices);
    llg_drop_held_event(h, held);
    return 1;
  }
  llg_choices_note_text(&h->choices, choice, text->len);
  if (!llg_drop_held_event(h, held) || !llg_can_keep(&h->kept, choice)) return 1;
  const struct llg_event *rest = has_rest ? &held->event : NULL;
  if (!llg_keep(&h->kept, choice, text->bytes, text->len, rest)) return 1;
  llg_kept_settle(L, 1, LLG_KEPT_SLOT, &h->kept);
  lua_pushboolean(L, 1);
  return 2;
}

/* The text of an event that is a plain delta of this choice. Where text is kept, what stands beside
** it is wanted too: then only of a known shape, whose first event was read whole. */
static struct llg_shape_value *find_text(
  struct llg_handle *h, const struct llg_event *event, lua_Integer choice,
  const struct llg_event_shape *shape, struct llg_shape_value *values) {
  struct llg_event_text text;
  if (shape != NULL) {
    bool is_text = shape->text_hole >= 0 && shape->choice == choice && !shape->has_rest;
    return is_text ? &values[shape->text_hole] : NULL;
  }
  if (h->kept.is_wanted || !h->took_first || event->unterminated || event->name_len > 0)
    return NULL;
  if (!llg_event_scan(event->data, event->data_len, &text)) return NULL;
  if (text.choice != choice || text.has_counts) return NULL;
  llg_event_shapes_learn(&h->shapes, event->data, event->data_len);
  values[0].text = text.string;
  return &values[0];
}

/* The text of the event that is held, and that it is not kept. */
static int take_text(
  lua_State *L, struct llg_handle *h, const struct llg_held_event *held,
  lua_Integer choice, struct llg_shape_value *text) {
  llg_shape_value_settle(text);
  lua_pushlstring(L, text->text.bytes, text->text.len);
  lua_pushboolean(L, 0);
  llg_choices_note_text(&h->choices, choice, text->text.len);
  llg_drop_held_event(h, held);
  return 2;
}

/* What the next event is. `as_text`: of a plain delta of this choice only the text, and no chunk
** whose text is kept. */
static int take(lua_State *L, struct llg_handle *h, lua_Integer choice, bool as_text) {
  struct llg_shape_value values[LLG_SHAPE_HOLES], *text;
  struct llg_held_event held;
  for (int n = LOOK_FURTHER;;) {
    lua_settop(L, 1);
    if (llg_has_verdict(h)) return llg_push_verdict(L, 1, h);
    if (!llg_hold_event(L, h, &held))
      return llg_handle_is_over(h) ? llg_end_of_stream(L, h) : llg_flow_not_yet(L);
    bool is_full = h->has_bad || h->n_waiting > 0; /* the full way, whatever it is */
    const struct llg_event_shape *shape = is_full
                                            ? NULL
                                            : llg_match_event(h, &held.event, values);
    text = as_text && !is_full ? find_text(h, &held.event, choice, shape, values) : NULL;
    if (text != NULL)
      n = take_text(L, h, &held, choice, text);
    else if (shape != NULL)
      n = take_known(L, h, &held, shape, values, !as_text);
    else
      n = take_chunk(L, h, &held, !is_full);
    if (n != LOOK_FURTHER) return n;
  }
}

/* stream:next() -> chunk | false (not yet) | nil (complete) | nil, err. With a chunk that is
** nothing but a piece of text, true if it is kept, see keep_text; with the error that an event
** told, the first time, that event as a third. */
static int stream_next(lua_State *L) {
  return take(L, llg_check_self(L, LLG_STREAM_CLASS), 0, false);
}

/* stream:next_text(choice) -> text, kept | chunk | false (not yet) | nil (complete) | nil, err. The
** text of a plain content delta of this choice (1 is the first) comes without a table, and whether
** it is kept, see keep_text; everything else is the chunk that next() would have returned. The
** first event is always a chunk. */
static int stream_next_text(lua_State *L) {
  struct llg_handle *h = llg_check_self(L, LLG_STREAM_CLASS);
  lua_Integer choice = luaL_optinteger(L, 2, 1) - 1;
  lua_settop(L, 1);
  if (llg_has_verdict(h)) return llg_push_verdict(L, 1, h);
  int n = llg_push_quick_text(L, 1, h, choice);
  return n > 0 ? n : take(L, h, choice, true);
}

/* What texts() gives. Upvalues: the stream, the choice. */
static int next_of_texts(lua_State *L) {
  struct llg_handle *h = lua_touserdata(L, lua_upvalueindex(1));
  lua_Integer choice = lua_tointeger(L, lua_upvalueindex(2)) - 1;
  if (!llg_has_verdict(h)) {
    int n = llg_push_quick_text(L, lua_upvalueindex(1), h, choice);
    if (n > 0) return n;
  }
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  if (llg_has_verdict(h)) return llg_push_verdict(L, 1, h);
  return take(L, h, choice, true);
}

/* stream:texts(choice) -> function: next_text of this stream, which looks at no argument */
static int stream_texts(lua_State *L) {
  llg_check_self(L, LLG_STREAM_CLASS);
  lua_Integer choice = luaL_optinteger(L, 2, 1);
  lua_settop(L, 1);
  lua_pushinteger(L, choice);
  lua_pushcclosure(L, next_of_texts, 2);
  return 1;
}

/* stream:keep_text(): from now on the text of a chunk that next() says is kept, and that of
** next_text(), is kept for take_text(). */
static int stream_keep_text(lua_State *L) {
  check(L)->kept.is_wanted = true;
  return 0;
}

/* stream:has_text() -> whether any is kept */
static int stream_has_text(lua_State *L) {
  lua_pushboolean(L, llg_has_kept(&check(L)->kept));
  return 1;
}

/* stream:take_text() -> list of strings, choice, chunk | nothing: what was kept since the last time */
static int stream_take_text(lua_State *L) {
  struct llg_handle *h = check(L);
  lua_settop(L, 1);
  return llg_take_kept(L, 1, LLG_KEPT_SLOT, &h->kept);
}

/* stream:opened() -> true | false (not yet) | nil, err: whether the server's answer is a
** stream. Events may wait even where it later breaks. */
static int stream_opened(lua_State *L) {
  return llg_flow_opened(L, check(L), llg_end_of_stream);
}

static bool is_known_end(lua_State *L, struct llg_handle *h) {
  bool finished = llg_choices_are_finished(&h->choices);
  if (h->has_bad)
    llg_end_bad(L, h);
  else if (finished)
    llg_end_complete(L, h);
  return h->has_bad || finished;
}

/* stream:close(): a stream that was not complete is cancelled; it was, once every choice has
** said why it ended, whether or not the [DONE] behind that came in the same piece. Idempotent. */
static int stream_close(lua_State *L) {
  return llg_flow_close(L, check(L), is_known_end);
}

/* stream:arm(number): core.ready gives the number when there is news */
static int stream_arm(lua_State *L) {
  return llg_handle_arm(L, check(L));
}

/* stream:meta() -> table, or nil before there is an answer */
static int stream_meta(lua_State *L) {
  return llg_flow_meta(L, check(L));
}

/* stream:attach(reply) -> the same table: gives it the metatable of a plain call's reply */
static int stream_attach(lua_State *L) {
  return llg_flow_attach(L, check(L));
}

static int stream_gc(lua_State *L) {
  llg_handle_free(check(L));
  return 0;
}

static int stream_tostring(lua_State *L) {
  return llg_flow_tostring(L, check(L), LLG_STREAM_CLASS);
}

void llg_open_stream(lua_State *L) {
  static const luaL_Reg methods[] = {
    { "keep_text", stream_keep_text },
    { "has_text", stream_has_text },
    { "take_text", stream_take_text },
    { "next", stream_next },
    { "next_text", stream_next_text },
    { "texts", stream_texts },
    { "opened", stream_opened },
    { "close", stream_close },
    { "arm", stream_arm },
    { "meta", stream_meta },
    { "attach", stream_attach },
    { NULL, NULL },
  };
  static const luaL_Reg meta[] = {
    { "__gc", stream_gc },
    { "__close", stream_close },
    { "__tostring", stream_tostring },
    { NULL, NULL },
  };
  llg_class(L, LLG_STREAM_CLASS, methods, meta);
}
