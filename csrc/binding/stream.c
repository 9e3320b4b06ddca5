#include "stream.h"

#include <string.h>

#include "failure.h"
#include "handle.h"
#include "json/decode.h"
#include "meta.h"
#include "object.h"
#include "pattern.h"
#include "wording.h"

enum {
  MAX_CHOICES = 64,
  PATTERN_SLOT = 3, /* [1] and [2] are the verdict */
};

static struct llg_handle *check(lua_State *L) {
  return luaL_checkudata(L, 1, LLG_STREAM_CLASS);
}

static int not_yet(lua_State *L) {
  lua_pushboolean(L, 0);
  return 1;
}

/* ---- the verdict ---- */

/* Every choice that was begun has said why it ended, and as many as were asked for. */
static bool is_finished(const struct llg_handle *h) {
  int n = 0;
  for (uint64_t bits = h->finished; bits != 0; bits &= bits - 1)
    n++;
  return n >= h->n_choices && (h->seen & ~h->finished) == 0;
}

static int end_complete(lua_State *L, struct llg_handle *h) {
  lua_pushnil(L);
  return llg_keep_reply(L, 1, h);
}

/* Something wrong was read: nothing more is wanted of the connection. */
static int
end_reading(lua_State *L, struct llg_handle *h, const struct llg_failure *failure) {
  llg_push_reading_error(L, h->x, failure);
  int n = llg_keep_error(L, 1, h);
  llg_handle_close(h);
  return n;
}

/* A plain body where a stream was asked for. */
static int end_plain_body(lua_State *L, struct llg_handle *h) {
  struct llg_exchange *x = h->x;
  struct llg_failure failure = { .status = LLG_OK };
  const char *body = llg_buffer_bytes(&x->body);
  if (llg_body_is_html(x)) {
    llg_failure_set(
      &failure, LLG_PROTOCOL, "body", "an HTML page came where a stream was expected");
  } else if (llg_json_decode(L, body, x->body.len, &failure)) {
    if (lua_istable(L, -1) && llg_is_server_error(L)) {
      llg_push_server_error(L, x, -1, body, x->body.len);
      return llg_keep_error(L, 1, h);
    }
    llg_failure_set(
      &failure, LLG_PROTOCOL, "body", "a JSON body came where a stream was expected");
  }
  return end_reading(L, h, &failure);
}

/* All events are taken and no more will come. */
static int end_of_stream(lua_State *L, struct llg_handle *h) {
  const struct llg_exchange *x = h->x;
  enum llg_status status = x->failure.status;
  struct llg_failure failure = { .status = LLG_OK };
  bool begun = x->http_status / 100 == 2;
  bool cut = status == LLG_OK || status == LLG_TRUNCATED || status == LLG_TIMEOUT;
  if (status == LLG_OK && x->body_kind == LLG_BODY_PLAIN) return end_plain_body(L, h);
  if (cut && begun && (x->saw_done || is_finished(h))) return end_complete(L, h);
  if (status != LLG_OK) {
    llg_push_exchange_error(L, x);
    return llg_keep_error(L, 1, h);
  }
  if (!x->saw_event && !llg_exchange_says_events(x))
    llg_failure_set(
      &failure, LLG_PROTOCOL, "body",
      "the answer is no stream of events, and not one came");
  else
    llg_failure_set(
      &failure, LLG_TRUNCATED, "body",
      "the stream ended without a finish_reason and without [DONE]");
  return end_reading(L, h, &failure);
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

static void note(struct llg_handle *h, lua_Integer choice, bool finished) {
  if (choice < 0 || choice >= MAX_CHOICES) return;
  h->seen |= UINT64_C(1) << choice;
  if (finished) h->finished |= UINT64_C(1) << choice;
}

/* Some servers send every field in every chunk, and empty strings for what is not there. */
static bool is_text(lua_State *L) {
  return lua_type(L, -1) == LUA_TSTRING && llg_rawlen(L, -1) > 0;
}

/* What the chunk on top of the stack says of its choices. */
static void note_choices(lua_State *L, struct llg_handle *h) {
  lua_getfield(L, -1, "choices");
  for (int i = 1; lua_istable(L, -1); i++) {
    lua_rawgeti(L, -1, i);
    if (!lua_istable(L, -1)) {
      lua_pop(L, 1);
      break;
    }
    lua_getfield(L, -1, "index");
    lua_getfield(L, -2, "finish_reason");
    note(h, lua_tointeger(L, -2), is_text(L));
    lua_pop(L, 3);
  }
  lua_pop(L, 1);
}

static int end_bad_event(
  lua_State *L, struct llg_handle *h, const struct llg_event *event,
  const struct llg_failure *why) {
  struct llg_failure failure = *why;
  if (event->unterminated && is_finished(h)) return end_complete(L, h);
  if (event->unterminated) /* not malformed but cut in two */
    llg_failure_set(
      &failure, LLG_TRUNCATED, "body", "the stream ended in the middle of an event");
  return end_reading(L, h, &failure);
}

/* Whether the event is a plain content delta of this choice: then `text` is its text, and the
** rest of the chunk is as in the chunks before. */
static bool scan(
  struct llg_handle *h, const struct llg_event *event, lua_Integer choice,
  struct llg_event_text *text) {
  return h->took_first && !event->unterminated && event->name_len == 0
         && llg_event_memo_scan(
              &h->memo, event->data, event->data_len, (long)choice, text)
              == LLG_OK;
}

/* Push the text that a scan found. Nothing else of the event is there afterwards. */
static void
push_text(lua_State *L, struct held *held, const struct llg_event_text *text) {
  const char *bytes = text->bytes;
  if (bytes < held->bytes || bytes >= held->bytes + held->event.data_len) {
    memcpy(held->bytes, bytes, text->len); /* no longer than what was unescaped */
    bytes = held->bytes;
  }
  lua_pushlstring(L, bytes, text->len);
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
  if (lua_istable(L, -1) || is_text(L)) return true;
  lua_pop(L, 1);
  return held->is_error;
}

/* An event the full way: decoded, looked at, taken. */
static int take_chunk(lua_State *L, struct llg_handle *h, const struct held *held) {
  const struct llg_event *event = &held->event;
  struct llg_failure failure;
  if (!llg_json_decode(L, event->data, event->data_len, &failure))
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
  note_choices(L, h);
  h->took_first = true;
  pop_event(h, held);
  return 1;
}

/* stream:next() -> chunk | false (not yet) | nil (complete) | nil, err. With a chunk that is
** a plain content delta of choice 1, its text comes as a second result. */
static int stream_next(lua_State *L) {
  struct llg_handle *h = check(L);
  struct held held;
  const struct llg_event *event = &held.event;
  struct llg_event_text text;
  struct llg_failure failure;
  lua_settop(L, 1);
  if (h->has_verdict) return llg_push_verdict(L, 1);
  if (!hold(L, h, &held)) return llg_handle_is_over(h) ? end_of_stream(L, h) : not_yet(L);
  if (!scan(h, event, 0, &text)) return take_chunk(L, h, &held);
  bool escaped = text.bytes < event->data || text.bytes >= event->data + event->data_len;
  if (!llg_push_plain_chunk(
        L, 1, PATTERN_SLOT, &h->pattern, &h->memo, event->data, event->data_len, &text,
        &failure))
    return end_bad_event(L, h, event, &failure);
  if (escaped && !scan(h, event, 0, &text)) /* its bytes are the memo's: gone by now */
    return luaL_error(L, "not enough memory");
  push_text(L, &held, &text);
  note(h, 0, false);
  pop_event(h, &held);
  return 2;
}

/* stream:next_text(choice) -> text | chunk | false | nil | nil, err. The text of a plain
** content delta of this choice (1 is the first) comes without a table; everything else is
** the chunk that next() would have returned. The first event is always a chunk. */
static int stream_next_text(lua_State *L) {
  struct llg_handle *h = check(L);
  lua_Integer choice = luaL_optinteger(L, 2, 1) - 1;
  struct held held;
  struct llg_event_text text;
  lua_settop(L, 1);
  if (h->has_verdict) return llg_push_verdict(L, 1);
  if (!hold(L, h, &held)) return llg_handle_is_over(h) ? end_of_stream(L, h) : not_yet(L);
  if (!scan(h, &held.event, choice, &text)) return take_chunk(L, h, &held);
  push_text(L, &held, &text);
  note(h, choice, false);
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
  if (h->has_verdict) return llg_push_verdict(L, 1);
  if (!llg_handle_is_over(h)) return not_yet(L);
  return end_of_stream(L, h);
}

/* stream:close(): a stream that was not complete is cancelled; it was, once every choice has
** said why it ended, whether or not the [DONE] behind that came in the same piece. Idempotent. */
static int stream_close(lua_State *L) {
  struct llg_handle *h = check(L);
  if (h->x == NULL) return 0;
  bool taken = llg_exchange_is_over(h->x) && h->x->events.count == 0;
  llg_pool_release(h->pool, h->x); /* first: then nothing of it changes any more */
  if (!h->has_verdict && is_finished(h)) {
    end_complete(L, h);
  } else if (!h->has_verdict && !taken) {
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

static int stream_gc(lua_State *L) {
  llg_handle_free(check(L));
  return 0;
}

static int stream_tostring(lua_State *L) {
  struct llg_handle *h = check(L);
  const char *state = h->has_verdict          ? "ended"
                      : llg_handle_is_over(h) ? "received"
                                              : "open";
  lua_pushfstring(L, "%s (%s): %p", LLG_STREAM_CLASS, state, (void *)h);
  return 1;
}

void llg_open_stream(lua_State *L) {
  static const luaL_Reg methods[] = {
    { "next", stream_next },
    { "next_text", stream_next_text },
    { "opened", stream_opened },
    { "close", stream_close },
    { "arm", stream_arm },
    { "meta", stream_meta },
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
