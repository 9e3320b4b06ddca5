#include "refusal.h"

#include <string.h>

#include "refusal_words.h"

enum { MAX_DEPTH = 6 };

/* ---- looks at what was decoded; `t` is the absolute index of a table ---- */

/* Whether the value on top of the stack says anything: not "", 0, false, and not a table of
** nothing but such. Many servers send every field in every answer. */
static bool is_said(lua_State *L, int depth) {
  switch (lua_type(L, -1)) {
  case LUA_TSTRING: return llg_rawlen(L, -1) > 0;
  case LUA_TNUMBER: return lua_tonumber(L, -1) != 0;
  case LUA_TBOOLEAN: return lua_toboolean(L, -1);
  case LUA_TTABLE: break;
  default: return false;
  }
  bool said = false;
  lua_pushnil(L);
  while (depth < MAX_DEPTH && lua_next(L, -2) != 0) {
    said = is_said(L, depth + 1);
    lua_pop(L, said ? 2 : 1);
    if (said) break;
  }
  return said;
}

/* Push the field and return true, or push nothing. */
static bool push_said(lua_State *L, int t, const char *name) {
  lua_getfield(L, t, name);
  if (is_said(L, 0)) return true;
  lua_pop(L, 1);
  return false;
}

static bool has(lua_State *L, int t, const char *name) {
  bool said = push_said(L, t, name);
  if (said) lua_pop(L, 1);
  return said;
}

static bool is_one_of(lua_State *L, int t, const char *name, const char *const *words) {
  bool found = false;
  lua_getfield(L, t, name);
  const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
  for (; text != NULL && *words != NULL; words++)
    found = found || strcmp(text, *words) == 0;
  lua_pop(L, 1);
  return found;
}

/* ---- answers ---- */

bool llg_choice_reason(lua_State *L) {
  lua_getfield(L, -1, "finish_reason");
  if (lua_type(L, -1) == LUA_TSTRING && llg_rawlen(L, -1) > 0) {
    if (strcmp(lua_tostring(L, -1), "null") != 0) return true;
  }
  lua_pop(L, 1);
  return false;
}

/* Whether the table on top of the stack holds anything but whose it is. */
static bool holds_more(lua_State *L) {
  int top = lua_gettop(L);
  bool more = false;
  if (!lua_istable(L, top)) return false;
  lua_pushnil(L);
  while (!more && lua_next(L, top) != 0) {
    bool role = lua_type(L, -2) == LUA_TSTRING
                && strcmp(lua_tostring(L, -2), "role") == 0;
    more = !role && is_said(L, 0);
    lua_pop(L, 1);
  }
  lua_settop(L, top);
  return more;
}

bool llg_choice_brings(lua_State *L, bool only_delta) {
  static const char *const names[] = { "delta", "message" };
  bool brings = false;
  for (int i = 0; i < (only_delta ? 1 : 2) && !brings; i++) {
    lua_getfield(L, -1, names[i]);
    brings = holds_more(L);
    lua_pop(L, 1);
  }
  return brings || has(L, lua_gettop(L), "text"); /* of a completion */
}

bool llg_reply_brings(lua_State *L) {
  int top = lua_gettop(L);
  bool brings = has(L, top, "output"); /* in the form of /responses */
  lua_getfield(L, top, "choices");
  for (int i = 1; lua_istable(L, top + 1) && !brings; i++) {
    lua_rawgeti(L, top + 1, i);
    if (!lua_istable(L, -1)) break;
    brings = llg_choice_brings(L, false) || llg_choice_reason(L);
    lua_settop(L, top + 1);
  }
  lua_settop(L, top);
  return brings;
}

/* Whether there is something beside the error that the caller asked for. */
static bool is_answered(lua_State *L, int t, enum llg_refusal_place place) {
  bool answered = false;
  lua_getfield(L, t, "choices");
  for (int i = 1; lua_istable(L, -1) && !answered; i++) {
    lua_rawgeti(L, -1, i);
    bool is_choice = lua_istable(L, -1);
    answered = is_choice && (place == LLG_IN_EVENT || llg_choice_brings(L, false));
    lua_pop(L, 1);
    if (!is_choice) break;
  }
  lua_pop(L, 1);
  return answered || has(L, t, "data") || has(L, t, "output");
}

/* A thing of the server's with a state of its own: that of a job that failed is told well. */
static bool is_resource(lua_State *L, int t) {
  static const char *const none[] = { "error", "response", NULL };
  return has(L, t, "id") && has(L, t, "object") && has(L, t, "status")
         && !is_one_of(L, t, "object", none);
}

/* ---- the ways to say that it failed: each pushes the value that says so ---- */

typedef bool way(lua_State *L, int t, enum llg_refusal_place place);

/* What the choice on top of the stack says, pushed. */
typedef bool choice_way(lua_State *L);

static bool choice_error(lua_State *L) {
  return push_said(L, lua_gettop(L), "error");
}

static bool choice_end(lua_State *L) {
  static const char *const bad[] = { "error", "abort", NULL };
  if (!is_one_of(L, lua_gettop(L), "finish_reason", bad)) return false;
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
  if (push_said(L, t, "error")) lua_remove(L, -2); /* says more, answered or not */
  return true;
}

static bool by_error(lua_State *L, int t, enum llg_refusal_place place) {
  if (place == LLG_IN_BODY && (is_answered(L, t, place) || is_resource(L, t)))
    return false;
  if (!push_said(L, t, "error")) return false;
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
    bad = is_code ? llg_push_refusal_code(L, part) : push_said(L, part, inside);
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
  if (is_one_of(L, t, "type", failed)) return by_part(L, t, "response", "error");
  bool is = is_one_of(L, t, "object", error) || is_one_of(L, t, "type", error);
  if (is) lua_pushvalue(L, t);
  return is;
}

static bool by_error_code(lua_State *L, int t, enum llg_refusal_place place) {
  static const char *const names[] = { "error_code", "errorCode", "errcode", "err_code",
                                       NULL };
  static const char *const none[] = { "0", NULL };
  (void)place;
  for (const char *const *name = names; *name != NULL; name++) {
    if (!has(L, t, *name) || is_one_of(L, t, *name, none)) continue;
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
    if ((lua_istable(L, -1) || is_text) && is_said(L, 0)) return true;
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
    bad = lua_tonumber(L, -1) >= 400 || is_one_of(L, t, "status", failed);
    lua_pop(L, 1);
    if (!bad && llg_push_refusal_code(L, t)) {
      lua_pop(L, 1);
      bad = true;
    }
  }
  bad = bad || (has(L, t, "detail") && !has(L, t, "id") && !has(L, t, "object"));
  if (bad) lua_pushvalue(L, t);
  return bad;
}

/* Whether the table has any of the fields that the ways below look at, which most answers do not:
** one walk over its keys instead of thirty looks. */
static bool is_suspicious(lua_State *L, int t) {
  static const char *const names[]
    = { "error",     "errors",   "error_code", "errorCode",
        "errcode",   "err_code", "fault",      "ResponseMetadata",
        "base_resp", "x_groq",   "type",       "success",
        "status",    "code",     "statusCode", "status_code",
        "detail",    NULL };
  static const char *const error[] = { "error", NULL };
  bool found = is_one_of(L, t, "object", error);
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
  static way *const ways[] = { by_error, by_end,  by_groq,       by_minimax,
                               by_kind,  by_list, by_error_code, by_state };
  if (by_choice(L, t, place)) return true;
  if (place != LLG_IN_REFUSAL && !is_suspicious(L, t)) return by_end(L, t, place);
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
    if (ways[i](L, t, place)) return true;
  if (place == LLG_IN_REFUSAL) lua_pushvalue(L, t);
  return place == LLG_IN_REFUSAL;
}

bool llg_refusal_read(lua_State *L, enum llg_refusal_place place) {
  int top = lua_gettop(L);
  luaL_checkstack(L, 8 * MAX_DEPTH, "refusal");
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
