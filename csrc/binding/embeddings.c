#include "embeddings.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "../core/vectors/base64.h"
#include "../core/vectors/embedding_items.h"
#include "../core/vectors/vector.h"
#include "json/decode.h"
#include "object.h"
#include "vector.h"

/* Owns the scan while Lua may raise. */
#define SCAN_CLASS "lualogue.embedding_scan"

enum { FLOAT_BYTES = 4 };

struct scanned {
  struct llg_embedding_scan scan;
  struct llg_embedding_items items; /* those that its rest has lost */
};

static void free_scanned(struct scanned *scanned) {
  llg_embedding_scan_free(&scanned->scan);
  llg_embedding_items_free(&scanned->items);
}

/* What one reply is decoded with. */
struct decoder {
  const char *body;
  const struct llg_embedding_scan *scan;   /* NULL: every embedding is in the table */
  const struct llg_embedding_items *items; /* all of them; NULL: they are in the table */
  struct llg_failure *failure;
};

/* `what` is wrong with the embedding of item i. */
static int refuse(const struct decoder *d, int i, const char *what) {
  llg_failure_set(d->failure, LLG_DECODE, NULL, "data[%d].embedding: %s", i, what);
  return 0;
}

/* Push the vector of n base64 characters. */
static int
push_base64(lua_State *L, const struct decoder *d, int i, const char *text, size_t n) {
  /* Decoded in its own place, which has room for what a decoder may write. */
  size_t room = (LLG_BASE64_DECODED(n) + FLOAT_BYTES - 1) / FLOAT_BYTES;
  struct llg_vector *v = llg_new_vector(L, room);
  unsigned char *bytes = (unsigned char *)v->values;
  long long n_bytes = llg_base64_decode(text, n, bytes);
  if (n_bytes < 0) return refuse(d, i, "not base64");
  if (n_bytes % FLOAT_BYTES != 0) {
    llg_failure_set(
      d->failure, LLG_DECODE, NULL,
      "data[%d].embedding: %lld bytes, which is no whole number of float32", i, n_bytes);
    return 0;
  }
  v->n = (size_t)n_bytes / FLOAT_BYTES;
  llg_vector_from_le(v->values, bytes, v->n);
  return 1;
}

/* Push the vector of the list on top of the stack. */
static int push_list(lua_State *L, const struct decoder *d, int i) {
  size_t n = (size_t)llg_rawlen(L, -1);
  if (n > INT_MAX - 1) return refuse(d, i, "the list is too long");
  if (n == 0) {
    lua_pushnil(L);
    if (lua_next(L, -2) != 0) return refuse(d, i, "an object, not a list of numbers");
  }
  struct llg_vector *v = llg_new_vector(L, n);
  size_t bad = llg_fill_vector(L, -2, v);
  if (bad == 0) return 1;
  llg_failure_set(
    d->failure, LLG_DECODE, NULL,
    "data[%d].embedding[%zu]: no number that fits a float32", i, bad);
  return 0;
}

/* Push the vector of what the scan took out and numbered `x`. */
static int push_span(lua_State *L, const struct decoder *d, int i, lua_Number x) {
  if (d->scan == NULL || !(x >= 0 && x < (lua_Number)d->scan->n_spans))
    return refuse(d, i, "a number, not base64 or a list");
  const struct llg_embedding_span *span = &d->scan->spans[(size_t)x];
  if (span->n_numbers == 0) return push_base64(L, d, i, d->body + span->offset, span->n);
  struct llg_vector *v = llg_new_vector(L, span->n_numbers);
  const float *numbers = (const void *)llg_buffer_bytes(&d->scan->numbers);
  memcpy(v->values, numbers + span->first, v->n * sizeof *numbers);
  return 1;
}

/* Push the vector of the value on top of the stack. */
static int push_vector(lua_State *L, const struct decoder *d, int i) {
  switch (lua_type(L, -1)) {
  case LUA_TNUMBER: return push_span(L, d, i, lua_tonumber(L, -1));
  case LUA_TTABLE: return push_list(L, d, i);
  case LUA_TSTRING: {
    size_t n;
    const char *text = lua_tolstring(L, -1, &n);
    return push_base64(L, d, i, text, n);
  }
  default: return refuse(d, i, "neither base64 nor a list of numbers");
  }
}

/* Put a vector in the place of the embedding of item i, which is on top of the stack. */
static int convert_item(lua_State *L, const struct decoder *d, int i) {
  int item = lua_gettop(L);
  lua_pushliteral(L, "embedding");
  lua_pushvalue(L, -1);
  lua_rawget(L, item);
  if (lua_isnil(L, -1)) return 1;
  if (!push_vector(L, d, i)) return 0;
  lua_remove(L, -2);
  lua_rawset(L, item);
  return 1;
}

/* The position that the item on top of the stack says it has, from 0; -1 if it is none of n. */
static int position_of(lua_State *L, int n) {
  if (!lua_istable(L, -1)) return -1;
  lua_pushliteral(L, "index");
  lua_rawget(L, -2);
  lua_Number x = lua_type(L, -1) == LUA_TNUMBER ? lua_tonumber(L, -1) : -1;
  lua_pop(L, 1);
  return x >= 0 && x < n && x == (int)x ? (int)x : -1;
}

/* Put the items of the list on top of the stack in the order of the input, if their indexes
** say it: each position once. Some servers say 0 of all; then they stay as they came. */
static void order(lua_State *L, int n) {
  int data = lua_gettop(L), sorted = data + 1, ordered = 0;
  while (ordered < n) { /* as nearly always: nothing to do */
    lua_rawgeti(L, data, ordered + 1);
    int at = position_of(L, n);
    lua_settop(L, data);
    if (at != ordered) break;
    ordered++;
  }
  if (ordered == n) return;
  lua_createtable(L, n, 0);
  for (int i = 0; i < n; i++) {
    lua_rawgeti(L, data, i + 1);
    int at = position_of(L, n);
    if (at >= 0) lua_rawgeti(L, sorted, at + 1);
    bool taken = at < 0 || !lua_isnil(L, -1);
    lua_settop(L, sorted + 1);
    if (taken) break;
    lua_rawseti(L, sorted, at + 1);
    ordered = i + 1;
  }
  for (int i = 1; ordered == n && i <= n; i++) {
    lua_rawgeti(L, sorted, i);
    lua_rawseti(L, data, i);
  }
  lua_settop(L, data);
}

/* Push a copy of the table at `index`, which is flat. */
static void push_copy(lua_State *L, int index) {
  lua_createtable(L, 0, 3);
  lua_pushnil(L);
  while (lua_next(L, index) != 0) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, -4);
  }
}

/* The list on top of the stack has the first item alone: make the others, which are like it. */
static int add_items(lua_State *L, const struct decoder *d) {
  int data = lua_gettop(L), first = data + 1, n = (int)d->items->n;
  lua_rawgeti(L, data, 1);
  lua_pushliteral(L, "index");
  lua_pushliteral(L, "embedding");
  for (int i = 2; i <= n; i++) {
    long index = d->items->indexes[i - 1];
    push_copy(L, first);
    if (index >= 0) {
      lua_pushvalue(L, first + 1);
      lua_pushinteger(L, index);
      lua_rawset(L, -3);
    }
    lua_pushvalue(L, first + 2);
    if (!push_span(L, d, i, i - 1)) return 0;
    lua_rawset(L, -3);
    lua_rawseti(L, data, i);
  }
  lua_settop(L, data);
  return 1;
}

/* The reply is on top of the stack. What is no embeddings reply stays as it is. */
static int convert(lua_State *L, const struct decoder *d) {
  if (!lua_istable(L, -1)) return 1;
  lua_pushliteral(L, "data");
  lua_rawget(L, -2);
  int data = lua_gettop(L);
  if (!lua_istable(L, data)) return 1;
  if (d->items != NULL && !add_items(L, d)) return 0;
  int n = (int)llg_rawlen(L, data);
  for (int i = 1; i <= (d->items != NULL ? 1 : n); i++) {
    lua_rawgeti(L, data, i);
    if (lua_istable(L, -1) && !convert_item(L, d, i)) return 0;
    lua_settop(L, data);
  }
  order(L, n);
  return 1;
}

/* Whether the reply on top of the stack has one item, the one that stands for all of them. */
static bool has_first_item(lua_State *L) {
  int top = lua_gettop(L);
  bool has = lua_istable(L, top);
  if (has) {
    lua_pushliteral(L, "data");
    lua_rawget(L, top);
    has = lua_istable(L, -1) && llg_rawlen(L, -1) == 1;
  }
  if (has) {
    lua_rawgeti(L, -1, 1);
    has = lua_istable(L, -1);
  }
  if (has) {
    lua_pushliteral(L, "embedding");
    lua_rawget(L, -2);
    has = lua_type(L, -1) == LUA_TNUMBER && lua_tonumber(L, -1) == 0;
  }
  lua_settop(L, top);
  return has;
}

/* The reply from the rest that the scan left, or from the body. What the rest is refused
** for is said of the body. */
static int push_reply(lua_State *L, struct decoder *d, size_t n) {
  const struct llg_embedding_scan *scan = d->scan;
  int top = lua_gettop(L);
  if (scan != NULL) {
    const char *rest = llg_buffer_bytes(&scan->rest);
    bool is_read = llg_json_decode(L, rest, scan->rest.len, d->failure);
    if (is_read && (d->items == NULL || has_first_item(L))) return 1;
    lua_settop(L, top); /* `data` twice, for example */
    d->scan = NULL;
    d->items = NULL;
  }
  return llg_json_decode(L, d->body, n, d->failure);
}

int llg_push_embeddings(
  lua_State *L, const char *body, size_t n, struct llg_failure *failure) {
  luaL_checkstack(L, LUA_MINSTACK, "embeddings");
  struct scanned *scanned = llg_new(L, sizeof *scanned, SCAN_CLASS);
  int top = lua_gettop(L); /* what was scanned; the reply comes above it */
  struct llg_embedding_scan *scan = &scanned->scan;
  struct decoder d = { .body = body, .failure = failure };
  enum llg_status status = llg_embedding_scan(scan, body, n);
  if (status == LLG_OK && scan->n_spans > 0) d.scan = scan;
  if (d.scan != NULL && scan->n_spans < INT_MAX / 2)
    if (llg_embedding_items(&scanned->items, scan)) d.items = &scanned->items;

  int ok = status == LLG_OK || status == LLG_DECODE;
  if (!ok) llg_failure_set(failure, status, NULL, "%s", llg_status_text(status));
  ok = ok && push_reply(L, &d, n) && convert(L, &d);
  free_scanned(scanned);
  lua_settop(L, ok ? top + 1 : top - 1);
  if (ok) lua_remove(L, top);
  return ok;
}

/* (body) -> reply | nil, err: for a reply that came otherwise, as in a batch's file. */
static int decode_embeddings(lua_State *L) {
  struct llg_failure failure = { 0 };
  size_t n;
  if (lua_type(L, 1) != LUA_TSTRING)
    return llg_type_error(L, "decode_embeddings", "body", "string", 1);
  const char *body = lua_tolstring(L, 1, &n);
  if (!llg_push_embeddings(L, body, n, &failure)) return llg_push_failure(L, &failure);
  return 1;
}

static int scan_gc(lua_State *L) {
  struct scanned *scanned = llg_testudata(L, 1, SCAN_CLASS);
  if (scanned != NULL) free_scanned(scanned);
  return 0;
}

void llg_open_embeddings(lua_State *L) {
  static const luaL_Reg meta[] = {
    { "__gc", scan_gc },
    { NULL, NULL },
  };
  llg_class(L, SCAN_CLASS, NULL, meta);
  lua_pushcfunction(L, decode_embeddings);
  lua_setfield(L, -2, "decode_embeddings");
}
