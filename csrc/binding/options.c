#include "options.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "object.h"

enum type {
  SECONDS, /* a positive number, or false for "off" */
  COUNT,   /* a whole number from 0 */
  BYTES,   /* a whole number from 1 */
  BOOLEAN,
  STRING,
  KEY,     /* a string, or false for "none" */
  VERSION, /* "1.1" or "2" */
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
  { "connect_timeout", SECONDS, BOTH, AT(connect_ms) },
  { "first_byte_timeout", SECONDS, BOTH, AT(first_byte_ms) },
  { "headers", TABLE, BOTH, 0 },
  { "http_version", VERSION, BOTH, AT(http_version) },
  { "idle_timeout", SECONDS, BOTH, AT(idle_ms) },
  { "max_response_bytes", BYTES, BOTH, AT(max_response_bytes) },
  { "max_retries", COUNT, BOTH, AT(max_retries) },
  { "model", STRING, LLG_FOR_CLIENT, AT(model) },
  { "organization", STRING, LLG_FOR_CLIENT, AT(organization) },
  { "project", STRING, LLG_FOR_CLIENT, AT(project) },
  { "query", TABLE, BOTH, 0 },
  { "raw", BOOLEAN, LLG_FOR_CALL, AT(raw) },
  { "timeout", SECONDS, BOTH, AT(total_ms) },
  { "tls_verify", BOOLEAN, LLG_FOR_CLIENT, AT(tls_verify) },
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

/* The value is on top of the stack. */
static void read_value(
  lua_State *L, const struct option *option, const char *function, const char *name,
  struct llg_options *options) {
  char *member = (char *)options + option->offset;
  switch (option->type) {
  case SECONDS: *(int64_t *)(void *)member = read_seconds(L, function, name); break;
  case COUNT: *(int64_t *)(void *)member = read_whole(L, function, name, 0); break;
  case BYTES: *(int64_t *)(void *)member = read_whole(L, function, name, 1); break;
  case BOOLEAN:
    if (!lua_isboolean(L, -1)) llg_type_error(L, function, name, "boolean", -1);
    *(int *)(void *)member = lua_toboolean(L, -1);
    break;
  case KEY:
    options->no_key = lua_isboolean(L, -1) && !lua_toboolean(L, -1);
    if (options->no_key) break;
    /* fall through */
  case STRING: *(const char **)(void *)member = read_string(L, function, name); break;
  case VERSION: {
    const char *version = read_string(L, function, name);
    if (strcmp(version, "1.1") != 0 && strcmp(version, "2") != 0)
      llg_arg_error(L, function, name, "\"1.1\" or \"2\" expected");
    *(int *)(void *)member = version[0] == '2' ? LLG_HTTP_2 : LLG_HTTP_1_1;
    break;
  }
  case TABLE:
    if (!lua_istable(L, -1)) llg_type_error(L, function, name, "table", -1);
    break;
  }
}

void llg_read_options(
  lua_State *L, int index, int where, const char *function, struct llg_options *options) {
  *options = (struct llg_options){ .connect_ms = -1,
                                   .first_byte_ms = -1,
                                   .idle_ms = -1,
                                   .total_ms = -1,
                                   .max_retries = -1,
                                   .max_response_bytes = -1,
                                   .http_version = -1,
                                   .tls_verify = -1 };
  if (lua_isnoneornil(L, index)) return;
  if (!lua_istable(L, index)) llg_type_error(L, function, "options", "table", index);
  index = llg_absindex(L, index);
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

void llg_check_status(lua_State *L, enum llg_status status, const char *what) {
  if (status == LLG_OK) return;
  if (status == LLG_LIMIT) llg_raise(L, "%s is too long", what);
  luaL_error(L, "not enough memory");
}

/* ---- headers ---- */

static void set_checked(
  lua_State *L, const char *function, const char *argument, struct llg_header_list *list,
  const char *name, size_t name_len, const char *value, size_t value_len) {
  const char *flaw = llg_header_flaw(name, name_len, value, value_len);
  if (flaw != NULL) llg_arg_error(L, function, argument, flaw);
  llg_check_status(
    L, llg_header_list_set(list, name, name_len, value, value_len), "the header list");
}

void llg_set_header(
  lua_State *L, const char *function, const char *argument, struct llg_header_list *list,
  const char *name, const char *value) {
  set_checked(L, function, argument, list, name, strlen(name), value, strlen(value));
}

/* Whether two names are one but for the case of ASCII letters. */
static bool same_name(const char *a, const char *lower) {
  for (; *a != '\0' && *lower != '\0'; a++, lower++) {
    bool upper = *a >= 'A' && *a <= 'Z';
    if ((upper ? *a - 'A' + 'a' : *a) != *lower) return false;
  }
  return *a == *lower;
}

/* What libcurl makes cannot be taken off the list, since it is not on it. */
static void remove_header(
  lua_State *L, const char *function, const char *argument, struct llg_header_list *list,
  const char *name, size_t name_len) {
  const char *value = NULL;
  if (same_name(name, "host") || same_name(name, "content-length"))
    llg_arg_error(L, function, argument, "HTTP cannot do without it");
  if (same_name(name, "accept-encoding")) value = "identity";
  llg_check_status(
    L,
    llg_header_list_set(list, name, name_len, value, value != NULL ? strlen(value) : 0),
    argument);
}

void llg_read_headers(
  lua_State *L, int options, const char *function, struct llg_header_list *list) {
  if (!lua_istable(L, options)) return;
  lua_getfield(L, options, "headers");
  if (!lua_istable(L, -1)) {
    lua_pop(L, 1);
    return;
  }
  lua_pushnil(L);
  while (lua_next(L, -2)) {
    char argument[96];
    size_t name_len = 0, value_len = 0;
    if (lua_type(L, -2) != LUA_TSTRING)
      llg_arg_error(L, function, "headers", "its keys must be names of headers");
    const char *name = lua_tolstring(L, -2, &name_len);
    snprintf(argument, sizeof argument, "headers.%s", name);
    for (char *c = argument; *c != '\0'; c++)
      if ((unsigned char)*c < ' ' || *c == 127) *c = '?';
    if (lua_isboolean(L, -1) && !lua_toboolean(L, -1)) {
      remove_header(L, function, argument, list, name, name_len);
    } else {
      if (!lua_isstring(L, -1))
        llg_type_error(L, function, argument, "string or false", -1);
      const char *value = lua_tolstring(L, -1, &value_len);
      set_checked(L, function, argument, list, name, name_len, value, value_len);
    }
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

/* ---- query ---- */

/* Push a copy in which RFC 3986's unreserved characters stay and every other byte is %XX. */
static void push_escaped(lua_State *L, const char *s, size_t n) {
  static const char hex[] = "0123456789ABCDEF";
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (size_t i = 0; i < n; i++) {
    unsigned char c = (unsigned char)s[i];
    char escaped[3] = { '%', hex[c >> 4], hex[c & 15] };
    bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')
                 || (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_'
                 || c == '~';
    luaL_addlstring(&b, plain ? s + i : escaped, plain ? 1 : sizeof escaped);
  }
  luaL_pushresult(&b);
}

static void append_string(lua_State *L, struct llg_buffer *out, const char *s) {
  llg_check_status(L, llg_buffer_append(out, s, strlen(s)), "the query");
}

/* The escaped key stands below the value. */
static void append_pair(lua_State *L, struct llg_buffer *out, const char *function) {
  size_t n = 0;
  if (lua_isboolean(L, -1))
    lua_pushstring(L, lua_toboolean(L, -1) ? "true" : "false");
  else if (lua_isstring(L, -1))
    lua_pushvalue(L, -1);
  else
    llg_type_error(L, function, "query", "string, number, boolean or table", -1);
  const char *value = lua_tolstring(L, -1, &n);
  push_escaped(L, value, n);
  if (out->len > 0) append_string(L, out, "&");
  append_string(L, out, lua_tostring(L, -4));
  append_string(L, out, "=");
  append_string(L, out, lua_tostring(L, -1));
  lua_pop(L, 2);
}

/* The table is on top; `prefix` is the escaped key that leads to it, or NULL. */
static void append_table(
  lua_State *L, struct llg_buffer *out, const char *function, const char *prefix,
  int depth) {
  if (depth > 8) llg_arg_error(L, function, "query", "nested too deeply");
  luaL_checkstack(L, 8, "query");
  lua_pushnil(L);
  while (lua_next(L, -2)) {
    bool list = lua_type(L, -2) == LUA_TNUMBER;
    if (!list && lua_type(L, -2) != LUA_TSTRING)
      llg_arg_error(L, function, "query", "its keys must be strings");
    if (list && prefix == NULL)
      llg_arg_error(L, function, "query", "its keys must be strings");
    if (list) {
      lua_pushfstring(L, "%s%%5B%%5D", prefix);
    } else {
      size_t n = 0;
      const char *key = lua_tolstring(L, -2, &n);
      push_escaped(L, key, n);
      if (prefix != NULL) {
        lua_pushfstring(L, "%s%%5B%s%%5D", prefix, lua_tostring(L, -1));
        lua_remove(L, -2);
      }
    }
    lua_insert(L, -2); /* key of the table, escaped key, value */
    if (lua_istable(L, -1))
      append_table(L, out, function, lua_tostring(L, -2), depth + 1);
    else
      append_pair(L, out, function);
    lua_pop(L, 2);
  }
}

void llg_read_query(
  lua_State *L, int options, const char *function, struct llg_buffer *out) {
  if (!lua_istable(L, options)) return;
  lua_getfield(L, options, "query");
  if (lua_istable(L, -1)) append_table(L, out, function, NULL, 0);
  lua_pop(L, 1);
}
