#include "call.h"

#include <string.h>

#include "bytes.h"
#include "client.h"
#include "draft.h"
#include "events.h"
#include "exchange.h"
#include "json/encode.h"
#include "multipart.h"
#include "object.h"
#include "stream.h"

static void check_params(lua_State *L, const char *function) {
  if (!lua_istable(L, 2)) llg_type_error(L, function, "params", "table", 2);
}

/* The parameter that the endpoint cannot do without. */
static void check_messages(lua_State *L, const char *function) {
  check_params(L, function);
  llg_push_field(L, 2, "messages");
  if (!lua_istable(L, -1))
    llg_type_error(L, function, "messages", "list of messages", -1);
  lua_pop(L, 1);
}

static enum llg_reply_kind kind_of(const struct llg_draft *d, enum llg_reply_kind kind) {
  return d->options.raw ? LLG_REPLY_RAW : kind;
}

static int is_null(lua_State *L, int i) {
  return lua_islightuserdata(L, i) && lua_touserdata(L, i) == NULL;
}

/* client:chat(params, options) -> exchange */
static int client_chat(lua_State *L) {
  lua_settop(L, 3);
  struct llg_draft *d = llg_new_draft(L, "chat", 3);
  check_messages(L, "chat");
  llg_push_field(L, 2, "stream");
  if (lua_toboolean(L, -1) && !is_null(L, -1))
    return llg_arg_error(L, "chat", "stream", "client:stream gives a stream");
  llg_draft_address(L, d, "POST", "/chat/completions");
  llg_draft_headers(L, d, NULL);
  llg_draft_params(L, d, 2, NULL, NULL);
  llg_draft_start(L, d, LLG_EXCHANGE_CLASS, kind_of(d, LLG_REPLY_CHAT));
  return 1;
}

/* client:stream(params, options) -> stream */
static int client_stream(lua_State *L) {
  lua_settop(L, 3);
  struct llg_draft *d = llg_new_draft(L, "stream", 3);
  check_messages(L, "stream");
  llg_push_field(L, 2, "stream");
  if (!lua_isnil(L, -1) && !(lua_isboolean(L, -1) && lua_toboolean(L, -1)))
    return llg_arg_error(L, "stream", "stream", "only true makes sense here");
  llg_push_field(L, 2, "n");
  lua_Integer n_choices = lua_tointeger(L, -1);
  llg_draft_stream(L, d);
  llg_draft_address(L, d, "POST", "/chat/completions");
  llg_draft_headers(L, d, NULL);
  llg_draft_params(L, d, 2, "stream", "true");
  struct llg_handle *h = llg_draft_start(L, d, LLG_STREAM_CLASS, LLG_REPLY_JSON);
  h->choices.n_asked = n_choices > 1 ? n_choices : 1;
  return 1;
}

/* client:embeddings(params, options) -> exchange */
static int client_embeddings(lua_State *L) {
  lua_settop(L, 3);
  struct llg_draft *d = llg_new_draft(L, "embeddings", 3);
  check_params(L, "embeddings");
  llg_push_field(L, 2, "input");
  if (!lua_istable(L, -1) && lua_type(L, -1) != LUA_TSTRING)
    return llg_type_error(L, "embeddings", "input", "string or list", -1);
  llg_draft_address(L, d, "POST", "/embeddings");
  llg_draft_headers(L, d, NULL);
  const char *format = d->profile->wants_base64 ? "encoding_format" : NULL;
  llg_draft_params(L, d, 2, format, "\"base64\"");
  llg_draft_start(L, d, LLG_EXCHANGE_CLASS, kind_of(d, LLG_REPLY_EMBEDDINGS));
  return 1;
}

/* An HTTP method: upper-case letters, as they all are. */
static const char *check_method(lua_State *L) {
  if (lua_type(L, 2) != LUA_TSTRING) llg_type_error(L, "request", "method", "string", 2);
  const char *method = lua_tostring(L, 2);
  size_t n = strspn(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  if (n == 0 || n > 20 || method[n] != '\0')
    llg_arg_error(L, "request", "method", "upper-case letters expected, such as GET");
  return method;
}

/* The body at 4 as it is sent: a list of parts as a form where one is asked for, else a table as
** JSON, a string as it is, nil as none. */
static void set_body(lua_State *L, struct llg_draft *d) {
  size_t n = 0;
  int type = lua_type(L, 4);
  if (d->options.multipart) {
    llg_draft_multipart(L, d, 4);
    return;
  }
  llg_draft_headers(L, d, type == LUA_TSTRING ? "application/octet-stream" : NULL);
  d->request.has_body = type != LUA_TNIL;
  if (type == LUA_TTABLE) llg_json_encode(L, 4, "", &d->request.body);
  if (type != LUA_TSTRING) return;
  const char *bytes = lua_tolstring(L, 4, &n);
  llg_check_status(L, llg_buffer_append(&d->request.body, bytes, n), "the request body");
}

/* How many choices the body at 4 asks for. */
static int64_t choices_asked(lua_State *L) {
  if (!lua_istable(L, 4)) return 1;
  llg_push_field(L, 4, "n");
  lua_Integer n = lua_tointeger(L, -1);
  lua_pop(L, 1);
  return n > 1 ? n : 1;
}

/* client:request(method, path, body, options) -> exchange, or events, or bytes */
static int client_request(lua_State *L) {
  lua_settop(L, 5);
  struct llg_draft *d = llg_new_draft(L, "request", 5);
  const char *method = check_method(L);
  if (lua_type(L, 3) != LUA_TSTRING)
    return llg_type_error(L, "request", "path", "string", 3);
  if (strlen(lua_tostring(L, 3)) != llg_rawlen(L, 3))
    return llg_arg_error(L, "request", "path", "it contains a NUL");
  int type = lua_type(L, 4);
  if (type != LUA_TNIL && type != LUA_TSTRING && type != LUA_TTABLE)
    return llg_type_error(L, "request", "body", "table, string or nil", 4);
  if (type != LUA_TNIL && strcmp(method, "HEAD") == 0)
    return llg_arg_error(L, "request", "body", "a HEAD request has none");
  llg_draft_address(L, d, method, lua_tostring(L, 3));
  set_body(L, d);
  if (!d->options.stream) {
    bool is_file = llg_draft_file(L, d);
    enum llg_reply_kind kind = is_file ? LLG_REPLY_FILE : kind_of(d, LLG_REPLY_JSON);
    llg_draft_start(L, d, LLG_EXCHANGE_CLASS, kind);
    return 1;
  }
  llg_draft_stream(L, d);
  if (d->request.raw) {
    llg_draft_start(L, d, LLG_BYTES_CLASS, LLG_REPLY_RAW);
    return 1;
  }
  int64_t n_asked = choices_asked(L);
  struct llg_handle *h = llg_draft_start(L, d, LLG_EVENTS_CLASS, LLG_REPLY_JSON);
  h->choices.n_asked = n_asked;
  return 1;
}

void llg_open_calls(lua_State *L) {
  static const luaL_Reg methods[] = {
    { "chat", client_chat },
    { "stream", client_stream },
    { "embeddings", client_embeddings },
    { "request", client_request },
    { NULL, NULL },
  };
  llg_open_draft(L);
  luaL_getmetatable(L, LLG_CLIENT_CLASS);
  lua_getfield(L, -1, "__index");
  llg_setfuncs(L, methods);
  lua_pop(L, 2);
}
