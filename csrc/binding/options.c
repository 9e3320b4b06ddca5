#include "options.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../core/base/memory.h"
#include "object.h"

enum type {
  SECONDS, /* a positive number, or false for "off" */
  COUNT,   /* a whole number from 0 */
  WHOLE,   /* a whole number from 1 */
  BOOLEAN,
  STRING,
  KEY,     /* a string, or false for "none" */
  FIELD,   /* the name of a header field */
  VERSION, /* "1.1" or "2" */
  TLS,     /* "1.2" or "1.3" */
  PROXY,   /* a URL, or false for "none" */
  TABLE,   /* read by llg_read_headers and llg_read_query */
};

#define BOTH (LLG_FOR_CLIENT | LLG_FOR_CALL)
#define AT(member) offsetof(struct llg_options, member)

static const struct option {
  const char *name;
  enum type type;
  int where;
  size_t offset; /* of the member in struct llg_options */
} known[] = {
  { "api_key", KEY, BOTH, AT(api_key) },
  { "base_url", STRING, LLG_FOR_CLIENT, AT(base_url) },
  { "ca_file", STRING, LLG_FOR_CLIENT, AT(ca_file) },
  { "ca_path", STRING, LLG_FOR_CLIENT, AT(ca_path) },
  { "client_cert", STRING, LLG_FOR_CLIENT, AT(client_cert) },
  { "client_key", STRING, LLG_FOR_CLIENT, AT(client_key) },
  { "connect_timeout", SECONDS, BOTH, AT(connect_ms) },
  { "first_byte_timeout", SECONDS, BOTH, AT(first_byte_ms) },
  { "headers", TABLE, BOTH, 0 },
  { "http_version", VERSION, BOTH, AT(http_version) },
  { "idle_timeout", SECONDS, BOTH, AT(idle_ms) },
  { "key_header", FIELD, LLG_FOR_CLIENT, AT(key_header) },
  { "max_connections", WHOLE, LLG_FOR_CLIENT, AT(max_connections) },
  { "max_response_bytes", WHOLE, BOTH, AT(max_response_bytes) },
  { "max_retries", COUNT, BOTH, AT(max_retries) },
  { "model", STRING, LLG_FOR_CLIENT, AT(model) },
  { "multipart", BOOLEAN, LLG_FOR_CALL, AT(multipart) },
  { "no_proxy", STRING, LLG_FOR_CLIENT, AT(no_proxy) },
  { "organization", STRING, LLG_FOR_CLIENT, AT(organization) },
  { "project", STRING, LLG_FOR_CLIENT, AT(project) },
  { "proxy", PROXY, LLG_FOR_CLIENT, AT(proxy) },
  { "query", TABLE, BOTH, 0 },
  { "raw", BOOLEAN, LLG_FOR_CALL, AT(raw) },
  { "stream", BOOLEAN, LLG_FOR_CALL, AT(stream) },
  { "timeout", SECONDS, BOTH, AT(total_ms) },
  { "tls_min_version", TLS, LLG_FOR_CLIENT, AT(tls_1_3) },
  { "tls_verify", BOOLEAN, LLG_FOR_CLIENT, AT(tls_verify) },
  { "to", STRING, LLG_FOR_CALL, AT(to) },
  { "unix_socket", STRING, LLG_FOR_CLIENT, AT(unix_socket) },
};

enum { MAX_SECONDS = 10 * 365 * 24 * 3600 };

static int64_t
read_whole(lua_State *L, const char *function, const char *name, int least) {
  lua_Number n = lua_tonumber(L, -1);
  if (lua_type(L, -1) != LUA_TNUMBER) llg_type_error(L, function, name, "number", -1);
  if (n != floor(n) || n < least || n > 9e15)
    llg_arg_error(
      L, function, name,
      least == 0 ? "a whole number from 0 expected" : "a whole number from 1 expected");
  return (int64_t)n;
}

static int64_t read_seconds(lua_State *L, const char *function, const char *name) {
  lua_Number n = lua_tonumber(L, -1);
  if (lua_isboolean(L, -1) && !lua_toboolean(L, -1)) return 0;
  if (lua_type(L, -1) != LUA_TNUMBER)
    llg_type_error(L, function, name, "number of seconds or false", -1);
  if (!(n > 0) || n > MAX_SECONDS)
    llg_arg_error(
      L, function, name, "seconds greater than 0, or false for none, expected");
  return n < 0.001 ? 1 : (int64_t)(n * 1000 + 0.5);
}

static const char *read_string(lua_State *L, const char *function, const char *name) {
  size_t n = 0;
  if (lua_type(L, -1) != LUA_TSTRING) llg_type_error(L, function, name, "string", -1);
  const char *s = lua_tolstring(L, -1, &n);
  if (n == 0) llg_arg_error(L, function, name, "it is empty");
  if (strlen(s) != n) llg_arg_error(L, function, name, "it contains a NUL");
  return s;
}

static const char *read_field(lua_State *L, const char *function, const char *name) {
  const char *field = read_string(L, function, name);
  const char *flaw = llg_header_flaw(field, strlen(field), "", 0);
  if (flaw != NULL) llg_arg_error(L, function, name, flaw);
  return field;
}

/* What follows the host of this "host:port/...", if there is a colon. */
static void
check_port(lua_State *L, const char *function, const char *name, const char *host) {
  size_t n = host[0] == '[' ? strcspn(host, "]") : 0;
  const char *port = host + n + strcspn(host + n, ":/?#");
  if (*port != ':') return;
  char *end;
  long number = strtol(port + 1, &end, 10);
  bool ended = *end == '\0' || *end == '/' || *end == '?' || *end == '#';
  if (end == port + 1 || !ended || number < 1 || number > 65535)
    llg_arg_error(L, function, name, "its port is no number from 1 to 65535");
}

/* It is never shown: a password may stand in it. */
static const char *read_proxy(lua_State *L, const char *function, const char *name) {
  static const char *const schemes[] = { "http",    "https",  "socks4",
                                         "socks4a", "socks5", "socks5h" };
  char host[256];
  const char *url = read_string(L, function, name);
  const char *colon = strstr(url, "://");
  bool is_known = colon == NULL;
  for (size_t i = 0; !is_known && i < sizeof schemes / sizeof *schemes; i++)
    is_known = strlen(schemes[i]) == (size_t)(colon - url)
               && strncmp(schemes[i], url, (size_t)(colon - url)) == 0;
  if (!is_known)
    llg_arg_error(
      L, function, name,
      "http, https, socks4, socks4a, socks5 or socks5h expected before \"://\"");
  for (const char *c = url; *c != '\0'; c++)
    if ((unsigned char)*c <= ' ' || *c == 127)
      llg_arg_error(L, function, name, "it contains a blank or a control character");
  const char *from = colon != NULL ? colon + 3 : url;
  const char *at = memchr(from, '@', strcspn(from, "/?#"));
  if (at != NULL && memchr(at + 1, '@', strcspn(at + 1, "/?#")) != NULL)
    llg_arg_error(L, function, name, "an '@' in its user or password is to be %40");
  llg_url_host(url, host, sizeof host);
  if (host[0] == '\0' || host[0] == ':')
    llg_arg_error(L, function, name, "it names no host");
  check_port(L, function, name, at != NULL ? at + 1 : from);
  return url;
}

/* The value is on top of the stack. */
static void read_value(
  lua_State *L, const struct option *option, const char *function, const char *name,
  struct llg_options *options) {
  char *member = (char *)options + option->offset;
  switch (option->type) {
  case SECONDS: *(int64_t *)(void *)member = read_seconds(L, function, name); break;
  case COUNT: *(int64_t *)(void *)member = read_whole(L, function, name, 0); break;
  case WHOLE: *(int64_t *)(void *)member = read_whole(L, function, name, 1); break;
  case BOOLEAN:
    if (!lua_isboolean(L, -1)) llg_type_error(L, function, name, "boolean", -1);
    *(int *)(void *)member = lua_toboolean(L, -1);
    break;
  case KEY:
    options->no_key = lua_isboolean(L, -1) && !lua_toboolean(L, -1);
    if (options->no_key) break;
    /* fall through */
  case STRING: *(const char **)(void *)member = read_string(L, function, name); break;
  case FIELD: *(const char **)(void *)member = read_field(L, function, name); break;
  case VERSION: {
    const char *version = read_string(L, function, name);
    if (strcmp(version, "1.1") != 0 && strcmp(version, "2") != 0)
      llg_arg_error(L, function, name, "\"1.1\" or \"2\" expected");
    *(int *)(void *)member = version[0] == '2' ? LLG_HTTP_2 : LLG_HTTP_1_1;
    break;
  }
  case TLS: {
    const char *version = read_string(L, function, name);
    if (strcmp(version, "1.2") != 0 && strcmp(version, "1.3") != 0)
      llg_arg_error(L, function, name, "\"1.2\" or \"1.3\" expected");
    *(int *)(void *)member = version[2] == '3';
    break;
  }
  case PROXY:
    options->no_way = lua_isboolean(L, -1) && !lua_toboolean(L, -1);
    if (!options->no_way) *(const char **)(void *)member = read_proxy(L, function, name);
    break;
  case TABLE:
    if (!lua_istable(L, -1)) llg_type_error(L, function, name, "table", -1);
    break;
  }
}

void llg_own_table(lua_State *L, int index) {
  index = llg_absindex(L, index);
  luaL_checkstack(L, 4, "options");
  lua_newtable(L); /* the last point at which Lua may run */
  lua_pushnil(L);
  while (lua_next(L, index)) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, -4);
  }
  lua_replace(L, index);
}

void llg_push_field(lua_State *L, int index, const char *name) {
  index = llg_absindex(L, index);
  lua_pushstring(L, name);
  lua_rawget(L, index);
}

void llg_read_options(
  lua_State *L, int index, int where, const char *function, struct llg_options *options) {
  *options = (struct llg_options){ .connect_ms = -1,
                                   .first_byte_ms = -1,
                                   .idle_ms = -1,
                                   .total_ms = -1,
                                   .max_retries = -1,
                                   .max_response_bytes = -1,
                                   .max_connections = -1,
                                   .http_version = -1,
                                   .tls_verify = -1,
                                   .tls_1_3 = -1 };
  if (lua_isnoneornil(L, index)) return;
  if (!lua_istable(L, index)) llg_type_error(L, function, "options", "table", index);
  index = llg_absindex(L, index);
  llg_own_table(L, index);
  lua_pushnil(L);
  while (lua_next(L, index)) {
    char name[64];
    const struct option *option = NULL;
    if (lua_type(L, -2) != LUA_TSTRING)
      llg_arg_error(L, function, "options", "its keys must be names of options");
    snprintf(name, sizeof name, "%s", lua_tostring(L, -2));
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
      if ((known[i].where & where) != 0 && strcmp(known[i].name, name) == 0)
        option = &known[i];
    if (option == NULL) llg_arg_error(L, function, name, "unknown option");
    read_value(L, option, function, name, options);
    lua_pop(L, 1);
  }
}

void llg_set_clocks(struct llg_clocks *clocks, const struct llg_options *o) {
  if (o->connect_ms >= 0) clocks->connect_ms = o->connect_ms;
  if (o->first_byte_ms >= 0) clocks->first_byte_ms = o->first_byte_ms;
  if (o->idle_ms >= 0) clocks->idle_ms = o->idle_ms;
  if (o->total_ms >= 0) clocks->total_ms = o->total_ms;
}

char *llg_copy_string(lua_State *L, const char *s, size_t n) {
  char *p = llg_strndup(s, n);
  if (p == NULL) luaL_error(L, "not enough memory");
  return p;
}

void llg_check_status(lua_State *L, enum llg_status status, const char *what) {
  if (status == LLG_OK) return;
  if (status == LLG_LIMIT) llg_raise(L, "%s is too long", what);
  luaL_error(L, "not enough memory");
}
