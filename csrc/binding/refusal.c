#include "refusal.h"

#include <string.h>

#include "brings.h"
#include "refusal_words.h"
#include "said.h"

/* Whether there is something beside the error that the caller asked for. */
static bool is_answered(lua_State *L, int t, enum llg_refusal_place place) {
  bool answered = false;
  lua_getfield(L, t, "choices");
  for (int i = 1; lua_istable(L, -1) && !answered; i++) {
    lua_rawgeti(L, -1, i);
    bool is_choice = lua_istable(L, -1);
    answered = is_choice && (place >= LLG_IN_EVENT || llg_choice_brings(L, false));
    lua_pop(L, 1);
    if (!is_choice) break;
  }
  lua_pop(L, 1);
  return answered || llg_has_said(L, t, "data") || llg_has_said(L, t, "output");
}

/* A thing of the server's with a state of its own: that of a job that failed is told well. */
static bool is_resource(lua_State *L, int t) {
  static const char *const none[] = { "error", "response", NULL };
  return llg_has_said(L, t, "id") && llg_has_said(L, t, "object")
         && llg_has_said(L, t, "status") && !llg_is_one_of(L, t, "object", none);
}

/* ---- the ways to say that it failed: each pushes the value that says so ---- */

typedef bool way(lua_State *L, int t, enum llg_refusal_place place);

/* What the choice on top of the stack says, pushed. */
typedef bool choice_way(lua_State *L);

static bool choice_error(lua_State *L) {
  return llg_push_said(L, lua_gettop(L), "error");
}

static bool choice_end(lua_State *L) {
  static const char *const bad[] = { "error", "abort", NULL };
  if (!llg_is_one_of(L, lua_gettop(L), "finish_reason", bad)) return false;
  lua_getfield(L, -1, "finish_reason");
  lua_pushfstring(
    L, "the server ended the answer with finish_reason %s", lua_tostring(L, -1));
  lua_remove(L, -2);
  return true;
}

static bool any_choice(lua_State *L, int t, choice_way *says) {
  lua_getfield(L, t, "choices");
  for (int i = 1; lua_istable(L, -1); i++) {
    lua_rawgeti(L, -1, i);
    bool is_choice = lua_istable(L, -1);
    if (is_choice && says(L)) {
      lua_replace(L, -3);
      lua_pop(L, 1);
      return true;
    }
    lua_pop(L, 1);
    if (!is_choice) break;
  }
  lua_pop(L, 1);
  return false;
}

static bool by_choice(lua_State *L, int t, enum llg_refusal_place place) {
  (void)place;
  return any_choice(L, t, choice_error);
}

static bool by_end(lua_State *L, int t, enum llg_refusal_place place) {
  (void)place;
  if (!any_choice(L, t, choice_end)) return false;
  if (llg_push_said(L, t, "error")) lua_remove(L, -2); /* says more, answered or not */
  return true;
}

static bool by_error(lua_State *L, int t, enum llg_refusal_place place) {
  if (place == LLG_IN_BODY && (is_answered(L, t, place) || is_resource(L, t)))
    return false;
  if (!llg_push_said(L, t, "error")) return false;
  bool is_word = lua_type(L, -1) == LUA_TSTRING && llg_push_refusal_message(L, t);
  if (!is_word) return true;
  lua_pop(L, 2); /* "error": "Not Found" beside a message that says more */
  lua_pushvalue(L, t);
  return true;
}

/* A table under this name in which the code is not 0, or another field says something. */
static bool by_part(lua_State *L, int t, const char *name, const char *inside) {
  lua_getfield(L, t, name);
  bool bad = false, is_code = strcmp(inside, "status_code") == 0;
  if (lua_istable(L, -1)) {
    int part = lua_gettop(L);
    bad = is_code ? llg_push_refusal_code(L, part) : llg_push_said(L, part, inside);
    if (bad && is_code) lua_pop(L, 1);
    if (bad && !is_code) lua_remove(L, part);
  }
  if (!bad) lua_pop(L, 1);
  return bad;
}

static bool by_groq(lua_State *L, int t, enum llg_refusal_place place) {
  (void)place;
  return by_part(L, t, "x_groq", "error");
}

static bool by_minimax(lua_State *L, int t, enum llg_refusal_place place) {
  (void)place;
  return by_part(L, t, "base_resp", "status_code");
}

/* An object that is itself the error. */
static bool by_kind(lua_State *L, int t, enum llg_refusal_place place) {
  static const char *const error[] = { "error", NULL };
  static const char *const failed[] = { "response.failed", NULL };
  (void)place;
  if (llg_is_one_of(L, t, "type", failed)) return by_part(L, t, "response", "error");
  bool is = llg_is_one_of(L, t, "object", error) || llg_is_one_of(L, t, "type", error);
  if (is) lua_pushvalue(L, t);
  return is;
}

static bool by_error_code(lua_State *L, int t, enum llg_refusal_place place) {
  static const char *const names[] = { "error_code", "errorCode", "errcode", "err_code",
                                       NULL };
  static const char *const none[] = { "0", NULL };
  (void)place;
  for (const char *const *name = names; *name != NULL; name++) {
    if (!llg_has_said(L, t, *name) || llg_is_one_of(L, t, *name, none)) continue;
    lua_pushvalue(L, t);
    return true;
  }
  return false;
}

/* A list of errors, an object of them, a fault of a gateway. */
static bool by_list(lua_State *L, int t, enum llg_refusal_place place) {
  static const char *const names[] = { "errors", "fault", NULL };
  if (is_answered(L, t, place) || is_resource(L, t)) return false;
  for (const char *const *name = names; *name != NULL; name++) {
    lua_getfield(L, t, *name);
    bool is_text = lua_type(L, -1) == LUA_TSTRING;
    if ((lua_istable(L, -1) || is_text) && llg_is_said(L)) return true;
    lua_pop(L, 1);
  }
  return by_part(L, t, "ResponseMetadata", "Error");
}

/* A table without an answer that says in its fields how it went. */
static bool by_state(lua_State *L, int t, enum llg_refusal_place place) {
  static const char *const failed[] = { "error", "fail", "failed", "failure", NULL };
  if (is_answered(L, t, place) || is_resource(L, t)) return false;
  lua_getfield(L, t, "success");
  bool bad = lua_isboolean(L, -1) && !lua_toboolean(L, -1);
  lua_pop(L, 1);
  if (!bad && llg_push_refusal_message(L, t)) {
    lua_pop(L, 1);
    lua_getfield(L, t, "status");
    bad = lua_tonumber(L, -1) >= 400 || llg_is_one_of(L, t, "status", failed);
    lua_pop(L, 1);
    if (!bad && llg_push_refusal_code(L, t)) {
      lua_pop(L, 1);
      bad = true;
    }
  }
  bad
    = bad
      || (llg_has_said(L, t, "detail") && !llg_has_said(L, t, "id") && !llg_has_said(L, t, "object"));
  if (bad) lua_pushvalue(L, t);
  return bad;
}

/* Words and nothing else: the refusal of a gateway. */
static bool by_words_alone(lua_State *L, int t, enum llg_refusal_place place) {
  static const char *const ids[] = { "requestId", "request_id", "__type" };
  int n_words = 0, n_others = 0;
  if (place != LLG_IN_CHUNK) return false;
  lua_pushnil(L);
  while (lua_next(L, t) != 0) {
    const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
    bool is_text = lua_type(L, -1) == LUA_TSTRING && llg_rawlen(L, -1) > 0;
    bool is_word = is_text
                   && (strcmp(key, "message") == 0 || strcmp(key, "Message") == 0);
    bool is_id = false;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
      is_id = is_id || strcmp(key, ids[i]) == 0;
    n_words += is_word;
    n_others += !is_word && !is_id && !lua_isnil(L, -1);
    lua_pop(L, 1);
  }
  if (n_words == 0 || n_others > 0) return false;
  lua_pushvalue(L, t);
  return true;
}

/* Whether the table has any of the fields that the ways below look at, which most answers do not:
** one walk over its keys instead of thirty looks. */
static bool is_suspicious(lua_State *L, int t) {
  static const char *const names[]
    = { "error",       "errors",  "error_code",       "errorCode", "errcode",
        "err_code",    "fault",   "ResponseMetadata", "base_resp", "x_groq",
        "type",        "success", "status",           "code",      "statusCode",
        "status_code", "detail",  "message",          "Message",   NULL };
  static const char *const error[] = { "error", NULL };
  bool found = llg_is_one_of(L, t, "object", error);
  lua_pushnil(L);
  while (lua_next(L, t) != 0) {
    lua_pop(L, 1);
    const char *key = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
    for (const char *const *name = names; !found && *name != NULL; name++)
      found = key[0] == (*name)[0] && strcmp(key, *name) == 0;
  }
  return found;
}

/* Push what says that the table failed. */
static bool push_cause(lua_State *L, int t, enum llg_refusal_place place) {
  static way *const ways[] = { by_error, by_end,        by_groq,  by_minimax,    by_kind,
                               by_list,  by_error_code, by_state, by_words_alone };
  if (by_choice(L, t, place)) return true;
  if (place != LLG_IN_REFUSAL && !is_suspicious(L, t)) return by_end(L, t, place);
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
    if (ways[i](L, t, place)) return true;
  if (place == LLG_IN_REFUSAL) lua_pushvalue(L, t);
  return place == LLG_IN_REFUSAL;
}

bool llg_refusal_read(lua_State *L, enum llg_refusal_place place) {
  int top = lua_gettop(L);
  if (!lua_checkstack(L, 8 * LLG_SAID_DEPTH)) luaL_error(L, "not enough memory");
  lua_pushvalue(L, top);
  if (lua_istable(L, -1)) { /* Google's: a list of one */
    lua_rawgeti(L, -1, 1);
    lua_remove(L, lua_istable(L, -1) ? -2 : -1);
  }
  bool failed = false;
  if (lua_istable(L, -1)) {
    failed = push_cause(L, top + 1, place);
  } else if (place == LLG_IN_REFUSAL && lua_type(L, -1) == LUA_TSTRING) {
    lua_pushvalue(L, -1);
    failed = true;
  }
  if (failed) {
    llg_push_refusal_words(L, top + 1, lua_gettop(L));
    lua_insert(L, top + 1);
  }
  lua_settop(L, failed ? top + 1 : top);
  return failed;
}

bool llg_refusal_of_words(lua_State *L) {
  if (!lua_istable(L, -1) || !llg_refusal_read(L, LLG_IN_REFUSAL)) return false;
  bool has_words = llg_has_said(L, lua_gettop(L), "message");
  if (!has_words) lua_pop(L, 1);
  return has_words;
}
