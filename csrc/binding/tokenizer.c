/*
** tokenizer.c - lualogue.tokenizer: core/tokenizer for Lua. A module of its own, without
** libcurl; lualogue.tokens is what users see of it.
*/
#include "../core/tokenizer/tokenizer.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "object.h"

#define TOKENIZER_CLASS "lualogue.tokenizer"

#if defined(_WIN32)
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

static struct llg_tokenizer *check_tokenizer(lua_State *L, const char *function) {
  struct llg_tokenizer *t = llg_testudata(L, 1, TOKENIZER_CLASS);
  if (t == NULL || t->cache == NULL) llg_type_error(L, function, "self", "encoding", 1);
  return t;
}

static const char *check_text(lua_State *L, const char *function, size_t *n) {
  if (lua_type(L, 2) != LUA_TSTRING) llg_type_error(L, function, "text", "string", 2);
  return lua_tolstring(L, 2, n);
}

static size_t
check_limit(lua_State *L, int index, const char *function, const char *name) {
  if (lua_type(L, index) != LUA_TNUMBER)
    llg_type_error(L, function, name, "number", index);
  lua_Number limit = lua_tonumber(L, index);
  if (!(limit >= 0)) llg_arg_error(L, function, name, "a number from 0 on expected");
  return limit < 9007199254740992.0 ? (size_t)limit : (size_t)-2;
}

static int push_outcome(lua_State *L, enum llg_status status) {
  struct llg_failure failure = { 0 };
  if (status == LLG_LIMIT)
    llg_failure_set(
      &failure, status, NULL, "a single word of the text is longer than %d MiB",
      (int)(LLG_MAX_PIECE_BYTES / LLG_MIB));
  else
    llg_failure_set(&failure, status, NULL, "%s", llg_status_text(status));
  return llg_push_failure(L, &failure);
}

/* ------------------------------------------------------------------ options */

static uint32_t
check_special(lua_State *L, const struct llg_tokenizer *t, const char *function) {
  size_t n = 0;
  uint32_t id = 0;
  const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &n) : NULL;
  if (
    text == NULL
    || llg_special_match(t->encoding, (const unsigned char *)text, n, &id) != n || n == 0)
    llg_raise(
      L, "bad argument 'allowed_special' to '%s' (%s is no special token of %s)",
      function, text != NULL ? text : luaL_typename(L, -1), t->encoding->name);
  return id;
}

/* Read the option at the top of the stack: nil, "all" or a list of special tokens. What is
** returned in `allowed` lives as long as the userdata that this leaves there. */
static void check_allowed(
  lua_State *L, const struct llg_tokenizer *t, const char *function,
  struct llg_allowed *allowed) {
  if (lua_isnil(L, -1)) return;
  if (lua_type(L, -1) == LUA_TSTRING && strcmp(lua_tostring(L, -1), "all") == 0) {
    allowed->all = 1;
    return;
  }
  if (!lua_istable(L, -1))
    llg_type_error(L, function, "allowed_special", "\"all\" or a list", -1);
  size_t n = (size_t)llg_rawlen(L, -1);
  uint32_t *ids = llg_newuserdata(L, (n + 1) * sizeof *ids);
  for (size_t i = 0; i < n; i++) {
    lua_rawgeti(L, -2, (int)(i + 1));
    ids[i] = check_special(L, t, function);
    lua_pop(L, 1);
  }
  allowed->ids = ids;
  allowed->n_ids = n;
}

/* The table of options at index 3, or nothing. */
static struct llg_allowed
check_options(lua_State *L, const struct llg_tokenizer *t, const char *function) {
  struct llg_allowed allowed = { 0 };
  lua_settop(L, 3);
  if (lua_isnil(L, 3)) return allowed;
  if (!lua_istable(L, 3)) llg_type_error(L, function, "options", "table", 3);
  lua_pushnil(L);
  while (lua_next(L, 3) != 0) {
    lua_pop(L, 1);
    const char *key = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
    if (key == NULL || strcmp(key, "allowed_special") != 0)
      llg_raise(
        L, "bad argument 'options' to '%s' (unknown option '%s')", function,
        key != NULL ? key : luaL_typename(L, -1));
  }
  lua_pushliteral(L, "allowed_special");
  lua_rawget(L, 3);
  check_allowed(L, t, function, &allowed);
  return allowed;
}

/* ------------------------------------------------------------------ methods */

/* The list of a text's ids, on top of the stack once it is made. */
struct list {
  bool made;
  int n;
};

/* Its size is judged by how many the first bytes gave: to grow it later would copy all that is
** in it. */
static void make_list(
  lua_State *L, struct list *list, size_t n_bytes, size_t n_first, size_t first_bytes) {
  double guess = 1.05 * (double)n_bytes * (double)n_first / (double)first_bytes + 4;
  lua_createtable(L, guess < INT_MAX / 16 ? (int)guess : INT_MAX / 16, 0);
  list->made = true;
}

/* Append the tokens of s[at .. end), a part of n bytes. To make the list may run a finalizer,
** and that may use the tokenizer, whose ids are then another text's: they are asked for again.
** To fill the list runs none, on no Lua. */
static enum llg_status encode_text(
  lua_State *L, struct llg_tokenizer *t, const char *s, size_t at, size_t end, size_t n,
  struct list *list) {
  const uint32_t *ids;
  size_t n_ids;
  while (at < end) {
    size_t from = at;
    enum llg_status status = llg_tokenizer_encode(t, s, end, &at, &ids, &n_ids);
    if (status != LLG_OK) return status;
    if (!list->made) {
      uint64_t turn = t->turn;
      make_list(L, list, n, n_ids, at - from);
      if (t->turn != turn) {
        at = from;
        continue;
      }
    }
    for (size_t i = 0; i < n_ids; i++) {
      lua_pushinteger(L, (lua_Integer)ids[i]);
      lua_rawseti(L, -2, ++list->n);
    }
  }
  return LLG_OK;
}

/* encode(self, text, options) -> ids | nil, err */
static int tokenizer_encode(lua_State *L) {
  struct llg_tokenizer *t = check_tokenizer(L, "encode");
  size_t n, length = 0;
  const char *s = check_text(L, "encode", &n);
  struct llg_allowed allowed = check_options(L, t, "encode");
  uint32_t id = 0;
  struct list list = { false, 0 };
  for (size_t at = 0; at < n; at += length) {
    size_t end = llg_special_next(t->encoding, &allowed, s, at, n, &id, &length);
    enum llg_status status = encode_text(L, t, s, at, end, n, &list);
    if (status != LLG_OK) return push_outcome(L, status);
    if (end == n) break;
    if (!list.made) make_list(L, &list, n, 1, length);
    lua_pushinteger(L, (lua_Integer)id);
    lua_rawseti(L, -2, ++list.n);
    at = end;
  }
  if (!list.made) lua_newtable(L);
  return 1;
}

/* count(self, text, options) -> n | nil, err */
static int tokenizer_count(lua_State *L) {
  struct llg_tokenizer *t = check_tokenizer(L, "count");
  size_t n, length = 0, total = 0, count;
  const char *s = check_text(L, "count", &n);
  struct llg_allowed allowed = check_options(L, t, "count");
  uint32_t id;
  for (size_t at = 0; at < n; at += length) {
    size_t end = llg_special_next(t->encoding, &allowed, s, at, n, &id, &length);
    enum llg_status status = llg_tokenizer_count(t, s + at, end - at, (size_t)-2, &count);
    if (status != LLG_OK) return push_outcome(L, status);
    total += count;
    if (end == n) break;
    total++;
    at = end;
  }
  lua_pushinteger(L, (lua_Integer)total);
  return 1;
}

/* count_within(self, text, limit) -> n | false | nil, err */
static int tokenizer_count_within(lua_State *L) {
  struct llg_tokenizer *t = check_tokenizer(L, "count_within");
  size_t n, count;
  const char *s = check_text(L, "count_within", &n);
  size_t limit = check_limit(L, 3, "count_within", "limit");
  enum llg_status status = llg_tokenizer_count(t, s, n, limit, &count);
  if (status != LLG_OK) return push_outcome(L, status);
  if (count > limit)
    lua_pushboolean(L, 0);
  else
    lua_pushinteger(L, (lua_Integer)count);
  return 1;
}

/* truncate(self, text, limit) -> kept, rest, n | nil, err */
static int tokenizer_truncate(lua_State *L) {
  struct llg_tokenizer *t = check_tokenizer(L, "truncate");
  size_t n, n_kept, count;
  const char *s = check_text(L, "truncate", &n);
  size_t limit = check_limit(L, 3, "truncate", "limit");
  enum llg_status status = llg_tokenizer_truncate(t, s, n, limit, &n_kept, &count);
  if (status != LLG_OK) return push_outcome(L, status);
  if (n_kept == n)
    lua_pushvalue(L, 2);
  else
    lua_pushlstring(L, s, n_kept);
  lua_pushlstring(L, s + n_kept, n - n_kept);
  lua_pushinteger(L, (lua_Integer)count);
  return 3;
}

static int not_a_token(lua_State *L, const struct llg_tokenizer *t, int i) {
  return llg_raise(
    L, "bad argument 'ids' to 'decode' (ids[%d] is not a token of %s)", i,
    t->encoding->name);
}

/* decode(self, ids) -> text */
static int tokenizer_decode(lua_State *L) {
  struct llg_tokenizer *t = check_tokenizer(L, "decode");
  unsigned char bytes[LLG_MAX_TOKEN_BYTES];
  if (!lua_istable(L, 2)) llg_type_error(L, "decode", "ids", "table", 2);
  int n = (int)llg_rawlen(L, 2);
  luaL_Buffer out;
  luaL_buffinit(L, &out);
  for (int i = 1; i <= n; i++) {
    lua_rawgeti(L, 2, i);
    lua_Number id = lua_type(L, -1) == LUA_TNUMBER ? lua_tonumber(L, -1) : -1;
    lua_pop(L, 1);
    if (!(id >= 0 && id < 4294967296.0) || id != (lua_Number)(uint32_t)id)
      return not_a_token(L, t, i);
    size_t n_bytes = llg_decode(t->encoding, (uint32_t)id, bytes);
    if (n_bytes == 0) return not_a_token(L, t, i);
    luaL_addlstring(&out, (const char *)bytes, n_bytes);
  }
  luaL_pushresult(&out);
  return 1;
}

static int tokenizer_gc(lua_State *L) {
  struct llg_tokenizer *t = llg_testudata(L, 1, TOKENIZER_CLASS);
  if (t != NULL) llg_tokenizer_close(t);
  return 0;
}

/* ------------------------------------------------------------------ the module */

/* open(name) -> tokenizer | nil, err */
static int open_tokenizer(lua_State *L) {
  if (lua_type(L, 1) != LUA_TSTRING) llg_type_error(L, "encoding", "name", "string", 1);
  const struct llg_encoding *encoding = llg_encoding_find(lua_tostring(L, 1));
  if (encoding == NULL)
    return llg_raise(
      L, "bad argument 'name' to 'encoding' (unknown encoding '%s')", lua_tostring(L, 1));
  struct llg_tokenizer *t = llg_new(L, sizeof *t, TOKENIZER_CLASS);
  enum llg_status status = llg_tokenizer_open(t, encoding);
  if (status != LLG_OK) return push_outcome(L, status);
  return 1;
}

static void push_names(lua_State *L) {
  const struct llg_encoding *encoding;
  lua_newtable(L);
  for (int i = 0; (encoding = llg_encoding_at((size_t)i)) != NULL; i++) {
    lua_pushstring(L, encoding->name);
    lua_rawseti(L, -2, i + 1);
  }
}

/* Read from the file by lualogue.loader when the module cannot be loaded. */
#define MARK "lualogue.tokenizer is built for "
static const char built_for[] = MARK LLG_LUA_VERSION;

EXPORT int luaopen_lualogue_tokenizer(lua_State *L);
EXPORT int luaopen_lualogue_tokenizer(lua_State *L) {
  static const luaL_Reg meta[] = {
    { "__gc", tokenizer_gc },
    { NULL, NULL },
  };
  static const luaL_Reg functions[] = {
    { "open", open_tokenizer },
    { "encode", tokenizer_encode },
    { "decode", tokenizer_decode },
    { "count", tokenizer_count },
    { "count_within", tokenizer_count_within },
    { "truncate", tokenizer_truncate },
    { NULL, NULL },
  };
  llg_check_lua(L);
  llg_class(L, TOKENIZER_CLASS, NULL, meta);
  lua_newtable(L);
  llg_open_errors(L);
  llg_setfuncs(L, functions);
  push_names(L);
  lua_setfield(L, -2, "names");
  lua_pushstring(L, built_for + sizeof MARK - 1);
  lua_setfield(L, -2, "built_for");
  return 1;
}
