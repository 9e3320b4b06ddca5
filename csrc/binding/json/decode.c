#include "decode.h"

#include <string.h>

#include "../../core/base/utf8.h"
#include "library.h"
#include "mend.h"

#define TOO_DEEP "JSON nested more than %d levels deep (LLG_MAX_JSON_DEPTH)"

/* ------------------------------------------------------------------ the walk */

/* The number on top of the stack: whole floats become integers (*changed). 0 for one that
** is not finite: JSON has none, but a library may read 1e999 or NaN. */
static int walk_number(lua_State *L, int *changed) {
#if LLG_HAS_INTEGERS
  if (lua_isinteger(L, -1)) return 1;
  lua_Integer whole = lua_tointegerx(L, -1, changed);
  if (*changed) {
    lua_pop(L, 1);
    lua_pushinteger(L, whole);
    return 1;
  }
#else
  (void)changed;
#endif
  lua_Number x = lua_tonumber(L, -1);
  return x - x == 0;
}

/* Null in the place of the value on top of the stack, which in an object is none at all. */
static int walk_null(lua_State *L, int in_list, int *changed) {
  lua_pop(L, 1);
  if (in_list)
    lua_pushlightuserdata(L, NULL);
  else
    lua_pushnil(L);
  *changed = 1;
  return 1;
}

static int walk_table(lua_State *L, int depth, struct llg_failure *failure);

/* Make the value on top of the stack ours. *changed: it is another value now, nil where a
** null may go (`in_list` keeps it). 0 with *failure if it is refused. */
static int
walk(lua_State *L, int depth, int in_list, int *changed, struct llg_failure *failure) {
  *changed = 0;
  switch (lua_type(L, -1)) {
  case LUA_TTABLE: return walk_table(L, depth + 1, failure);
  case LUA_TNUMBER: return walk_number(L, changed) || walk_null(L, in_list, changed);
  case LUA_TLIGHTUSERDATA: /* cjson.null, which is lualogue.null */
  case LUA_TUSERDATA:      /* vim.NIL */
    return (in_list && lua_islightuserdata(L, -1)) || walk_null(L, in_list, changed);
  default: return 1;
  }
}

/* Fields that exist may be assigned, and cleared, while lua_next goes over them. */
static int walk_table(lua_State *L, int depth, struct llg_failure *failure) {
  if (depth > LLG_MAX_JSON_DEPTH || !lua_checkstack(L, 8)) {
    llg_failure_set(failure, LLG_LIMIT, NULL, TOO_DEEP, LLG_MAX_JSON_DEPTH);
    return 0;
  }
  lua_pushnil(L);
  while (lua_next(L, -2) != 0) {
    int changed;
    int in_list = lua_type(L, -2) == LUA_TNUMBER;
    if (!walk(L, depth, in_list, &changed, failure)) return 0;
    if (!changed) {
      lua_pop(L, 1);
      continue;
    }
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, -4);
  }
  return 1;
}

/* ------------------------------------------------------------------ what went wrong */

/* The names that lua-cjson has for what it found, as a reader would say it. */
static const char *readable(const char *token) {
  static const char *const names[][2] = {
    { "T_OBJ_BEGIN", "'{'" },     { "T_OBJ_END", "'}'" },     { "T_ARR_BEGIN", "'['" },
    { "T_ARR_END", "']'" },       { "T_COLON", "':'" },       { "T_COMMA", "','" },
    { "T_STRING", "a string" },   { "T_NUMBER", "a number" }, { "T_INTEGER", "a number" },
    { "T_BOOLEAN", "a boolean" }, { "T_NULL", "null" },       { "T_END", "the end" },
  };
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcmp(token, names[i][0]) == 0) return names[i][1];
  return token;
}

/* Copy what stands between two marks of a message; 0 if it is not there or too long. */
static int
between(char *out, size_t room, const char *message, const char *from, const char *to) {
  const char *start = strstr(message, from);
  const char *end = start == NULL ? NULL : strstr(start, to);
  if (end == NULL) return 0;
  start += strlen(from);
  size_t n = (size_t)(end - start);
  if (end < start || n >= room) return 0;
  memcpy(out, start, n);
  out[n] = '\0';
  return 1;
}

/* From "Expected X but found Y at character N" to a message of ours. The library quotes
** nothing of the text, so neither do we. */
static void explain(const char *message, size_t n, struct llg_failure *failure) {
  char expected[40], found[40];
  const char *at = message == NULL ? NULL : strstr(message, " at character ");
  if (
    at == NULL || !between(expected, sizeof expected, message, "Expected ", " but found ")
    || !between(found, sizeof found, message, " but found ", " at character "))
    llg_failure_set(failure, LLG_DECODE, NULL, "invalid JSON (%zu bytes)", n);
  else if (strcmp(found, "T_END") == 0 || strstr(found, "end of string") != NULL)
    llg_failure_set(
      failure, LLG_DECODE, NULL, "invalid JSON: it ends after %zu bytes, expected %s", n,
      expected);
  else
    llg_failure_set(
      failure, LLG_DECODE, NULL, "invalid JSON at byte %s of %zu: expected %s, found %s",
      at + strlen(" at character "), n, expected, readable(found));
}

/* ------------------------------------------------------------------ decode */

/* 1 with the library's value on the stack, 0 with its message there, -1 with *failure. */
static int
attempt(lua_State *L, const char *text, size_t n, struct llg_failure *failure) {
  if (!llg_json_push_decoder(L, failure)) return -1;
  lua_pushlstring(L, text, n);
  int rc = lua_pcall(L, 1, 1, 0);
  if (rc == LUA_ERRMEM) lua_error(L);
  return rc == 0;
}

/* The rare way: a text that the library refused or that is no UTF-8, mended where it can be. */
static int second_attempt(
  lua_State *L, const char *text, size_t n, bool *kept, struct llg_failure *failure) {
  if (llg_json_is_deeper(text, n, LLG_MAX_JSON_DEPTH)) {
    llg_failure_set(failure, LLG_LIMIT, NULL, TOO_DEEP, LLG_MAX_JSON_DEPTH);
    return -1;
  }
  struct llg_mended mended = llg_json_mend(NULL, text, n, kept != NULL);
  if (mended.changed || mended.kept) {
    char *copy = llg_newuserdata(L, mended.len + 1);
    llg_json_mend(copy, text, n, kept != NULL);
    text = copy;
    n = mended.len;
    if (kept != NULL) *kept = mended.kept;
    int ok = attempt(L, text, n, failure);
    if (ok != 0) return ok;
  }
  /* A new instance even for the same text: the locale may have changed since the last. */
  if (!llg_json_reopen(L, failure)) return -1;
  int ok = attempt(L, text, n, failure);
  if (ok == 0) explain(lua_tostring(L, -1), n, failure);
  return ok;
}

/* `kept`: broken strings stay as they are, and whether there are any. */
static int decode(
  lua_State *L, const char *text, size_t n, bool *kept, struct llg_failure *failure) {
  int top = lua_gettop(L), changed;
  const char *nul = n == 0 ? NULL : memchr(text, '\0', n);
  if (nul != NULL) { /* lua-cjson would take it for the end */
    llg_failure_set(
      failure, LLG_DECODE, NULL, "invalid JSON at byte %zu of %zu: a NUL",
      (size_t)(nul - text) + 1, n);
    return 0;
  }
  if (!lua_checkstack(L, LUA_MINSTACK)) {
    llg_failure_set(failure, LLG_LIMIT, NULL, "not enough memory for Lua's stack");
    return 0;
  }
  int ok = llg_utf8_check(text, n) == n ? attempt(L, text, n, failure) : 0;
  if (ok == 0) ok = second_attempt(L, text, n, kept, failure);
  if (ok != 1 || !walk(L, 0, 1, &changed, failure)) {
    lua_settop(L, top);
    return 0;
  }
  lua_insert(L, top + 1);
  lua_settop(L, top + 1);
  return 1;
}

int llg_json_decode(
  lua_State *L, const char *text, size_t n, struct llg_failure *failure) {
  return decode(L, text, n, NULL, failure);
}

int llg_json_decode_kept(
  lua_State *L, const char *text, size_t n, bool *kept, struct llg_failure *failure) {
  *kept = false;
  return decode(L, text, n, kept, failure);
}
