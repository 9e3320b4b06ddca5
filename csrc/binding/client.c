#include "client.h"

#include <string.h>

#include "../core/base/memory.h"
#include "object.h"
#include "pool.h"

#ifndef LLG_VERSION
#define LLG_VERSION "scm"
#endif

enum {
  CONNECT_TIMEOUT_MS = 5000,
  FIRST_BYTE_TIMEOUT_MS = 600000,
  IDLE_TIMEOUT_MS = 60000
};

char *llg_copy_string(lua_State *L, const char *s, size_t n) {
  char *p = llg_strndup(s, n);
  if (p == NULL) luaL_error(L, "not enough memory");
  return p;
}

void llg_set_clocks(struct llg_clocks *clocks, const struct llg_options *o) {
  if (o->connect_ms >= 0) clocks->connect_ms = o->connect_ms;
  if (o->first_byte_ms >= 0) clocks->first_byte_ms = o->first_byte_ms;
  if (o->idle_ms >= 0) clocks->idle_ms = o->idle_ms;
  if (o->total_ms >= 0) clocks->total_ms = o->total_ms;
}

void llg_set_key(
  lua_State *L, struct llg_header_list *list, const char *function, const char *key) {
  static const char bearer[] = "Bearer ";
  size_t n = strlen(key) + sizeof bearer;
  /* Not a Lua string: those are never wiped. */
  char *value = lua_newuserdata(L, n);
  memcpy(value, bearer, sizeof bearer - 1);
  memcpy(value + sizeof bearer - 1, key, n - sizeof bearer + 1);
  llg_set_header(L, function, "api_key", list, "Authorization", value);
  llg_wipe(value, n);
  lua_pop(L, 1);
}

static void set_default_headers(
  lua_State *L, struct llg_header_list *list, const struct llg_options *o) {
  const char *f = "new";
  llg_set_header(L, f, "headers", list, "Content-Type", "application/json");
  llg_set_header(L, f, "headers", list, "Accept", "application/json");
  llg_set_header(L, f, "headers", list, "User-Agent", "lualogue/" LLG_VERSION);
  if (o->api_key != NULL) llg_set_key(L, list, f, o->api_key);
  if (o->organization != NULL)
    llg_set_header(L, f, "organization", list, "OpenAI-Organization", o->organization);
  if (o->project != NULL)
    llg_set_header(L, f, "project", list, "OpenAI-Project", o->project);
}

static void set_base_url(lua_State *L, struct llg_client *c, const char *url) {
  size_t n = strlen(url);
  if (strstr(url, "://") == NULL)
    llg_arg_error(L, "new", "base_url", "it must begin with http:// or https://");
  for (size_t i = 0; i < n; i++)
    if ((unsigned char)url[i] <= ' ' || url[i] == 127)
      llg_arg_error(L, "new", "base_url", "it contains a blank or a control character");
  if (strchr(url, '#') != NULL)
    llg_arg_error(L, "new", "base_url", "it contains a '#', which no server ever sees");
  const char *query = strchr(url, '?');
  if (query != NULL) {
    llg_check_status(
      L, llg_buffer_append(&c->base_query, query + 1, strlen(query + 1)), "the query");
    n = (size_t)(query - url);
  }
  while (n > 0 && url[n - 1] == '/')
    n--;
  c->base_url = llg_copy_string(L, url, n);
  char host[256];
  llg_url_host(url, host, sizeof host);
  if (host[0] == '\0' || host[0] == ':')
    llg_arg_error(L, "new", "base_url", "it names no host");
  host[strcspn(host, ":")] = '\0';
  size_t len = strlen(host);
  static const char azure[] = ".azure.com";
  c->wants_base64
    = strcmp(host, "api.openai.com") == 0
      || (len > strlen(azure) && strcmp(host + len - strlen(azure), azure) == 0);
}

static void
set_transport(lua_State *L, struct llg_transport *t, const struct llg_options *o) {
  t->tls_verify = o->tls_verify != 0;
  if (o->ca_file != NULL) t->ca_file = llg_copy_string(L, o->ca_file, strlen(o->ca_file));
  if (o->ca_path != NULL) t->ca_path = llg_copy_string(L, o->ca_path, strlen(o->ca_path));
}

/* core.client(options) -> client */
static int core_client(lua_State *L) {
  struct llg_options o;
  lua_settop(L, 1);
  llg_read_options(L, 1, LLG_FOR_CLIENT, "new", &o);
  if (o.base_url == NULL)
    return llg_arg_error(L, "new", "base_url", "string expected, got nil");
  struct llg_client *c = llg_new(L, sizeof *c, LLG_CLIENT_CLASS);
  llg_buffer_init(&c->base_query, LLG_MAX_URL_BYTES);
  llg_buffer_init(&c->query, LLG_MAX_URL_BYTES);
  c->settings = llg_settings_new();
  if (c->settings == NULL) luaL_error(L, "not enough memory");
  c->pool = llg_pool_ref(llg_get_pool(L));
  c->clocks = (struct llg_clocks){ .connect_ms = CONNECT_TIMEOUT_MS,
                                   .first_byte_ms = FIRST_BYTE_TIMEOUT_MS,
                                   .idle_ms = IDLE_TIMEOUT_MS };
  llg_set_clocks(&c->clocks, &o);
  c->has_total = o.total_ms >= 0;
  c->max_retries = o.max_retries >= 0 ? (int)(o.max_retries < 1000 ? o.max_retries : 1000)
                                      : 2;
  c->max_response_bytes = o.max_response_bytes > 0 ? (size_t)o.max_response_bytes
                                                   : LLG_MAX_RESPONSE_BYTES;
  c->http_version = o.http_version >= 0 ? (enum llg_http_version)o.http_version
                                        : LLG_HTTP_DEFAULT;
  set_transport(L, &c->settings->transport, &o);
  if (o.model != NULL) c->model = llg_copy_string(L, o.model, strlen(o.model));
  set_base_url(L, c, o.base_url);
  set_default_headers(L, &c->settings->headers, &o);
  llg_read_headers(L, 1, "new", &c->settings->headers);
  llg_read_query(L, 1, "new", &c->query);
  llg_check_status(L, llg_settings_seal(c->settings), "the header list");
  return 1;
}

/* A key may stand in a query or before the host. */
static void free_query(struct llg_buffer *query) {
  if (query->data != NULL) llg_wipe(query->data, query->capacity);
  llg_buffer_free(query);
}

/* client:close(): the key is wiped as soon as the last request that carries it is over. */
static int client_close(lua_State *L) {
  struct llg_client *c = luaL_checkudata(L, 1, LLG_CLIENT_CLASS);
  struct llg_client old = *c;
  memset(c, 0, sizeof *c);
  llg_settings_unref(old.settings);
  llg_pool_unref(old.pool);
  if (old.base_url != NULL) llg_wipe(old.base_url, strlen(old.base_url));
  llg_free(old.base_url);
  llg_free(old.model);
  free_query(&old.base_query);
  free_query(&old.query);
  return 0;
}

/* Neither user nor query of the URL is shown: they may be secrets. */
static int client_tostring(lua_State *L) {
  struct llg_client *c = luaL_checkudata(L, 1, LLG_CLIENT_CLASS);
  char host[256];
  if (c->settings == NULL) {
    lua_pushliteral(L, LLG_CLIENT_CLASS " (closed)");
    return 1;
  }
  llg_url_host(c->base_url, host, sizeof host);
  lua_pushfstring(L, "%s (%s)", LLG_CLIENT_CLASS, host);
  return 1;
}

void llg_open_client(lua_State *L) {
  static const luaL_Reg methods[] = {
    { "close", client_close },
    { NULL, NULL },
  };
  static const luaL_Reg meta[] = {
    { "__gc", client_close },
    { "__close", client_close },
    { "__tostring", client_tostring },
    { NULL, NULL },
  };
  llg_class(L, LLG_CLIENT_CLASS, methods, meta);
  lua_pushcfunction(L, core_client);
  lua_setfield(L, -2, "client");
}
