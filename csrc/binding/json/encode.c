#include "encode.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "empty.h"
#include "marks.h"
#include "number.h"
#include "path.h"
#include "string.h"
#include "../object.h"
#include "../vector.h"

/* A table that is being encoded: one step of the path, and what a cycle comes back to. */
struct step {
  const struct step *up;
  const void *table; /* lua_topointer: only compared */
  const char *key; /* of the value that is being encoded (Lua has it on the stack) ... */
  size_t key_n;
  long long index; /* ... or its place in the list, where key is NULL */
};

struct encoder {
  lua_State *L;
  struct llg_buffer *out;
  const char *root;
  int depth; /* tables around the value */
};

static void encode_value(struct encoder *e, const struct step *at);

/* ------------------------------------------------------------------ errors */

static void
write_path(const struct encoder *e, const struct step *at, struct llg_path *p) {
  const struct step *steps[LLG_MAX_JSON_DEPTH + 1];
  size_t n = 0;
  for (; at != NULL && n <= LLG_MAX_JSON_DEPTH; at = at->up)
    steps[n++] = at;
  llg_path_start(p, e->root);
  while (n-- > 0) {
    if (steps[n]->key != NULL)
      llg_path_key(p, steps[n]->key, steps[n]->key_n);
    else
      llg_path_index(p, steps[n]->index);
  }
}

/* Raise "path: why"; `at` is the step that holds the value. */
static void LLG_PRINTF(3, 4)
  fail(const struct encoder *e, const struct step *at, const char *format, ...) {
  char why[LLG_MAX_MESSAGE_BYTES];
  struct llg_path path;
  va_list args;
  va_start(args, format);
  vsnprintf(why, sizeof why, format, args);
  va_end(args);
  write_path(e, at, &path);
  llg_raise(e->L, "%s%s%s", path.text, path.n > 0 ? ": " : "", why);
}

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

/* ------------------------------------------------------------------ output */

static void
check(const struct encoder *e, const struct step *at, enum llg_status status) {
  if (status == LLG_OK) return;
  if (status == LLG_NOMEM) {
    lua_pushliteral(e->L, "not enough memory");
    lua_error(e->L);
  }
  fail(e, at, "the JSON is larger than %zu bytes", e->out->max_bytes);
}

static void
put(const struct encoder *e, const struct step *at, const char *bytes, size_t n) {
  check(e, at, llg_buffer_append(e->out, bytes, n));
}

static char *number_room(const struct encoder *e, const struct step *at) {
  enum llg_status status = LLG_OK;
  char *room = llg_buffer_reserve(e->out, LLG_JSON_NUMBER_BYTES, &status);
  if (room == NULL) check(e, at, status);
  return room;
}

static void
put_string(const struct encoder *e, const struct step *at, int index, const char *what) {
  size_t n, bad = 0;
  const char *s = lua_tolstring(e->L, index, &n);
  enum llg_status status = llg_json_string(e->out, s, n, &bad);
  if (status == LLG_DECODE) fail(e, at, "%s is not UTF-8 (at byte %zu)", what, bad + 1);
  check(e, at, status);
}

static void put_number(const struct encoder *e, const struct step *at) {
  lua_State *L = e->L;
  char *room = number_room(e, at);
  if (llg_isinteger(L, -1)) {
    llg_buffer_commit(e->out, llg_json_integer(room, (int64_t)lua_tointeger(L, -1)));
    return;
  }
  lua_Number x = lua_tonumber(L, -1);
  if (x - x != 0)
    fail(e, at, "%s cannot be sent as JSON", x != x ? "NaN" : "an infinite number");
  llg_buffer_commit(e->out, llg_json_double(room, (double)x));
}

static void
put_vector(const struct encoder *e, const struct step *at, const struct llg_vector *v) {
  put(e, at, "[", 1);
  for (size_t i = 0; i < v->n; i++) {
    float x = v->values[i];
    struct step here = { at, v, NULL, 0, (long long)i + 1 };
    if (x - x != 0)
      fail(e, &here, "%s cannot be sent as JSON", x != x ? "NaN" : "an infinite number");
    if (i > 0) put(e, at, ",", 1);
    llg_buffer_commit(e->out, llg_json_float(number_room(e, at), x));
  }
  put(e, at, "]", 1);
}

/* ------------------------------------------------------------------ tables */

/* n if the value at `index` is a number that can be a place in a list, else 0. */
static long long place(lua_State *L, int index) {
  if (lua_type(L, index) != LUA_TNUMBER) return 0;
  lua_Number x = lua_tonumber(L, index);
  if (!(x >= 1 && x <= 9007199254740992.0)) return 0;
  long long n = (long long)x;
  return (lua_Number)n == x ? n : 0;
}

/* A list whose items lua_next does not meet in order (or that is none): count, then go by
** place. The table is on top of the stack. */
static void encode_scattered(struct encoder *e, const struct step *at) {
  lua_State *L = e->L;
  struct step here = { at, lua_topointer(L, -1), NULL, 0, 0 };
  struct llg_path key;
  long long n = 0, last = 0;
  lua_pushnil(L);
  for (; lua_next(L, -2) != 0; lua_pop(L, 1)) {
    long long i = place(L, -2);
    if (i == 0) {
      show_key(L, -2, &key);
      fail(e, at, "a list cannot have the key %s", key.text);
    }
    n++;
    if (i > last) last = i;
  }
  put(e, at, "[", 1);
  for (long long i = 1; i <= n; i++) {
    lua_rawgeti(L, -1, (int)i);
    if (lua_isnil(L, -1))
      fail(e, at, "a list with a hole: [%lld] is nil, [%lld] is not", i, last);
    if (i > 1) put(e, at, ",", 1);
    here.index = i;
    encode_value(e, &here);
    lua_pop(L, 1);
  }
  put(e, at, "]", 1);
}

/* The first key and value are on the stack above the table; the table alone stays. */
static void encode_list(struct encoder *e, struct step *here) {
  lua_State *L = e->L;
  size_t start = e->out->len;
  do {
    here->index++;
    if (place(L, -2) != here->index) {
      e->out->len = start;
      lua_pop(L, 2);
      encode_scattered(e, here->up);
      return;
    }
    put(e, here->up, here->index == 1 ? "[" : ",", 1);
    encode_value(e, here);
    lua_pop(L, 1);
  } while (lua_next(L, -2) != 0);
  put(e, here->up, "]", 1);
}

static int key_is(const struct step *s, const char *literal) {
  return s != NULL && s->key != NULL && s->key_n == strlen(literal)
         && memcmp(s->key, literal, s->key_n) == 0;
}

/* What an assistant's message has, as its fields go by. */
struct message {
  int is_one; /* it stands in a list under "messages" */
  int is_assistant, has_calls, has_content;
};

static void look_at_field(struct message *m, const struct step *here, lua_State *L) {
  if (key_is(here, "role"))
    m->is_assistant = lua_type(L, -1) == LUA_TSTRING
                      && strcmp(lua_tostring(L, -1), "assistant") == 0;
  else if (key_is(here, "content"))
    m->has_content = 1;
  else if (key_is(here, "tool_calls") && lua_istable(L, -1))
    m->has_calls = llg_rawlen(L, -1) > 0;
}

/* As encode_list. */
static void encode_object(struct encoder *e, struct step *here) {
  lua_State *L = e->L;
  struct llg_path key;
  struct message message = { 0, 0, 0, 0 };
  const struct step *list = here->up;
  message.is_one = list != NULL && list->key == NULL && key_is(list->up, "messages");
  const char *before = "{";
  do {
    here->key = NULL;
    if (lua_type(L, -2) != LUA_TSTRING) {
      show_key(L, -2, &key);
      fail(e, here->up, "an object cannot have the key %s: keys are strings", key.text);
    }
    put(e, here->up, before, 1);
    before = ",";
    put_string(e, here->up, -2, "a key");
    here->key = lua_tolstring(L, -2, &here->key_n);
    put(e, here, ":", 1);
    encode_value(e, here);
    if (message.is_one) look_at_field(&message, here, L);
    lua_pop(L, 1);
  } while (lua_next(L, -2) != 0);
  /* The API wants the field there, though it says nothing. */
  if (message.is_assistant && message.has_calls && !message.has_content)
    put(e, here->up, ",\"content\":null", 15);
  put(e, here->up, "}", 1);
}

static unsigned key_kind(const struct step *s) {
  return s != NULL && s->key != NULL ? llg_json_key(s->key, s->key_n) : 0;
}

/* In a JSON schema "tools" is some name, not the API's list of tools. */
static int empty_is_list(const struct step *at) {
  unsigned kind = key_kind(at);
  if (kind == 0 || (key_kind(at->up) & LLG_KEY_SCHEMA_NAMES) != 0) return 0;
  for (const struct step *s = at->up; s != NULL; s = s->up)
    if ((key_kind(s) & (LLG_KEY_SCHEMA | LLG_KEY_SCHEMA_NAMES)) != 0)
      return (kind & LLG_KEY_SCHEMA_LIST) != 0;
  return (kind & (LLG_KEY_API_LIST | LLG_KEY_SCHEMA_LIST)) != 0;
}

static void
encode_empty(const struct encoder *e, const struct step *at, enum llg_json_mark mark) {
  int is_list = mark == LLG_MARK_LIST || mark == LLG_MARK_EMPTY_LIST
                || (mark == LLG_MARK_NONE && empty_is_list(at));
  put(e, at, is_list ? "[]" : "{}", 2);
}

static void encode_table(struct encoder *e, const struct step *at) {
  lua_State *L = e->L;
  struct step here = { at, lua_topointer(L, -1), NULL, 0, 0 };
  for (const struct step *s = at; s != NULL; s = s->up)
    if (s->table == here.table) fail(e, at, "a table that contains itself");
  if (e->depth == LLG_MAX_JSON_DEPTH)
    fail(e, at, "tables nested more than %d levels deep", LLG_MAX_JSON_DEPTH);
  if (!lua_checkstack(L, LUA_MINSTACK)) fail(e, at, "not enough memory for Lua's stack");
  enum llg_json_mark mark = llg_json_mark(L);
  e->depth++;
  lua_pushnil(L);
  if (lua_next(L, -2) == 0)
    encode_empty(e, at, mark);
  else if (
    mark == LLG_MARK_OBJECT || (mark != LLG_MARK_LIST && lua_type(L, -2) != LUA_TNUMBER))
    encode_object(e, &here);
  else
    encode_list(e, &here);
  e->depth--;
}

/* ------------------------------------------------------------------ values */

/* LuaJIT's 64-bit integers are cdata, which only tostring can read: "123LL", "123ULL". */
static int put_cdata(const struct encoder *e, const struct step *at) {
  lua_State *L = e->L;
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
    if (is_integer) put(e, at, text, n);
  }
  lua_pop(L, 1);
  return is_integer;
}

static void encode_other(const struct encoder *e, const struct step *at) {
  lua_State *L = e->L;
  enum llg_json_mark mark = llg_json_mark(L);
  const struct llg_vector *v;
  if (mark == LLG_MARK_NULL)
    put(e, at, "null", 4);
  else if (mark == LLG_MARK_EMPTY_LIST)
    put(e, at, "[]", 2);
  else if ((v = llg_test_vector(L, -1)) != NULL)
    put_vector(e, at, v);
  else if (!put_cdata(e, at))
    fail(e, at, "a %s cannot be sent as JSON", luaL_typename(L, -1));
}

/* Append the value on top of the stack, which stays there. */
static void encode_value(struct encoder *e, const struct step *at) {
  switch (lua_type(e->L, -1)) {
  case LUA_TSTRING: put_string(e, at, -1, "a string"); break;
  case LUA_TNUMBER: put_number(e, at); break;
  case LUA_TTABLE: encode_table(e, at); break;
  case LUA_TBOOLEAN:
    if (lua_toboolean(e->L, -1))
      put(e, at, "true", 4);
    else
      put(e, at, "false", 5);
    break;
  default: encode_other(e, at);
  }
}

void llg_json_encode(lua_State *L, int index, const char *root, struct llg_buffer *out) {
  struct encoder e = { L, out, root, 0 };
  luaL_checkstack(L, LUA_MINSTACK, "JSON");
  lua_pushvalue(L, index);
  encode_value(&e, NULL);
  lua_pop(L, 1);
}
