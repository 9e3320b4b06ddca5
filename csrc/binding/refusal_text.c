#include <string.h>

#include "../core/events/event_queue.h"
#include "../core/events/json_end.h"
#include "../core/events/sse.h"
#include "json/decode.h"
#include "refusal.h"

enum {
  MAX_TRIES = 4,   /* places at which a lost error may begin */
  MAX_EVENTS = 64, /* of a body, that are looked at */
};

/* The end of the bracketed value that begins at `from`; NULL if it is not whole. */
static const char *end_of_value(const char *from, const char *end) {
  struct llg_json_end reached = { 0 };
  size_t n = (size_t)(end - from);
  for (size_t i = 1; i <= n; i++)
    if (llg_json_end_reached(&reached, from, i)) return from + i;
  return NULL;
}

/* The last '"error"' before `end` that a '{' may stand in front of, as the place of the latter. */
static const char *last_error(const char *text, const char *end) {
  static const char key[] = "\"error\"";
  const char *found = NULL, *at = text;
  while ((at = memmem(at, (size_t)(end - at), key, sizeof key - 1)) != NULL) {
    const char *brace = at;
    while (brace > text && strchr(" \t\r\n", brace[-1]) != NULL && brace[-1] != '\0')
      brace--;
    if (brace > text && brace[-1] == '{') found = brace - 1;
    at += sizeof key - 1;
  }
  return found;
}

/* An error that was written behind something that was cut: from its own brace on. */
static bool
find_behind_cut(lua_State *L, enum llg_refusal_place place, const char *text, size_t n) {
  const char *limit = text + n;
  struct llg_failure ignored;
  for (int i = 0; i < MAX_TRIES; i++) {
    const char *from = last_error(text, limit);
    const char *end = from != NULL ? end_of_value(from, text + n) : NULL;
    if (from == NULL) return false;
    limit = from;
    if (end == NULL || !llg_json_decode(L, from, (size_t)(end - from), &ignored))
      continue;
    if (llg_refusal_read(L, place)) {
      lua_remove(L, -2);
      return true;
    }
    lua_pop(L, 1);
  }
  return false;
}

/* What is kept of an event; its bytes stand behind that of the one before. */
struct kept_event {
  size_t len;
  bool is_error; /* by its name */
};

/* Push a userdata with the bytes of the first events of the text, and set `events`; how many. Lua
** does not run while the parser holds memory. The events are not longer than the text. */
static int
push_events(lua_State *L, const char *text, size_t n, struct kept_event *events) {
  struct llg_sse sse;
  struct llg_sse_event e;
  size_t len = 0;
  char *kept = llg_newuserdata(L, n + 1);
  int n_events = 0;
  llg_sse_init(&sse, n > 0 ? n : 1);
  sse.lenient = true;
  llg_sse_feed(&sse, text, n);
  for (bool finished = false; n_events < MAX_EVENTS;) {
    if (llg_sse_next(&sse, &e) != LLG_OK) {
      if (finished) break;
      llg_sse_finish(&sse);
      finished = true;
      continue;
    }
    if (e.data_len > n - len) break;
    if (e.data_len > 0) memcpy(kept + len, e.data, e.data_len);
    len += e.data_len;
    events[n_events].len = e.data_len;
    events[n_events++].is_error = llg_event_says_error(e.name, e.name_len);
  }
  llg_sse_free(&sse);
  return n_events;
}

/* The first event that is a failure. */
static bool
find_in_events(lua_State *L, enum llg_refusal_place place, const char *text, size_t n) {
  int top = lua_gettop(L);
  struct kept_event events[MAX_EVENTS];
  int n_events = push_events(L, text, n, events);
  const char *at = lua_touserdata(L, -1);
  for (int i = 0; i < n_events; at += events[i++].len) {
    struct llg_failure ignored;
    bool is_error = events[i].is_error;
    bool is_json = llg_json_decode(L, at, events[i].len, &ignored);
    /* Within an event, words behind "error:" may be anything. */
    bool is_words = !is_json && is_error && place < LLG_IN_EVENT;
    if (is_words) lua_pushlstring(L, at, events[i].len);
    bool looks = is_json || is_words;
    if (looks && llg_refusal_read(L, is_error ? LLG_IN_REFUSAL : place)) {
      lua_insert(L, top + 1);
      lua_settop(L, top + 1);
      return true;
    }
    if (looks) lua_pop(L, 1);
  }
  lua_settop(L, top);
  return false;
}

bool llg_refusal_find(
  lua_State *L, enum llg_refusal_place place, const char *text, size_t n) {
  return find_in_events(L, place, text, n) || find_behind_cut(L, place, text, n);
}
