#include "call.h"

#include <string.h>

#include "client.h"
#include "exchange.h"
#include "handle.h"
#include "json/encode.h"
#include "object.h"
#include "pool.h"
#include "stream.h"
#include "url.h"

#define REQUEST_CLASS "lualogue.core.request"

enum { PLAIN_TIMEOUT_MS = 600000 };

static struct llg_client *check(lua_State *L, const char *function) {
  struct llg_client *c = luaL_checkudata(L, 1, LLG_CLIENT_CLASS);
  if (c->settings == NULL) llg_raise(L, "'%s' on a client that was closed", function);
  return c;
}

/* ---- one request ---- */

/* Built inside a userdata, so that an error on the way frees it. */
struct request_object {
  struct llg_request request;
  struct llg_buffer query;
};

static int request_gc(lua_State *L) {
  struct request_object *r = luaL_checkudata(L, 1, REQUEST_CLASS);
  llg_request_free(&r->request);
  llg_buffer_free(&r->query);
  return 0;
}

/* A path below the base URL. It may bring a query of its own. */
static void set_url(
  lua_State *L, struct request_object *r, const struct llg_client *c,
  const char *function, const char *path, int options) {
  struct llg_buffer *url = &r->request.body; /* lent until the body is encoded */
  size_t n = strlen(path);
  for (size_t i = 0; i < n; i++)
    if ((unsigned char)path[i] <= ' ' || path[i] == 127 || path[i] == '#')
      llg_arg_error(
        L, function, "path", "it contains a blank, a '#' or a control character");
  llg_read_query(L, options, function, &r->query);
  const struct llg_url_parts parts = { .base = c->base_url,
                                       .path = path,
                                       .base_query = &c->base_query,
                                       .client_query = &c->query,
                                       .call_query = &r->query };
  llg_append_url(L, url, &parts);
  if (url->len > LLG_MAX_URL_BYTES)
    llg_arg_error(L, function, "path", "the URL is too long");
  r->request.url = llg_copy_string(L, llg_buffer_bytes(url), url->len);
  llg_buffer_clear(url);
}

/* A new request on top of the stack with all but its body. */
static struct request_object *new_request(
  lua_State *L, const struct llg_client *c, const char *function, const char *method,
  const char *path, int options, struct llg_options *o) {
  llg_read_options(L, options, LLG_FOR_CALL, function, o);
  struct request_object *r = llg_new(L, sizeof *r, REQUEST_CLASS);
  struct llg_request *request = &r->request;
  llg_buffer_init(&request->body, LLG_MAX_REQUEST_BYTES);
  llg_buffer_init(&r->query, LLG_MAX_URL_BYTES);
  request->settings = llg_settings_ref(c->settings);
  request->method = llg_copy_string(L, method, strlen(method));
  request->clocks = c->clocks;
  if (!c->has_total) request->clocks.total_ms = PLAIN_TIMEOUT_MS;
  llg_set_clocks(&request->clocks, o);
  request->max_retries = o->max_retries >= 0
                           ? (int)(o->max_retries < 1000 ? o->max_retries : 1000)
                           : c->max_retries;
  request->max_response_bytes = o->max_response_bytes > 0 ? (size_t)o->max_response_bytes
                                                          : c->max_response_bytes;
  request->http_version = o->http_version >= 0 ? (enum llg_http_version)o->http_version
                                               : c->http_version;
  set_url(L, r, c, function, path, options);
  return r;
}

/* The client's headers with what this call changes; nothing where it changes nothing. */
static void set_headers(
  lua_State *L, struct request_object *r, const char *function, int options,
  const struct llg_options *o, bool raw_body) {
  struct llg_header_list *list = &r->request.headers;
  bool has_headers = false;
  if (lua_istable(L, options)) {
    lua_getfield(L, options, "headers");
    has_headers = lua_istable(L, -1);
    lua_pop(L, 1);
  }
  if (!has_headers && o->api_key == NULL && !o->no_key && !raw_body) return;
  llg_check_status(
    L, llg_header_list_copy(list, &r->request.settings->headers), "the header list");
  r->request.own_headers = true;
  if (raw_body)
    llg_set_header(
      L, function, "headers", list, "Content-Type", "application/octet-stream");
  if (o->no_key)
    llg_check_status(
      L, llg_header_list_set(list, "Authorization", strlen("Authorization"), NULL, 0),
      "headers");
  if (o->api_key != NULL) llg_set_key(L, list, function, o->api_key);
  llg_read_headers(L, options, function, list);
}

/* A member that the caller's table does not have, into the object that was encoded. */
static void add_member(
  lua_State *L, struct llg_buffer *body, int params, const char *name,
  const char *value) {
  lua_getfield(L, params, name);
  bool absent = lua_isnil(L, -1);
  lua_pop(L, 1);
  if (!absent) return;
  body->len--; /* the closing brace */
  lua_pushfstring(L, "%s\"%s\":", body->len > 1 ? "," : "", name);
  llg_check_status(
    L, llg_buffer_append(body, lua_tostring(L, -1), strlen(lua_tostring(L, -1))),
    "the request");
  lua_pop(L, 1);
  if (strcmp(name, "model") == 0) {
    lua_pushstring(L, value);
    llg_json_encode(L, -1, "model", body);
    lua_pop(L, 1);
  } else {
    llg_check_status(L, llg_buffer_append(body, value, strlen(value)), "the request");
  }
  llg_check_status(L, llg_buffer_append(body, "}", 1), "the request");
}

/* The parameters as they are, and what the client adds to them. */
static void encode_params(
  lua_State *L, struct request_object *r, const struct llg_client *c, int params) {
  struct llg_buffer *body = &r->request.body;
  llg_json_encode(L, params, "", body);
  if (
    body->len == 2 && llg_buffer_bytes(body)[0] == '[') { /* an empty table with a mark */
    llg_buffer_clear(body);
    llg_check_status(L, llg_buffer_append(body, "{}", 2), "the request");
  }
  r->request.has_body = true;
  if (c->model != NULL) add_member(L, body, params, "model", c->model);
}

/* Hand the request to the pool; its handle is the result. */
static int start(
  lua_State *L, struct llg_client *c, struct request_object *r, const char *class,
  enum llg_reply_kind kind) {
  struct llg_handle *h = llg_new_handle(L, class);
  h->kind = kind;
  if (llg_pool_is_foreign(c->pool)) {
    struct llg_pool *own = llg_pool_ref(llg_get_pool(L));
    llg_pool_unref(c->pool);
    c->pool = own;
  }
  h->pool = llg_pool_ref(c->pool);
  llg_handle_start(L, h, &r->request);
  return 1;
}

static void check_params(lua_State *L, const char *function) {
  if (!lua_istable(L, 2)) llg_type_error(L, function, "params", "table", 2);
}

/* The parameter that the endpoint cannot do without. */
static void check_messages(lua_State *L, const char *function) {
  check_params(L, function);
  lua_getfield(L, 2, "messages");
  if (!lua_istable(L, -1))
    llg_type_error(L, function, "messages", "list of messages", -1);
  lua_pop(L, 1);
}

/* client:chat(params, options) -> exchange */
static int client_chat(lua_State *L) {
  struct llg_client *c = check(L, "chat");
  struct llg_options o;
  lua_settop(L, 3);
  check_messages(L, "chat");
  lua_getfield(L, 2, "stream");
  if (lua_toboolean(L, -1))
    return llg_arg_error(L, "chat", "stream", "client:stream gives a stream");
  struct request_object *r = new_request(
    L, c, "chat", "POST", "/chat/completions", 3, &o);
  set_headers(L, r, "chat", 3, &o, false);
  encode_params(L, r, c, 2);
  return start(L, c, r, LLG_EXCHANGE_CLASS, o.raw ? LLG_REPLY_RAW : LLG_REPLY_JSON);
}

/* client:stream(params, options) -> stream */
static int client_stream(lua_State *L) {
  struct llg_client *c = check(L, "stream");
  struct llg_options o;
  lua_settop(L, 3);
  check_messages(L, "stream");
  lua_getfield(L, 2, "stream");
  if (!lua_isnil(L, -1) && !(lua_isboolean(L, -1) && lua_toboolean(L, -1)))
    return llg_arg_error(L, "stream", "stream", "only true makes sense here");
  lua_getfield(L, 2, "n");
  lua_Integer n_choices = lua_tointeger(L, -1);
  struct request_object *r = new_request(
    L, c, "stream", "POST", "/chat/completions", 3, &o);
  if (o.raw) return llg_arg_error(L, "stream", "raw", "a stream is read as events");
  if (!c->has_total && o.total_ms < 0) r->request.clocks.total_ms = 0;
  set_headers(L, r, "stream", 3, &o, false);
  encode_params(L, r, c, 2);
  add_member(L, &r->request.body, 2, "stream", "true");
  r->request.stream = true;
  start(L, c, r, LLG_STREAM_CLASS, LLG_REPLY_JSON);
  struct llg_handle *h = lua_touserdata(L, -1);
  h->choices.n_asked = n_choices > 1 ? n_choices : 1;
  return 1;
}

/* client:embeddings(params, options) -> exchange */
static int client_embeddings(lua_State *L) {
  struct llg_client *c = check(L, "embeddings");
  struct llg_options o;
  lua_settop(L, 3);
  check_params(L, "embeddings");
  lua_getfield(L, 2, "input");
  if (!lua_istable(L, -1) && lua_type(L, -1) != LUA_TSTRING)
    return llg_type_error(L, "embeddings", "input", "string or list", -1);
  struct request_object *r = new_request(
    L, c, "embeddings", "POST", "/embeddings", 3, &o);
  set_headers(L, r, "embeddings", 3, &o, false);
  encode_params(L, r, c, 2);
  if (c->wants_base64)
    add_member(L, &r->request.body, 2, "encoding_format", "\"base64\"");
  return start(L, c, r, LLG_EXCHANGE_CLASS, o.raw ? LLG_REPLY_RAW : LLG_REPLY_EMBEDDINGS);
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

/* client:request(method, path, body, options) -> exchange. A table is sent as JSON, a string
** as it is, nil as no body. */
static int client_request(lua_State *L) {
  struct llg_client *c = check(L, "request");
  struct llg_options o;
  lua_settop(L, 5);
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
  struct request_object *r = new_request(
    L, c, "request", method, lua_tostring(L, 3), 5, &o);
  set_headers(L, r, "request", 5, &o, type == LUA_TSTRING);
  r->request.has_body = type != LUA_TNIL;
  if (type == LUA_TTABLE) llg_json_encode(L, 4, "", &r->request.body);
  if (type == LUA_TSTRING) {
    size_t n = 0;
    const char *bytes = lua_tolstring(L, 4, &n);
    llg_check_status(
      L, llg_buffer_append(&r->request.body, bytes, n), "the request body");
  }
  return start(L, c, r, LLG_EXCHANGE_CLASS, o.raw ? LLG_REPLY_RAW : LLG_REPLY_JSON);
}

void llg_open_calls(lua_State *L) {
  static const luaL_Reg methods[] = {
    { "chat", client_chat },
    { "stream", client_stream },
    { "embeddings", client_embeddings },
    { "request", client_request },
    { NULL, NULL },
  };
  static const luaL_Reg request_meta[] = {
    { "__gc", request_gc },
    { NULL, NULL },
  };
  llg_class(L, REQUEST_CLASS, NULL, request_meta);
  luaL_getmetatable(L, LLG_CLIENT_CLASS);
  lua_getfield(L, -1, "__index");
  llg_setfuncs(L, methods);
  lua_pop(L, 2);
}
