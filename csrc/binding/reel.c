#include "reel.h"

#include <string.h>

#include "../core/base/memory.h"
#include "bytes.h"
#include "events.h"
#include "exchange.h"
#include "handle.h"
#include "object.h"
#include "options.h"
#include "stream.h"

#define DECK_CLASS "lualogue.deck"
#define TAPE_CLASS "lualogue.tape"

/* ---- decks ---- */

struct deck {
  struct llg_deck *deck; /* counted */
};

/* A tape that is being filled: an error on the way frees it. */
struct draft {
  struct llg_tape *tape; /* counted */
};

static int deck_gc(lua_State *L) {
  struct deck *d = luaL_checkudata(L, 1, DECK_CLASS);
  llg_deck_unref(d->deck);
  d->deck = NULL;
  return 0;
}

static int tape_gc(lua_State *L) {
  struct draft *d = luaL_checkudata(L, 1, TAPE_CLASS);
  llg_tape_unref(d->tape);
  d->tape = NULL;
  return 0;
}

static struct llg_deck *check_deck(lua_State *L, int index) {
  struct deck *d = luaL_checkudata(L, index, DECK_CLASS);
  if (d->deck == NULL) luaL_error(L, "a deck that was collected");
  return d->deck;
}

/* reel.deck(speed, split) -> deck */
static int reel_deck(lua_State *L) {
  lua_Number speed = luaL_optnumber(L, 1, 0), split = luaL_optnumber(L, 2, 0);
  struct deck *d = llg_new(L, sizeof *d, DECK_CLASS);
  d->deck = llg_deck_new();
  if (d->deck == NULL) return luaL_error(L, "not enough memory");
  d->deck->speed = speed > 0 ? (double)speed : 0;
  d->deck->split = split >= 1 && split <= 1e9 ? (size_t)split : 0;
  return 1;
}

/* The field of the table at `index` as a whole number from 0. */
static int64_t number_field(lua_State *L, int index, const char *name) {
  llg_push_field(L, index, name);
  lua_Number n = lua_tonumber(L, -1);
  lua_pop(L, 1);
  return n >= 0 && n < 9e15 ? (int64_t)n : 0;
}

/* The field as a string, which stays on the stack; "" where it is none. */
static const char *string_field(lua_State *L, int index, const char *name, size_t *n) {
  llg_push_field(L, index, name);
  *n = 0;
  return lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, n) : "";
}

/* Phases are literals in a failure. */
static const char *phase_of(const char *name) {
  static const char *const phases[] = { "request",    "dns",     "connect", "tls",
                                        "first_byte", "headers", "body",    "retry" };
  for (size_t i = 0; i < sizeof phases / sizeof *phases; i++)
    if (strcmp(name, phases[i]) == 0) return phases[i];
  return NULL;
}

static void read_failure(lua_State *L, int index, struct llg_tape *tape) {
  size_t n;
  llg_push_field(L, index, "failure");
  int at = lua_gettop(L);
  if (lua_istable(L, at)) {
    const char *kind = string_field(L, at, "kind", &n);
    enum llg_status status = LLG_CONNECTION;
    for (int i = LLG_API; i < LLG_NOMEM; i++)
      if (strcmp(llg_status_kind((enum llg_status)i), kind) == 0)
        status = (enum llg_status)i;
    const char *phase = phase_of(string_field(L, at, "phase", &n));
    llg_failure_set(
      &tape->failure, status, phase, "%s", string_field(L, at, "message", &n));
    llg_push_field(L, at, "transient");
    tape->transient = lua_toboolean(L, -1);
  }
  lua_settop(L, at - 1);
}

/* The list { name, value, name, value ... } */
static void read_headers(lua_State *L, int index, struct llg_tape *tape) {
  llg_push_field(L, index, "headers");
  int at = lua_gettop(L), n = lua_istable(L, at) ? (int)llg_rawlen(L, at) : 0;
  for (int i = 1; i < n; i += 2) {
    lua_rawgeti(L, at, i);
    lua_pushliteral(L, ": ");
    lua_rawgeti(L, at, i + 1);
    if (lua_type(L, -3) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING)
      luaL_error(L, "a header that is no string");
    lua_concat(L, 3);
    size_t length;
    const char *line = lua_tolstring(L, -1, &length);
    llg_check_status(
      L, llg_headers_feed(&tape->headers, line, length), "the header list");
    lua_settop(L, at);
  }
  lua_settop(L, at - 1);
}

/* The body, in pieces of { ms, bytes, ms, bytes ... }; what they leave over comes at the end. */
static void read_body(lua_State *L, int index, struct llg_tape *tape) {
  size_t n, at = 0;
  const char *body = string_field(L, index, "body", &n);
  llg_push_field(L, index, "cuts");
  int cuts = lua_gettop(L), n_cuts = lua_istable(L, cuts) ? (int)llg_rawlen(L, cuts) : 0;
  for (int i = 1; i < n_cuts && at < n; i += 2) {
    lua_rawgeti(L, cuts, i);
    lua_rawgeti(L, cuts, i + 1);
    lua_Number ms = lua_tonumber(L, -2), bytes = lua_tonumber(L, -1);
    lua_pop(L, 2);
    size_t piece = bytes >= 0 && bytes <= (lua_Number)(n - at) ? (size_t)bytes : n - at;
    int64_t when = ms >= 0 && ms < 9e15 ? (int64_t)ms : 0;
    llg_check_status(L, llg_tape_add(tape, when, body + at, piece), "the body");
    at += piece;
  }
  llg_check_status(L, llg_tape_add(tape, tape->end_ms, body + at, n - at), "the body");
  lua_settop(L, cuts - 2);
}

/* reel.add(deck, tape) -> its number */
static int reel_add(lua_State *L) {
  struct llg_deck *deck = check_deck(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 2);
  struct draft *d = llg_new(L, sizeof *d, TAPE_CLASS);
  struct llg_tape *tape = d->tape = llg_tape_new();
  if (tape == NULL) return luaL_error(L, "not enough memory");
  tape->http_status = (int)(number_field(L, 2, "status") % 1000);
  tape->head_ms = number_field(L, 2, "head_ms");
  tape->end_ms = number_field(L, 2, "end_ms");
  read_failure(L, 2, tape);
  read_headers(L, 2, tape);
  read_body(L, 2, tape);
  if (!llg_deck_add(deck, tape)) return luaL_error(L, "not enough memory");
  lua_pushinteger(L, (lua_Integer)deck->n);
  return 1;
}

/* reel.is_used(deck, number) */
static int reel_is_used(lua_State *L) {
  const struct llg_deck *deck = check_deck(L, 1);
  lua_Integer i = luaL_checkinteger(L, 2);
  luaL_argcheck(L, i >= 1 && (size_t)i <= deck->n, 2, "no such tape");
  lua_pushboolean(L, deck->used[i - 1]);
  return 1;
}

/* ---- of an exchange ---- */

static struct llg_handle *check_handle(lua_State *L) {
  struct llg_handle *h = llg_testudata(L, 1, LLG_STREAM_CLASS);
  if (h == NULL) h = llg_testudata(L, 1, LLG_EVENTS_CLASS);
  if (h == NULL) h = llg_testudata(L, 1, LLG_BYTES_CLASS);
  return h != NULL ? h : luaL_checkudata(L, 1, LLG_EXCHANGE_CLASS);
}

/* A form's boundary is another one each time; here it is the same. */
static void same_boundary(char *body, size_t n) {
  const char *end = memchr(body, '\r', n), *at = body;
  size_t len = end != NULL ? (size_t)(end - body) : 0; /* with the "--" in front of it */
  char boundary[64];
  if (len < 2 || len > sizeof boundary) return;
  memcpy(boundary, body, len);
  for (; (at = memmem(at, n - (size_t)(at - body), boundary, len)) != NULL; at += len)
    memset(body + (at - body) + 2, '-', len - 2);
}

/* reel.body(handle) -> the bytes of the request's body, nil if it has none; until it is over */
static int reel_body(lua_State *L) {
  const struct llg_handle *h = check_handle(L);
  if (h->x == NULL || !h->x->request.has_body) return 0;
  const struct llg_buffer *body = &h->x->request.body;
  size_t n = body->len;
  if (!h->x->request.is_multipart) {
    lua_pushlstring(L, n > 0 ? llg_buffer_bytes(body) : "", n);
    return 1;
  }
  char *copy = llg_newuserdata(L, n); /* the last point at which Lua may run */
  if (h->x == NULL || h->x->request.body.len != n) return 0;
  memcpy(copy, llg_buffer_bytes(body), n);
  same_boundary(copy, n);
  lua_pushlstring(L, copy, n);
  return 1;
}

static void
set_reel(lua_State *L, struct llg_handle *h, struct llg_deck *deck, int list, size_t n) {
  size_t *wanted = n > 0 ? lua_touserdata(L, list) : NULL;
  struct llg_exchange *x = h->x;
  if (x == NULL || x->reel != NULL || x->n_attempts > 0 || x->state != LLG_X_PENDING)
    llg_raise(L, "a request that is under way already");
  x->reel = llg_reel_new(deck, wanted, n);
  if (x->reel == NULL) luaL_error(L, "not enough memory");
}

/* reel.record(handle): before the first step after it was started */
static int reel_record(lua_State *L) {
  set_reel(L, check_handle(L), NULL, 0, 0);
  return 0;
}

/* reel.play(handle, deck, numbers): the first of these that is not used, for each attempt one;
** nothing goes to the network */
static int reel_play(lua_State *L) {
  struct llg_handle *h = check_handle(L);
  struct llg_deck *deck = check_deck(L, 2);
  luaL_checktype(L, 3, LUA_TTABLE);
  lua_settop(L, 3);
  int n = (int)llg_rawlen(L, 3);
  size_t *wanted = llg_newuserdata(L, ((size_t)n + 1) * sizeof *wanted);
  for (int i = 0; i < n; i++) {
    lua_rawgeti(L, 3, i + 1);
    lua_Number number = lua_tonumber(L, -1);
    lua_pop(L, 1);
    wanted[i] = number >= 1 && number < 9e15 ? (size_t)number - 1 : SIZE_MAX;
  }
  set_reel(L, h, deck, 4, (size_t)n);
  return 0;
}

/* ---- what was recorded ---- */

static void push_headers(lua_State *L, const struct llg_tape *tape) {
  const char *name, *value;
  size_t name_len, value_len, at = 0;
  lua_newtable(L);
  for (int i = 1;
       llg_headers_next(&tape->headers, &at, &name, &name_len, &value, &value_len);
       i += 2) {
    lua_pushlstring(L, name, name_len);
    lua_rawseti(L, -2, i);
    lua_pushlstring(L, value, value_len);
    lua_rawseti(L, -2, i + 1);
  }
}

static void push_cuts(lua_State *L, const struct llg_tape *tape) {
  size_t n = tape->cuts.len / sizeof(struct llg_cut);
  lua_createtable(L, (int)(2 * n), 0);
  for (size_t i = 0; i < n; i++) {
    struct llg_cut cut;
    memcpy(&cut, llg_buffer_bytes(&tape->cuts) + i * sizeof cut, sizeof cut);
    llg_pushint64(L, cut.ms);
    lua_rawseti(L, -2, (int)(2 * i + 1));
    llg_pushint64(L, (int64_t)cut.n);
    lua_rawseti(L, -2, (int)(2 * i + 2));
  }
}

static void push_failure(lua_State *L, const struct llg_tape *tape) {
  const struct llg_failure *f = &tape->failure;
  lua_createtable(L, 0, 4);
  lua_pushstring(L, llg_status_kind(f->status));
  lua_setfield(L, -2, "kind");
  lua_pushstring(L, f->phase);
  lua_setfield(L, -2, "phase");
  lua_pushstring(L, f->message);
  lua_setfield(L, -2, "message");
  lua_pushboolean(L, tape->transient);
  lua_setfield(L, -2, "transient");
}

static void push_tape(lua_State *L, const struct llg_tape *tape) {
  lua_createtable(L, 0, 8);
  lua_pushinteger(L, tape->http_status);
  lua_setfield(L, -2, "status");
  llg_pushint64(L, tape->head_ms);
  lua_setfield(L, -2, "head_ms");
  llg_pushint64(L, tape->end_ms);
  lua_setfield(L, -2, "end_ms");
  push_headers(L, tape);
  lua_setfield(L, -2, "headers");
  const struct llg_buffer *body = &tape->body;
  lua_pushlstring(L, body->len > 0 ? llg_buffer_bytes(body) : "", body->len);
  lua_setfield(L, -2, "body");
  push_cuts(L, tape);
  lua_setfield(L, -2, "cuts");
  if (tape->failure.status == LLG_OK) return;
  push_failure(L, tape);
  lua_setfield(L, -2, "failure");
}

/* reel.tapes(handle) -> a list of what was recorded since the last time, an attempt each; nil if
** some of it was lost for want of memory */
static int reel_tapes(lua_State *L) {
  struct llg_handle *h = check_handle(L);
  struct llg_reel *reel = h->x == NULL ? NULL : h->x->reel;
  lua_settop(L, 1);
  if (reel != NULL && reel->lost) return 0;
  lua_newtable(L);
  for (int i = 1; reel != NULL && reel->first != NULL; i++) {
    struct draft *d = llg_new(L, sizeof *d, TAPE_CLASS);
    struct llg_tape *tape = reel->first;
    if (tape == NULL) break; /* a finalizer took it */
    reel->first = tape->next;
    tape->next = NULL;
    d->tape = tape;
    push_tape(L, tape);
    lua_rawseti(L, 2, i);
    lua_settop(L, 2);
  }
  return 1;
}

void llg_open_reel(lua_State *L) {
  static const luaL_Reg functions[] = {
    { "deck", reel_deck },   { "add", reel_add },   { "is_used", reel_is_used },
    { "body", reel_body },   { "play", reel_play }, { "record", reel_record },
    { "tapes", reel_tapes }, { NULL, NULL },
  };
  static const luaL_Reg deck_meta[] = {
    { "__gc", deck_gc },
    { NULL, NULL },
  };
  static const luaL_Reg tape_meta[] = {
    { "__gc", tape_gc },
    { NULL, NULL },
  };
  llg_class(L, DECK_CLASS, NULL, deck_meta);
  llg_class(L, TAPE_CLASS, NULL, tape_meta);
  lua_newtable(L);
  llg_setfuncs(L, functions);
  lua_setfield(L, -2, "reel");
}
