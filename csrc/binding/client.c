#include "client.h"

#include <string.h>

#include "headers.h"
#include "json/library.h"
#include "object.h"
#include "options.h"
#include "pool.h"
#include "url.h"

#ifndef LLG_VERSION
#define LLG_VERSION "scm"
#endif

enum {
  CONNECT_TIMEOUT_MS = 5000,
  FIRST_BYTE_TIMEOUT_MS = 600000,
  IDLE_TIMEOUT_MS = 60000
};

struct client {
  struct llg_profile *profile; /* counted; NULL: closed */
};

struct llg_profile *llg_take_profile(lua_State *L, int index, const char *function) {
  struct client *c = luaL_checkudata(L, index, LLG_CLIENT_CLASS);
  if (c->profile == NULL) llg_raise(L, "'%s' on a client that was closed", function);
  return llg_profile_ref(c->profile);
}

static void set_default_headers(
  lua_State *L, struct llg_header_list *list, const struct llg_options *o) {
  const char *f = "new";
  llg_set_header(L, f, "headers", list, "Content-Type", "application/json");
  llg_set_header(L, f, "headers", list, "Accept", "application/json");
  llg_set_header(L, f, "headers", list, "User-Agent", "lualogue/" LLG_VERSION);
  if (o->api_key != NULL) llg_set_key(L, f, list, o->api_key);
  if (o->organization != NULL)
    llg_set_header(L, f, "organization", list, "OpenAI-Organization", o->organization);
  if (o->project != NULL)
    llg_set_header(L, f, "project", list, "OpenAI-Project", o->project);
}

static void set_base_url(lua_State *L, struct llg_profile *p, const char *url) {
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
      L, llg_buffer_append(&p->base_query, query + 1, strlen(query + 1)), "the query");
    n = (size_t)(query - url);
  }
  while (n > 0 && url[n - 1] == '/')
    n--;
  p->base_url = llg_copy_string(L, url, n);
  char host[256];
  llg_url_host(url, host, sizeof host);
  if (host[0] == '\0' || host[0] == ':')
    llg_arg_error(L, "new", "base_url", "it names no host");
  host[strcspn(host, ":")] = '\0';
  size_t len = strlen(host);
  static const char azure[] = ".azure.com";
  p->wants_base64
    = strcmp(host, "api.openai.com") == 0
      || (len > strlen(azure) && strcmp(host + len - strlen(azure), azure) == 0);
}

static void set_limits(struct llg_profile *p, const struct llg_options *o) {
  p->clocks = (struct llg_clocks){ .connect_ms = CONNECT_TIMEOUT_MS,
                                   .first_byte_ms = FIRST_BYTE_TIMEOUT_MS,
                                   .idle_ms = IDLE_TIMEOUT_MS };
  llg_set_clocks(&p->clocks, o);
  p->has_total = o->total_ms >= 0;
  p->max_retries = o->max_retries >= 0
                     ? (int)(o->max_retries < 1000 ? o->max_retries : 1000)
                     : 2;
  p->max_response_bytes = o->max_response_bytes > 0 ? (size_t)o->max_response_bytes
                                                    : LLG_MAX_RESPONSE_BYTES;
  p->http_version = o->http_version >= 0 ? (enum llg_http_version)o->http_version
                                         : LLG_HTTP_DEFAULT;
}

static void copy_option(lua_State *L, char **to, const char *from) {
  if (from != NULL) *to = llg_copy_string(L, from, strlen(from));
}

static void
set_settings(lua_State *L, struct llg_settings *s, const struct llg_options *o) {
  struct llg_transport *t = &s->transport;
  if (o->max_connections > 0) s->max_connections = (size_t)o->max_connections;
  t->tls_verify = o->tls_verify != 0;
  t->tls_1_3 = o->tls_1_3;
  copy_option(L, &t->ca_file, o->ca_file);
  copy_option(L, &t->ca_path, o->ca_path);
  copy_option(L, &t->client_cert, o->client_cert);
  copy_option(L, &t->client_key, o->client_key);
  copy_option(L, &t->proxy, o->proxy);
  copy_option(L, &t->no_proxy, o->no_proxy);
  copy_option(L, &t->unix_socket, o->unix_socket);
  set_default_headers(L, &s->headers, o);
  llg_read_headers(L, 1, "new", &s->headers);
  llg_check_status(L, llg_settings_seal(s), "the header list");
}

/* core.client(options) -> client */
static int core_client(lua_State *L) {
  struct llg_options o;
  lua_settop(L, 1);
  llg_read_options(L, 1, LLG_FOR_CLIENT, "new", &o);
  if (o.base_url == NULL)
    return llg_arg_error(L, "new", "base_url", "string expected, got nil");
  struct llg_failure failure;
  /* Now, and not when an answer was paid for that nobody can read. */
  if (llg_json_library(L, &failure) == NULL) return llg_raise(L, "%s", failure.message);
  struct client *c = llg_new(L, sizeof *c, LLG_CLIENT_CLASS);
  struct llg_profile *p = c->profile = llg_profile_new();
  if (p == NULL) return luaL_error(L, "not enough memory");
  p->settings = llg_settings_new();
  if (p->settings == NULL) return luaL_error(L, "not enough memory");
  p->pool = llg_pool_ref(llg_get_pool(L));
  set_limits(p, &o);
  if (o.model != NULL) p->model = llg_copy_string(L, o.model, strlen(o.model));
  set_base_url(L, p, o.base_url);
  llg_read_query(L, 1, "new", &p->query);
  set_settings(L, p->settings, &o);
  return 1;
}

/* The key is wiped as soon as the last request that carries it is over. */
static int client_gc(lua_State *L) {
  struct client *c = luaL_checkudata(L, 1, LLG_CLIENT_CLASS);
  struct llg_profile *profile = c->profile;
  c->profile = NULL;
  llg_profile_unref(profile);
  return 0;
}

/* client:close(): its connections go as well. Those of a client that was merely forgotten are
** good for the next one to the same server. */
static int client_close(lua_State *L) {
  struct client *c = luaL_checkudata(L, 1, LLG_CLIENT_CLASS);
  if (c->profile != NULL && c->profile->settings != NULL)
    llg_pool_forget(c->profile->pool, c->profile->settings);
  return client_gc(L);
}

/* Neither user nor query of the URL is shown: they may be secrets. */
static int client_tostring(lua_State *L) {
  struct client *c = luaL_checkudata(L, 1, LLG_CLIENT_CLASS);
  char host[256];
  if (c->profile == NULL) {
    lua_pushliteral(L, LLG_CLIENT_CLASS " (closed)");
    return 1;
  }
  llg_url_host(c->profile->base_url, host, sizeof host);
  lua_pushfstring(L, "%s (%s)", LLG_CLIENT_CLASS, host);
  return 1;
}

void llg_open_client(lua_State *L) {
  static const luaL_Reg methods[] = {
    { "close", client_close },
    { NULL, NULL },
  };
  static const luaL_Reg meta[] = {
    { "__gc", client_gc },
    { "__close", client_close },
    { "__tostring", client_tostring },
    { NULL, NULL },
  };
  llg_class(L, LLG_CLIENT_CLASS, methods, meta);
  lua_pushcfunction(L, core_client);
  lua_setfield(L, -2, "client");
}
