#include "encode.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "fields.h"
#include "marks.h"
#include "place.h"
#include "raw.h"
#include "string.h"
#include "writer.h"

/* Members that an object is to have besides its own, sorted by their names. */
struct members {
  const struct llg_json_member *list;
  size_t n;
};

static void encode_value(struct llg_writer *w, const struct llg_place *at);

/* ------------------------------------------------------------------ tables */

/* A key as an error shows it: .name, ["odd name"] or [1.5]. */
static void show_key(lua_State *L, int index, struct llg_path *p) {
  llg_path_start(p, "");
  if (lua_type(L, index) == LUA_TSTRING) {
    size_t n;
    const char *key = lua_tolstring(L, index, &n);
    llg_path_key(p, key, n);
  } else if (lua_type(L, index) == LUA_TNUMBER) {
    snprintf(p->text, sizeof p->text, "[%.14g]", (double)lua_tonumber(L, index));
  } else {
    snprintf(p->text, sizeof p->text, "(a %s)", luaL_typename(L, index));
  }
}

/* n if the value at `index` is a number that can be a place in a list, else 0. */
static long long place(lua_State *L, int index) {
  if (lua_type(L, index) != LUA_TNUMBER) return 0;
  lua_Number x = lua_tonumber(L, index);
  if (!(x >= 1 && x <= 9007199254740992.0)) return 0;
  long long n = (long long)x;
  return (lua_Number)n == x ? n : 0;
}

/* How many items the list on top of the stack has, if it is one. */
static long long count_items(const struct llg_writer *w, const struct llg_place *at) {
  lua_State *L = w->L;
  struct llg_path key;
  long long n = 0, last = 0;
  lua_pushnil(L);
  for (; lua_next(L, -2) != 0; lua_pop(L, 1)) {
    long long i = place(L, -2);
    if (i == 0) {
      show_key(L, -2, &key);
      llg_write_fail(w, at, "a list cannot have the key %s", key.text);
    }
    n++;
    if (i > last) last = i;
  }
  for (long long i = 1; n < last; i++) {
    lua_rawgeti(L, -1, (int)i);
    if (lua_isnil(L, -1))
      llg_write_fail(w, at, "a list with a hole: [%lld] is nil, [%lld] is not", i, last);
    lua_pop(L, 1);
  }
  return n;
}

/* The first key and value are on the stack above the table; the table alone stays. What lua_next
** meets out of order is taken by its place instead. */
static void encode_list(struct llg_writer *w, struct llg_place *here) {
  lua_State *L = w->L;
  bool in_order;
  while ((in_order = place(L, -2) == here->index + 1)) {
    llg_write(w, here->up, here->index++ == 0 ? "[" : ",", 1);
    encode_value(w, here);
    lua_pop(L, 1);
    if (lua_next(L, -2) == 0) break;
  }
  if (!in_order) {
    lua_pop(L, 2);
    long long n = count_items(w, here->up);
    if (here->index == 0) llg_write(w, here->up, "[", 1);
    while (here->index < n) {
      if (here->index++ > 0) llg_write(w, here->up, ",", 1);
      lua_rawgeti(L, -1, (int)here->index);
      if (lua_isnil(L, -1))
        llg_write_fail(w, here->up, "a table that changes while it is encoded");
      encode_value(w, here);
      lua_pop(L, 1);
    }
  }
  llg_write(w, here->up, "]", 1);
}

/* Those whose turn is before `key`, all if that is NULL. */
static void put_members(
  const struct llg_writer *w, const struct llg_place *at, struct members *more,
  const char *key, size_t n) {
  for (; more->n > 0; more->list++, more->n--) {
    const struct llg_json_member *m = more->list;
    size_t length = strlen(m->name);
    int order = key == NULL ? -1 : memcmp(m->name, key, length < n ? length : n);
    if (order == 0 && length == n) continue; /* a finalizer has just put it there */
    if (order > 0 || (order == 0 && length > n)) return;
    llg_write(w, at, ",", 1);
    llg_write_text(w, at, m->name, length, "a key");
    llg_write(w, at, ":", 1);
    struct llg_place here = { at, NULL, m->name, length, 0 };
    if (m->json != NULL)
      llg_write(w, &here, m->json, strlen(m->json));
    else
      llg_write_text(w, &here, m->string, strlen(m->string), "a string");
  }
}

/* The value on top of the stack, which stands in an object. */
static void encode_member(struct llg_writer *w, const struct llg_place *here) {
  size_t from = w->out->len;
  encode_value(w, here);
  if (lua_istable(w->L, -1) && llg_place_has_arguments(here))
    llg_write_check(w, here, llg_json_quote(w->out, from));
}

static bool is_empty_list(lua_State *L) {
  if (!lua_istable(L, -1)) return llg_json_mark(L) == LLG_MARK_EMPTY_LIST;
  lua_pushnil(L);
  if (lua_next(L, -2) == 0) return true;
  lua_pop(L, 2);
  return false;
}

/* Whether the message on top of the stack is an assistant's; *has_content. */
static bool is_assistants(lua_State *L, bool *has_content) {
  lua_pushliteral(L, "content");
  lua_rawget(L, -2);
  lua_pushliteral(L, "role");
  lua_rawget(L, -3);
  *has_content = !lua_isnil(L, -2);
  bool is = lua_type(L, -1) == LUA_TSTRING
            && strcmp(lua_tostring(L, -1), "assistant") == 0;
  lua_pop(L, 2);
  return is;
}

static void read_fields(
  const struct llg_writer *w, const struct llg_place *at, const struct llg_fields_by *by,
  struct llg_fields *f) {
  struct llg_path key;
  enum llg_fields_status status = llg_fields_read(w->L, by, f);
  if (status == LLG_FIELDS_OK) return;
  if (status == LLG_FIELDS_CHANGED)
    llg_write_fail(w, at, "a table that changes while it is encoded");
  show_key(w->L, -1, &key);
  if (status == LLG_FIELDS_TWICE)
    llg_write_fail(w, at, "the key %s is there as a number and as a string", key.text);
  llg_write_fail(
    w, at, "an object cannot have the key %s: keys are strings%s", key.text,
    lua_type(w->L, -1) == LUA_TNUMBER && !by->numbers
      ? " (lualogue.object takes numbers too)"
      : "");
}

/* The table on top of the stack. */
static void encode_object(
  struct llg_writer *w, struct llg_place *here, const struct llg_fields_by *by,
  struct members more) {
  static const struct llg_json_member null_content = { "content", "null", NULL };
  lua_State *L = w->L;
  struct llg_fields f;
  bool has_content,
    is_message = llg_place_has_message(here->up) && is_assistants(L, &has_content);
  if (is_message && !has_content) more = (struct members){ &null_content, 1 };
  read_fields(w, here->up, by, &f);
  size_t start = w->out->len;
  for (size_t i = 0; i < f.n; i++) {
    size_t n;
    const char *key = llg_fields_key(L, &f, i, &n);
    here->key = NULL;
    if (!by->ordered) put_members(w, here->up, &more, key, n);
    llg_fields_push(L, &f, i);
    bool is_calls = is_message && n == 10 && memcmp(key, "tool_calls", 10) == 0;
    if (!lua_isnil(L, -1) && !(is_calls && is_empty_list(L))) {
      llg_write(w, here->up, ",", 1);
      llg_write_text(w, here->up, key, n, "a key");
      llg_write(w, here->up, ":", 1);
      here->key = key;
      here->key_n = n;
      encode_member(w, here);
    }
    lua_pop(L, 1);
  }
  put_members(w, here->up, &more, NULL, 0);
  lua_settop(L, f.table);
  if (w->out->len == start) llg_write(w, here->up, ",", 1);
  llg_buffer_bytes(w->out)[start] = '{'; /* where the first comma stands */
  llg_write(w, here->up, "}", 1);
}

static void encode_empty(
  const struct llg_writer *w, const struct llg_place *at, enum llg_json_mark mark) {
  int is_list = mark == LLG_MARK_LIST || mark == LLG_MARK_EMPTY_LIST
                || (mark == LLG_MARK_NONE && llg_place_has_list(at));
  llg_write(w, at, is_list ? "[]" : "{}", 2);
}

/* The table on top of the stack; the key and the value of a field, if it has any, above it go. */
static void
encode_filled(struct llg_writer *w, struct llg_place *here, enum llg_json_mark mark) {
  lua_State *L = w->L;
  struct llg_fields_by by = { .ordered = mark == LLG_MARK_ORDERED };
  bool is_number = lua_type(L, -2) == LUA_TNUMBER;
  by.numbers = by.ordered || mark == LLG_MARK_OBJECT
               || (mark == LLG_MARK_NONE && llg_place_has_map(here->up));
  if (mark == LLG_MARK_LIST || (is_number && !by.numbers)) {
    encode_list(w, here);
    return;
  }
  lua_pop(L, 2);
  encode_object(w, here, &by, (struct members){ NULL, 0 });
}

static void enter(struct llg_writer *w, const struct llg_place *at, const void *table) {
  for (const struct llg_place *p = at; p != NULL; p = p->up)
    if (p->table == table) llg_write_fail(w, at, "a table that contains itself");
  if (w->depth == LLG_MAX_JSON_DEPTH)
    llg_write_fail(w, at, "tables nested more than %d levels deep", LLG_MAX_JSON_DEPTH);
  if (!lua_checkstack(w->L, LUA_MINSTACK))
    llg_write_fail(w, at, "not enough memory for Lua's stack");
  w->depth++;
}

static void encode_table(struct llg_writer *w, const struct llg_place *at) {
  lua_State *L = w->L;
  struct llg_place here = { at, lua_topointer(L, -1), NULL, 0, 0 };
  enter(w, at, here.table);
  enum llg_json_mark mark = llg_json_mark(L);
  lua_pushnil(L);
  if (lua_next(L, -2) == 0)
    encode_empty(w, at, mark);
  else
    encode_filled(w, &here, mark);
  w->depth--;
}

/* ------------------------------------------------------------------ values */

/* LuaJIT's 64-bit integers are cdata, which only tostring can read: "123LL", "123ULL". */
static int put_cdata(const struct llg_writer *w, const struct llg_place *at) {
  lua_State *L = w->L;
  if (strcmp(luaL_typename(L, -1), "cdata") != 0) return 0;
  if (!luaL_callmeta(L, -1, "__tostring")) return 0;
  const char *text = lua_tostring(L, -1);
  int is_integer = 0;
  if (text != NULL) {
    size_t n = text[0] == '-';
    size_t n_digits = strspn(text + n, "0123456789");
    n += n_digits;
    is_integer = n_digits > 0
                 && (strcmp(text + n, "LL") == 0 || strcmp(text + n, "ULL") == 0);
    if (is_integer) llg_write(w, at, text, n);
  }
  lua_pop(L, 1);
  return is_integer;
}

static void encode_other(const struct llg_writer *w, const struct llg_place *at) {
  lua_State *L = w->L;
  enum llg_json_mark mark = llg_json_mark(L);
  const struct llg_vector *v;
  const char *raw;
  size_t n;
  if (mark == LLG_MARK_NULL)
    llg_write(w, at, "null", 4);
  else if (mark == LLG_MARK_EMPTY_LIST)
    llg_write(w, at, "[]", 2);
  else if ((raw = llg_json_test_raw(L, -1, &n)) != NULL)
    llg_write(w, at, raw, n);
  else if ((v = llg_test_vector(L, -1)) != NULL)
    llg_write_vector(w, at, v);
  else if (!put_cdata(w, at))
    llg_write_fail(w, at, "a %s cannot be sent as JSON", luaL_typename(L, -1));
}

/* Append the value on top of the stack, which stays there. */
static void encode_value(struct llg_writer *w, const struct llg_place *at) {
  switch (lua_type(w->L, -1)) {
  case LUA_TSTRING: llg_write_string(w, at); break;
  case LUA_TNUMBER: llg_write_number(w, at); break;
  case LUA_TTABLE: encode_table(w, at); break;
  case LUA_TBOOLEAN:
    if (lua_toboolean(w->L, -1))
      llg_write(w, at, "true", 4);
    else
      llg_write(w, at, "false", 5);
    break;
  default: encode_other(w, at);
  }
}

void llg_json_encode(lua_State *L, int index, const char *root, struct llg_buffer *out) {
  struct llg_writer w = { L, out, root, 0 };
  luaL_checkstack(L, LUA_MINSTACK, "JSON");
  lua_pushvalue(L, index);
  encode_value(&w, NULL);
  lua_pop(L, 1);
}

void llg_json_encode_object(
  lua_State *L, int index, const struct llg_json_member *members, size_t n,
  struct llg_buffer *out) {
  struct llg_writer w = { L, out, "", 0 };
  struct llg_place here = { NULL, lua_topointer(L, index), NULL, 0, 0 };
  luaL_checkstack(L, LUA_MINSTACK, "JSON");
  lua_pushvalue(L, index);
  enter(&w, NULL, here.table);
  struct llg_json_member missing[LLG_JSON_MEMBERS];
  struct members more = { missing, 0 };
  for (size_t i = 0; i < n && i < LLG_JSON_MEMBERS; i++) {
    lua_pushstring(L, members[i].name);
    lua_rawget(L, -2);
    if (lua_isnil(L, -1)) missing[more.n++] = members[i];
    lua_pop(L, 1);
  }
  struct llg_fields_by by = { .ordered = llg_json_mark(L) == LLG_MARK_ORDERED };
  encode_object(&w, &here, &by, more);
  lua_pop(L, 1);
}
