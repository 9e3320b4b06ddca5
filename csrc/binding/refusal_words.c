#include "refusal_words.h"

#include <string.h>

#include "said.h"

enum { MAX_PLACES = 8 };

/* Push the first of these fields that is a text, and return true. */
static bool push_text_of(lua_State *L, int t, const char *const *names) {
  for (; lua_istable(L, t) && *names != NULL; names++) {
    lua_getfield(L, t, *names);
    if (lua_type(L, -1) == LUA_TSTRING && llg_rawlen(L, -1) > 0) return true;
    lua_pop(L, 1);
  }
  return false;
}

bool llg_push_refusal_message(lua_State *L, int t) {
  static const char *const names[] = { "message",
                                       "msg",
                                       "error_msg",
                                       "errorMsg",
                                       "error_message",
                                       "errorMessage",
                                       "status_msg",
                                       "errmsg",
                                       "err_msg",
                                       "error_description",
                                       NULL };
  return push_text_of(L, t, names);
}

static bool is_fine(const char *code) {
  static const char *const fine[] = { "",        "0",       "200", "success",
                                      "Success", "SUCCESS", "ok",  "OK" };
  for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
    if (strcmp(code, fine[i]) == 0) return true;
  return false;
}

bool llg_push_refusal_code(lua_State *L, int t) {
  static const char *const names[] = { "code",        "error_code", "errorCode",
                                       "status_code", "statusCode", "errcode",
                                       "err_code",    "Code" };
  for (size_t i = 0; lua_istable(L, t) && i < sizeof names / sizeof *names; i++) {
    lua_getfield(L, t, names[i]);
    lua_Number number = lua_type(L, -1) == LUA_TNUMBER ? lua_tonumber(L, -1) : 0;
    if (number != 0 && number != 200) return true;
    if (lua_type(L, -1) == LUA_TSTRING && !is_fine(lua_tostring(L, -1))) return true;
    lua_pop(L, 1);
  }
  return false;
}

/* ---- the words ---- */

/* FastAPI's "loc": ["body", "messages", 0] in front of the text on top of the stack. */
static void put_place(lua_State *L, int t) {
  int text = lua_gettop(L), n = 0;
  lua_getfield(L, t, "loc");
  for (int i = 1; lua_istable(L, text + 1) && i <= MAX_PLACES; i++) {
    lua_rawgeti(L, text + 1, i);
    if (!lua_isstring(L, -1)) {
      lua_pop(L, 1);
      break;
    }
    lua_pushliteral(L, ".");
    n += 2;
  }
  if (n > 0) {
    lua_pop(L, 1); /* the last dot */
    lua_pushliteral(L, ": ");
    lua_pushvalue(L, text);
    lua_concat(L, n + 1);
    lua_replace(L, text);
  }
  lua_settop(L, text);
}

/* Push the words of the value at `v` and return true. In the order in which servers that differ
** from the official one put them. */
static bool push_words(lua_State *L, int v, int depth) {
  static const char *const names[]
    = { "message",     "msg",           "detail",       "error_msg",
        "errorMsg",    "error_message", "errorMessage", "error_description",
        "errmsg",      "err_msg",       "Message",      "fault",
        "faultstring", "status_msg",    "error",        "errors",
        "text",        "reason",        "description",  "title",
        "Error",       "Response",      "status",       "data" };
  if (lua_type(L, v) == LUA_TSTRING) {
    lua_pushvalue(L, v);
    return llg_rawlen(L, v) > 0 || (lua_pop(L, 1), false);
  }
  if (!lua_istable(L, v) || depth == LLG_SAID_DEPTH) return false;
  lua_rawgeti(L, v, 1);
  if (push_words(L, lua_gettop(L), depth + 1)) {
    lua_remove(L, -2);
    return true;
  }
  lua_pop(L, 1);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    lua_getfield(L, v, names[i]);
    bool found = push_words(L, lua_gettop(L), depth + 1);
    lua_remove(L, found ? -2 : -1);
    if (!found) continue;
    put_place(L, v);
    return true;
  }
  return false;
}

/* A router's "Provider returned error": the provider's own words, behind the text on top of the
** stack. */
static void add_provider_words(lua_State *L, int cause) {
  int text = lua_gettop(L);
  if (lua_istable(L, cause)) {
    lua_getfield(L, cause, "metadata");
    if (lua_istable(L, -1)) lua_getfield(L, -1, "raw");
    if (lua_type(L, -1) == LUA_TSTRING && llg_rawlen(L, -1) > 0) {
      lua_pushfstring(L, "%s: %s", lua_tostring(L, text), lua_tostring(L, -1));
      lua_replace(L, text);
    }
  }
  lua_settop(L, text);
}

/* ---- what else it says ---- */

/* Set a field of the result on top of the stack from the first of these tables that has it as a
** text or a number. */
static void
copy(lua_State *L, const int *tables, int n_tables, const char *from, const char *to) {
  for (int i = 0; i < n_tables; i++) {
    if (!lua_istable(L, tables[i])) continue;
    lua_getfield(L, tables[i], from);
    int type = lua_type(L, -1);
    bool is_text = type == LUA_TSTRING && llg_rawlen(L, -1) > 0;
    if (is_text || type == LUA_TNUMBER) {
      lua_setfield(L, -2, to);
      return;
    }
    lua_pop(L, 1);
  }
}

static void copy_code(lua_State *L, int whole, int cause) {
  if (lua_type(L, cause) == LUA_TNUMBER)
    lua_pushvalue(L, cause);
  else if (!llg_push_refusal_code(L, cause) && !llg_push_refusal_code(L, whole))
    return;
  lua_setfield(L, -2, "code");
}

/* Google's "status": "INVALID_ARGUMENT" is the type of the error. */
static void copy_status(lua_State *L, int cause) {
  lua_getfield(L, -1, "type");
  bool has_type = !lua_isnil(L, -1);
  lua_pop(L, 1);
  if (has_type || !lua_istable(L, cause)) return;
  lua_getfield(L, cause, "status");
  if (lua_type(L, -1) == LUA_TSTRING)
    lua_setfield(L, -2, "type");
  else
    lua_pop(L, 1);
}

/* The usage that came with it: what was counted is to be paid for. */
static void copy_usage(lua_State *L, int whole) {
  if (!lua_istable(L, whole)) return;
  lua_getfield(L, whole, "usage");
  if (lua_istable(L, -1))
    lua_setfield(L, -2, "usage");
  else
    lua_pop(L, 1);
}

void llg_push_refusal_words(lua_State *L, int whole, int cause) {
  int top = lua_gettop(L);
  lua_newtable(L);
  if (push_words(L, cause, 0) || push_words(L, whole, 0)) {
    add_provider_words(L, cause);
    lua_setfield(L, top + 1, "message");
  }
  if (lua_istable(L, cause)) { /* a list of errors: the first */
    lua_rawgeti(L, cause, 1);
    if (lua_istable(L, -1)) lua_replace(L, cause);
  }
  lua_settop(L, top + 1);
  const int tables[] = { cause, whole };
  copy_code(L, whole, cause);
  copy(L, tables, 2, "type", "type");
  copy_status(L, cause);
  copy(L, tables, 2, "param", "param");
  copy(L, tables, 2, "requestId", "request_id");
  copy(L, tables, 2, "request_id", "request_id");
  copy_usage(L, whole);
}
