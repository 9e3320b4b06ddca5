#include "client.h"

#include <string.h>

#include "headers.h"
#include "json/library.h"
#include "object.h"
#include "options.h"
#include "pool.h"
#include "url.h"

enum {
  CONNECT_TIMEOUT_MS = 5000,
  FIRST_BYTE_TIMEOUT_MS = 600000,
  IDLE_TIMEOUT_MS = 60000,
  MAX_RETRIES = 2
};

struct client {
  struct llg_profile *profile; /* counted; NULL: closed */
};

struct llg_profile *llg_take_profile(lua_State *L, int index, const char *function) {
  struct client *c = luaL_checkudata(L, index, LLG_CLIENT_CLASS);
  if (c->profile == NULL) llg_raise(L, "'%s' on a client that was closed", function);
  return llg_profile_ref(c->profile);
}

/* What a client is built from: its options, and the client that it goes on from, if any. */
struct plan {
  const char *function;
  int at; /* of the options on the stack */
  struct llg_options options;
  const struct llg_profile *base;
  bool stays; /* base has the same server: what may be secret goes along */
};

/* To another server goes nothing that may be secret unless it was given for it. */
static void set_headers(
  lua_State *L, struct llg_header_list *list, const char *key_header,
  const struct plan *plan) {
  const struct llg_options *o = &plan->options;
  const char *f = plan->function;
  if (plan->stays) {
    const struct llg_settings *base = plan->base->settings;
    llg_check_status(L, llg_header_list_copy(list, &base->headers), "the header list");
  } else {
    llg_set_header(L, f, "headers", list, "Content-Type", "application/json");
    llg_set_header(L, f, "headers", list, "Accept", "application/json");
    llg_set_header(L, f, "headers", list, "User-Agent", "lualogue/" LLG_VERSION);
  }
  if (plan->stays && o->key_header != NULL)
    llg_set_key(L, f, list, plan->base->key_header, NULL);
  if (o->no_key || o->api_key != NULL) llg_set_key(L, f, list, key_header, o->api_key);
  if (o->organization != NULL)
    llg_set_header(L, f, "organization", list, "OpenAI-Organization", o->organization);
  if (o->project != NULL)
    llg_set_header(L, f, "project", list, "OpenAI-Project", o->project);
  llg_read_headers(L, plan->at, f, list);
}

static void check_url(lua_State *L, const char *function, const char *url) {
  char host[256];
  if (strstr(url, "://") == NULL)
    llg_arg_error(L, function, "base_url", "it must begin with http:// or https://");
  for (const char *c = url; *c != '\0'; c++)
    if ((unsigned char)*c <= ' ' || *c == 127)
      llg_arg_error(
        L, function, "base_url", "it contains a blank or a control character");
  if (strchr(url, '#') != NULL)
    llg_arg_error(
      L, function, "base_url", "it contains a '#', which no server ever sees");
  llg_url_host(url, host, sizeof host);
  if (host[0] == '\0' || host[0] == ':')
    llg_arg_error(L, function, "base_url", "it names no host");
}

static void set_base_url(lua_State *L, struct llg_profile *p, const char *url) {
  static const char azure[] = ".azure.com";
  char host[256];
  size_t n = strcspn(url, "?");
  if (url[n] == '?')
    llg_check_status(
      L, llg_buffer_append(&p->base_query, url + n + 1, strlen(url + n + 1)),
      "the query");
  while (n > 0 && url[n - 1] == '/')
    n--;
  p->base_url = llg_copy_string(L, url, n);
  llg_url_host(url, host, sizeof host);
  host[strcspn(host, ":")] = '\0';
  size_t len = strlen(host);
  p->wants_base64
    = strcmp(host, "api.openai.com") == 0
      || (len > strlen(azure) && strcmp(host + len - strlen(azure), azure) == 0);
}

static void set_address(lua_State *L, struct llg_profile *p, struct plan *plan) {
  const char *url = plan->options.base_url;
  const struct llg_profile *base = plan->base;
  if (url != NULL) check_url(L, plan->function, url);
  plan->stays = base != NULL && (url == NULL || llg_same_origin(base->base_url, url));
  if (
    base != NULL && !plan->stays && plan->options.api_key == NULL
    && !plan->options.no_key)
    llg_arg_error(
      L, plan->function, "base_url",
      "the key is not for another server: give an api_key for it, or false");
  llg_read_query(L, plan->at, plan->function, &p->query);
  if (plan->stays) llg_inherit_query(L, &p->query, &base->query);
  if (url != NULL) {
    set_base_url(L, p, url);
    return;
  }
  p->base_url = llg_copy_string(L, base->base_url, strlen(base->base_url));
  p->wants_base64 = base->wants_base64;
  llg_inherit_query(L, &p->base_query, &base->base_query);
}

static void set_limits(struct llg_profile *p, const struct plan *plan) {
  const struct llg_options *o = &plan->options;
  const struct llg_profile *base = plan->base;
  if (base != NULL) {
    p->clocks = base->clocks;
    p->has_total = base->has_total;
    p->max_retries = base->max_retries;
    p->max_response_bytes = base->max_response_bytes;
    p->http_version = base->http_version;
  } else {
    p->clocks = (struct llg_clocks){ .connect_ms = CONNECT_TIMEOUT_MS,
                                     .first_byte_ms = FIRST_BYTE_TIMEOUT_MS,
                                     .idle_ms = IDLE_TIMEOUT_MS };
    p->max_retries = MAX_RETRIES;
    p->http_version = LLG_HTTP_DEFAULT;
  }
  llg_set_clocks(&p->clocks, o);
  if (o->total_ms >= 0) p->has_total = true;
  if (o->max_retries >= 0)
    p->max_retries = (int)(o->max_retries < 1000 ? o->max_retries : 1000);
  if (o->max_response_bytes > 0) p->max_response_bytes = (size_t)o->max_response_bytes;
  if (o->http_version >= 0) p->http_version = (enum llg_http_version)o->http_version;
}

/* A copy of what was given, else of what the base has; each may be NULL. */
static void set_string(lua_State *L, char **to, const char *given, const char *base_has) {
  const char *from = given != NULL ? given : base_has;
  if (from != NULL) *to = llg_copy_string(L, from, strlen(from));
}

static void set_transport(lua_State *L, struct llg_settings *s, const struct plan *plan) {
  static const struct llg_transport nothing = { .tls_verify = true };
  const struct llg_options *o = &plan->options;
  const struct llg_settings *base = plan->base != NULL ? plan->base->settings : NULL;
  const struct llg_transport *has = base != NULL ? &base->transport : &nothing;
  struct llg_transport *t = &s->transport;
  if (base != NULL) s->max_connections = base->max_connections;
  if (o->max_connections > 0) s->max_connections = (size_t)o->max_connections;
  t->tls_verify = o->tls_verify >= 0 ? o->tls_verify != 0 : has->tls_verify;
  t->tls_1_3 = o->tls_1_3 >= 0 ? o->tls_1_3 != 0 : has->tls_1_3;
  set_string(L, &t->ca_file, o->ca_file, has->ca_file);
  set_string(L, &t->ca_path, o->ca_path, has->ca_path);
  set_string(L, &t->client_cert, o->client_cert, has->client_cert);
  set_string(L, &t->client_key, o->client_key, has->client_key);
  set_string(L, &t->proxy, o->proxy, o->no_way ? NULL : has->proxy);
  set_string(L, &t->no_proxy, o->no_proxy, has->no_proxy);
  set_string(L, &t->unix_socket, o->unix_socket, has->unix_socket);
}

/* A new client on top of the stack, which goes on from another unless that is NULL. Lua may run
** at almost every step, and close that one: hence the share of what it is. */
static int
new_client(lua_State *L, int at, const char *function, const struct client *from) {
  struct plan plan = { .function = function, .at = at };
  struct client *c = llg_new(L, sizeof *c, LLG_CLIENT_CLASS);
  struct llg_profile *p = c->profile = llg_profile_new();
  if (p == NULL) return luaL_error(L, "not enough memory");
  if (from != NULL && from->profile == NULL)
    return llg_raise(L, "'%s' on a client that was closed", function);
  const struct llg_profile *base = NULL;
  if (from != NULL) plan.base = base = p->base = llg_profile_ref(from->profile);
  llg_read_options(L, at, LLG_FOR_CLIENT, function, &plan.options);
  const struct llg_options *o = &plan.options;
  if (base == NULL && o->base_url == NULL)
    return llg_arg_error(L, function, "base_url", "string expected, got nil");
  if (o->key_header != NULL && base != NULL && o->api_key == NULL && !o->no_key)
    return llg_arg_error(L, function, "key_header", "the key has to be given with it");
  p->settings = llg_settings_new();
  if (p->settings == NULL) return luaL_error(L, "not enough memory");
  p->pool = llg_pool_ref(llg_get_pool(L));
  set_limits(p, &plan);
  set_string(L, &p->model, o->model, base != NULL ? base->model : NULL);
  set_address(L, p, &plan);
  set_string(L, &p->key_header, o->key_header, plan.stays ? base->key_header : NULL);
  set_transport(L, p->settings, &plan);
  set_headers(L, &p->settings->headers, p->key_header, &plan);
  llg_check_status(L, llg_settings_seal(p->settings), "the header list");
  llg_profile_unref(p->base);
  p->base = NULL;
  return 1;
}

/* core.client(options) -> client */
static int core_client(lua_State *L) {
  struct llg_failure failure;
  lua_settop(L, 1);
  /* Now, and not when an answer was paid for that nobody can read. */
  if (llg_json_library(L, &failure) == NULL) return llg_raise(L, "%s", failure.message);
  return new_client(L, 1, "new", NULL);
}

/* client:with(options) -> client, like this one but for the options */
static int client_with(lua_State *L) {
  lua_settop(L, 2);
  return new_client(L, 2, "with", luaL_checkudata(L, 1, LLG_CLIENT_CLASS));
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
    { "with", client_with },
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
