#include "events.h"

#include "failure.h"
#include "flow.h"
#include "handle.h"
#include "held_event.h"
#include "json/decode.h"
#include "meta.h"
#include "object.h"
#include "refusal.h"
#include "verdict.h"

static struct llg_handle *check(lua_State *L) {
  return luaL_checkudata(L, 1, LLG_EVENTS_CLASS);
}

/* ---- the verdict ---- */

static bool is_finished(const struct llg_handle *h) {
  const struct llg_protocol *p = &h->protocol;
  if (p->ended || h->x->saw_done) return true;
  return p->is_chat && llg_choices_are_finished(&h->choices);
}

/* A stream of which nothing is known ends where HTTP says that it does. */
static int end_of_events(lua_State *L, struct llg_handle *h) {
  const struct llg_exchange *x = h->x;
  enum llg_status status = x->failure.status;
  struct llg_failure failure;
  bool begun = x->http_status / 100 == 2;
  bool cut = status == LLG_OK || status == LLG_TRUNCATED || status == LLG_TIMEOUT;
  if (status == LLG_OK && x->body_kind == LLG_BODY_PLAIN) return llg_end_of_stream(L, h);
  if (h->protocol.is_chat && !h->choices.brought && status == LLG_OK)
    return llg_end_of_stream(L, h); /* [DONE] of a chat that brought nothing */
  if (cut && begun && is_finished(h)) return llg_end_complete(L, h);
  if (status != LLG_OK) {
    llg_push_exchange_error(L, x);
    return llg_keep_error(L, 1, h);
  }
  if (x->saw_event && !h->protocol.is_known) return llg_end_complete(L, h);
  if (x->saw_event)
    llg_failure_set(
      &failure, LLG_TRUNCATED, "body",
      "the stream ended before the event that ends such a stream");
  else
    llg_failure_set(
      &failure, LLG_PROTOCOL, "body", "a stream was asked for, and not one event came");
  return llg_end_reading(L, h, &failure);
}

/* ---- events ---- */

static bool looks_like_json(const struct llg_event *event) {
  for (size_t i = 0; i < event->data_len; i++)
    if (event->data[i] > ' ') return event->data[i] == '{' || event->data[i] == '[';
  return false;
}

/* Of an event that was cut by the end of the stream: what cannot be read is not handed out. How the
** transfer broke says more than where. */
static int
end_cut_event(lua_State *L, struct llg_handle *h, const struct llg_held_event *held) {
  struct llg_failure failure;
  if (h->x->failure.status != LLG_OK) {
    llg_drop_held_event(h, held);
    return 0;
  }
  if (is_finished(h)) return llg_end_complete(L, h);
  llg_failure_set(
    &failure, LLG_TRUNCATED, "body", "the stream ended in the middle of an event");
  return llg_end_reading(L, h, &failure);
}

/* The number of results; 0: the event means nothing. What holds a long one stays on the stack. */
static int
take_event(lua_State *L, struct llg_handle *h, const struct llg_held_event *held) {
  const struct llg_event *event = &held->event;
  struct llg_failure failure;
  lua_createtable(L, 0, 2);
  int at = lua_gettop(L);
  bool is_json = looks_like_json(event);
  if (is_json) is_json = llg_json_decode(L, event->data, event->data_len, &failure);
  bool is_cut = !is_json && looks_like_json(event);
  bool is_odd = is_cut || (!is_json && h->protocol.is_chat);
  if (is_odd && llg_refusal_find(L, LLG_IN_EVENT, event->data, event->data_len))
    return llg_end_said(L, h, 0, event->data, event->data_len);
  if (is_cut && event->unterminated) return end_cut_event(L, h, held);
  if (!is_json) lua_pushlstring(L, event->data, event->data_len);
  llg_protocol_note(L, &h->protocol, event->name, event->name_len);
  bool may_fail = held->is_error || llg_protocol_may_fail(L, &h->protocol);
  enum llg_refusal_place place = held->is_error ? LLG_IN_REFUSAL : LLG_IN_EVENT;
  if (may_fail && llg_refusal_read(L, place))
    return llg_end_said(L, h, 0, event->data, event->data_len);
  if (!llg_drop_held_event(h, held) || event->bare) return 0;
  if (h->protocol.is_chat && lua_istable(L, -1)) llg_choices_note(L, &h->choices);
  lua_setfield(L, at, "data");
  if (event->name_len > 0) {
    lua_pushlstring(L, event->name, event->name_len);
    lua_setfield(L, at, "name");
  }
  return 1;
}

/* events:next() -> { name =, data = } | false (not yet) | nil (complete) | nil, err */
static int events_next(lua_State *L) {
  struct llg_handle *h = check(L);
  struct llg_held_event held;
  for (int n = 0;;) {
    lua_settop(L, 1);
    if (llg_has_verdict(h)) return llg_push_verdict(L, 1, h);
    if (!llg_hold_event(L, h, &held))
      return llg_handle_is_over(h) ? end_of_events(L, h) : llg_flow_not_yet(L);
    n = take_event(L, h, &held);
    if (n > 0) return n;
  }
}

/* events:opened() -> true | false (not yet) | nil, err: whether the server's answer is a stream */
static int events_opened(lua_State *L) {
  return llg_flow_opened(L, check(L), end_of_events);
}

static bool is_known_end(lua_State *L, struct llg_handle *h) {
  bool finished = is_finished(h);
  if (finished) llg_end_complete(L, h);
  return finished;
}

/* events:close(): as of a stream. Idempotent. */
static int events_close(lua_State *L) {
  return llg_flow_close(L, check(L), is_known_end);
}

/* events:arm(number): core.ready gives the number when there is news */
static int events_arm(lua_State *L) {
  return llg_handle_arm(L, check(L));
}

/* events:progress() -> sent, to_send, received, to_receive */
static int events_progress(lua_State *L) {
  return llg_handle_progress(L, check(L));
}

/* events:meta() -> table, or nil before there is an answer */
static int events_meta(lua_State *L) {
  return llg_flow_meta(L, check(L));
}

/* events:attach(reply) -> the same table: gives it the metatable of a plain call's reply */
static int events_attach(lua_State *L) {
  return llg_flow_attach(L, check(L));
}

static int events_gc(lua_State *L) {
  llg_handle_free(check(L));
  return 0;
}

static int events_tostring(lua_State *L) {
  return llg_flow_tostring(L, check(L), LLG_EVENTS_CLASS);
}

void llg_open_events(lua_State *L) {
  static const luaL_Reg methods[] = {
    { "next", events_next },         { "opened", events_opened },
    { "close", events_close },       { "arm", events_arm },
    { "meta", events_meta },         { "attach", events_attach },
    { "progress", events_progress }, { NULL, NULL },
  };
  static const luaL_Reg meta[] = {
    { "__gc", events_gc },
    { "__close", events_close },
    { "__tostring", events_tostring },
    { NULL, NULL },
  };
  llg_class(L, LLG_EVENTS_CLASS, methods, meta);
}
