#include "draft.h"

#include <string.h>

#include "../core/base/memory.h"
#include "client.h"
#include "headers.h"
#include "json/encode.h"
#include "object.h"
#include "pool.h"
#include "url.h"

#define DRAFT_CLASS "lualogue.core.draft"

enum { PLAIN_TIMEOUT_MS = 600000 };

static void free_draft(struct llg_draft *d) {
  llg_request_free(&d->request);
  if (d->query.data != NULL) llg_wipe(d->query.data, d->query.capacity);
  llg_buffer_free(&d->query);
  llg_profile_unref(d->profile);
  d->profile = NULL;
}

static int draft_gc(lua_State *L) {
  free_draft(luaL_checkudata(L, 1, DRAFT_CLASS));
  return 0;
}

static void set_limits(struct llg_draft *d) {
  const struct llg_profile *p = d->profile;
  const struct llg_options *o = &d->options;
  struct llg_request *r = &d->request;
  r->clocks = p->clocks;
  if (!p->has_total) r->clocks.total_ms = PLAIN_TIMEOUT_MS;
  llg_set_clocks(&r->clocks, o);
  r->raw = o->raw > 0;
  r->max_retries = p->max_retries;
  if (o->max_retries >= 0)
    r->max_retries = (int)(o->max_retries < 1000 ? o->max_retries : 1000);
  r->max_response_bytes = o->max_response_bytes > 0   ? (size_t)o->max_response_bytes
                          : p->max_response_bytes > 0 ? p->max_response_bytes
                                                      : LLG_MAX_RESPONSE_BYTES;
  r->http_version = o->http_version >= 0 ? (enum llg_http_version)o->http_version
                                         : p->http_version;
}

struct llg_draft *llg_new_draft(lua_State *L, const char *function, int options) {
  struct llg_draft *d = llg_new(L, sizeof *d, DRAFT_CLASS);
  d->profile = llg_take_profile(L, 1, function);
  d->function = function;
  d->at = options;
  llg_buffer_init(&d->request.body, LLG_MAX_REQUEST_BYTES);
  llg_buffer_init(&d->query, LLG_MAX_URL_BYTES);
  d->request.settings = llg_settings_ref(d->profile->settings);
  llg_read_options(L, options, LLG_FOR_CALL, function, &d->options);
  if (d->options.stream && strcmp(function, "request") != 0)
    llg_arg_error(
      L, function, "stream", "client:request takes it; client:stream streams a chat");
  bool is_file = d->options.to != NULL || d->options.multipart;
  if (is_file && strcmp(function, "request") != 0)
    llg_arg_error(
      L, function, d->options.to != NULL ? "to" : "multipart", "client:request takes it");
  set_limits(d);
  return d;
}

void llg_draft_takes_long(struct llg_draft *d) {
  if (!d->profile->has_total && d->options.total_ms < 0) d->request.clocks.total_ms = 0;
}

/* What is not held has no maximum but one that was set. */
static void hold_nothing(struct llg_draft *d) {
  llg_draft_takes_long(d);
  if (d->options.max_response_bytes <= 0 && d->profile->max_response_bytes == 0)
    d->request.max_response_bytes = SIZE_MAX;
}

void llg_draft_stream(lua_State *L, struct llg_draft *d) {
  if (d->options.to != NULL)
    llg_arg_error(L, d->function, "to", "a stream goes to whom it is read by");
  if (d->options.raw && strcmp(d->function, "request") != 0)
    llg_arg_error(L, d->function, "raw", "the stream of a chat is read as events");
  llg_draft_takes_long(d);
  if (d->request.raw) hold_nothing(d);
  d->request.stream = true;
}

bool llg_draft_file(lua_State *L, struct llg_draft *d) {
  const char *path = d->options.to;
  if (path == NULL) return false;
  llg_check_status(
    L, llg_new_file_set(&d->request.answer_to, path, strlen(path)), "the path");
  hold_nothing(d);
  d->request.raw = true;
  return true;
}

void llg_draft_address(
  lua_State *L, struct llg_draft *d, const char *method, const char *path) {
  struct llg_buffer *url = &d->request.body; /* lent until the body is encoded */
  for (const char *c = path; *c != '\0'; c++)
    if ((unsigned char)*c <= ' ' || *c == 127 || *c == '#')
      llg_arg_error(
        L, d->function, "path", "it contains a blank, a '#' or a control character");
  llg_read_query(L, d->at, d->function, &d->query);
  const struct llg_url_parts parts = { .base = d->profile->base_url,
                                       .path = path,
                                       .base_query = &d->profile->base_query,
                                       .client_query = &d->profile->query,
                                       .call_query = &d->query };
  llg_append_url(L, url, &parts);
  if (url->len > LLG_MAX_URL_BYTES)
    llg_arg_error(L, d->function, "path", "the URL is too long");
  d->request.method = llg_copy_string(L, method, strlen(method));
  d->request.url = llg_copy_string(L, llg_buffer_bytes(url), url->len);
  llg_wipe(llg_buffer_bytes(url), url->len);
  llg_buffer_clear(url);
}

void llg_draft_headers(lua_State *L, struct llg_draft *d, const char *type) {
  const struct llg_options *o = &d->options;
  struct llg_header_list *list = &d->request.headers;
  bool has_headers = false;
  if (lua_istable(L, d->at)) {
    llg_push_field(L, d->at, "headers");
    has_headers = lua_istable(L, -1);
    lua_pop(L, 1);
  }
  if (!has_headers && o->api_key == NULL && !o->no_key && type == NULL) return;
  llg_check_status(
    L, llg_header_list_copy(list, &d->request.settings->headers), "the header list");
  d->request.own_headers = true;
  if (type != NULL) llg_set_header(L, d->function, "headers", list, "Content-Type", type);
  if (o->no_key || o->api_key != NULL)
    llg_set_key(L, d->function, list, d->profile->key_header, o->api_key);
  llg_read_headers(L, d->at, d->function, list);
}

void llg_draft_params(
  lua_State *L, struct llg_draft *d, int params, const char *name, const char *json) {
  const char *model = d->profile->model;
  struct llg_json_member more = { name, json, NULL }, members[2];
  size_t n = 0;
  if (name != NULL && strcmp(name, "model") < 0) members[n++] = more;
  if (model != NULL) members[n++] = (struct llg_json_member){ "model", NULL, model };
  if (name != NULL && strcmp(name, "model") > 0) members[n++] = more;
  llg_json_encode_object(L, params, members, n, &d->request.body);
  d->request.has_body = true;
}

struct llg_handle *llg_draft_start(
  lua_State *L, struct llg_draft *d, const char *class, enum llg_reply_kind kind) {
  struct llg_handle *h = llg_new_handle(L, class);
  struct llg_pool *pool = d->profile->pool;
  if (llg_pool_is_foreign(pool)) pool = llg_get_pool(L); /* after a fork */
  h->kind = kind;
  h->pool = llg_pool_ref(pool);
  llg_handle_start(L, h, &d->request);
  free_draft(d); /* now, and not when the collector comes by */
  return h;
}

void llg_open_draft(lua_State *L) {
  static const luaL_Reg meta[] = {
    { "__gc", draft_gc },
    { NULL, NULL },
  };
  llg_class(L, DRAFT_CLASS, NULL, meta);
}
