#include "url.h"

#include <stdbool.h>
#include <string.h>

#include "object.h"
#include "options.h"

enum { N_QUERIES = 4 };

struct slice {
  const char *at;
  size_t len;
};

static struct slice slice_of(const struct llg_buffer *buffer) {
  struct slice s = { "", 0 };
  if (buffer->len > 0) s = (struct slice){ llg_buffer_bytes(buffer), buffer->len };
  return s;
}

/* Take the first "key=value" off the query; an empty one is none. */
static bool next_pair(struct slice *query, struct slice *pair) {
  while (query->len > 0) {
    const char *amp = memchr(query->at, '&', query->len);
    pair->at = query->at;
    pair->len = amp != NULL ? (size_t)(amp - query->at) : query->len;
    size_t taken = amp != NULL ? pair->len + 1 : pair->len;
    query->at += taken;
    query->len -= taken;
    if (pair->len > 0) return true;
  }
  return false;
}

static struct slice key_of(struct slice pair) {
  const char *equals = memchr(pair.at, '=', pair.len);
  if (equals != NULL) pair.len = (size_t)(equals - pair.at);
  return pair;
}

static bool has_key(struct slice query, struct slice key) {
  struct slice pair;
  while (next_pair(&query, &pair)) {
    struct slice other = key_of(pair);
    if (other.len == key.len && memcmp(other.at, key.at, key.len) == 0) return true;
  }
  return false;
}

static void append(lua_State *L, struct llg_buffer *url, const char *s, size_t n) {
  llg_check_status(L, llg_buffer_append(url, s, n), "the URL");
}

static void
append_queries(lua_State *L, struct llg_buffer *url, const struct slice *queries) {
  bool first = true;
  for (int i = 0; i < N_QUERIES; i++) {
    struct slice rest = queries[i], pair;
    while (next_pair(&rest, &pair)) {
      bool overridden = false;
      for (int j = i + 1; j < N_QUERIES && !overridden; j++)
        overridden = has_key(queries[j], key_of(pair));
      if (overridden) continue;
      append(L, url, first ? "?" : "&", 1);
      append(L, url, pair.at, pair.len);
      first = false;
    }
  }
}

void llg_inherit_query(
  lua_State *L, struct llg_buffer *out, const struct llg_buffer *from) {
  const size_t n_own = out->len;
  struct slice rest = slice_of(from), pair;
  while (next_pair(&rest, &pair)) {
    struct slice own = slice_of(out);
    own.len = n_own;
    if (has_key(own, key_of(pair))) continue;
    if (out->len > 0) append(L, out, "&", 1);
    append(L, out, pair.at, pair.len);
  }
}

void llg_append_url(
  lua_State *L, struct llg_buffer *url, const struct llg_url_parts *parts) {
  size_t n = strcspn(parts->path, "?");
  const char *query = parts->path[n] == '?' ? parts->path + n + 1 : "";
  append(L, url, parts->base, strlen(parts->base));
  if (n > 0 && parts->path[0] != '/') append(L, url, "/", 1);
  append(L, url, parts->path, n);
  const struct slice queries[N_QUERIES] = { { query, strlen(query) },
                                            slice_of(parts->base_query),
                                            slice_of(parts->client_query),
                                            slice_of(parts->call_query) };
  append_queries(L, url, queries);
}

/* ---- the table options.query ---- */

enum { MAX_QUERY_DEPTH = 8 };

/* A name on the way to a value: Lua has it on the stack. NULL: a place in a list. */
struct step {
  const struct step *up;
  const char *key;
  size_t n;
};

struct query {
  lua_State *L;
  struct llg_buffer *out;
  const char *function;
};

static void put(const struct query *q, const char *s, size_t n) {
  llg_check_status(q->L, llg_buffer_append(q->out, s, n), "the query");
}

/* RFC 3986's unreserved characters stay, every other byte is %XX. */
static void put_escaped(const struct query *q, const char *s, size_t n) {
  static const char hex[] = "0123456789ABCDEF";
  for (size_t i = 0; i < n; i++) {
    unsigned char c = (unsigned char)s[i];
    char escaped[3] = { '%', hex[c >> 4], hex[c & 15] };
    bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')
                 || (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_'
                 || c == '~';
    put(q, plain ? s + i : escaped, plain ? 1 : sizeof escaped);
  }
}

/* "key", "key[sub]" or "key[]", escaped. */
static void put_name(const struct query *q, const struct step *at) {
  if (at->up != NULL) {
    put_name(q, at->up);
    put(q, "%5B", 3);
  }
  if (at->key != NULL) put_escaped(q, at->key, at->n);
  if (at->up != NULL) put(q, "%5D", 3);
}

/* The value is on top of the stack, which may become a string there. */
static void put_pair(const struct query *q, const struct step *at) {
  lua_State *L = q->L;
  size_t n = 0;
  const char *value;
  if (lua_isboolean(L, -1)) {
    value = lua_toboolean(L, -1) ? "true" : "false";
    n = strlen(value);
  } else {
    if (!lua_isstring(L, -1))
      llg_type_error(L, q->function, "query", "string, number, boolean or table", -1);
    value = lua_tolstring(L, -1, &n);
  }
  if (q->out->len > 0) put(q, "&", 1);
  put_name(q, at);
  put(q, "=", 1);
  put_escaped(q, value, n);
}

/* The table is on top of the stack, and a copy of ours takes its place. */
static void put_table(const struct query *q, const struct step *up, int depth) {
  lua_State *L = q->L;
  if (depth > MAX_QUERY_DEPTH)
    llg_arg_error(L, q->function, "query", "nested too deeply");
  luaL_checkstack(L, 8, "query");
  llg_own_table(L, -1);
  lua_pushnil(L);
  while (lua_next(L, -2)) {
    struct step here = { up, NULL, 0 };
    bool list = up != NULL && lua_type(L, -2) == LUA_TNUMBER;
    if (!list && lua_type(L, -2) != LUA_TSTRING)
      llg_arg_error(L, q->function, "query", "its keys must be strings");
    if (!list) here.key = lua_tolstring(L, -2, &here.n);
    if (lua_istable(L, -1))
      put_table(q, &here, depth + 1);
    else
      put_pair(q, &here);
    lua_pop(L, 1);
  }
}

void llg_read_query(
  lua_State *L, int options, const char *function, struct llg_buffer *out) {
  const struct query q = { L, out, function };
  if (!lua_istable(L, options)) return;
  llg_push_field(L, options, "query");
  if (lua_istable(L, -1)) put_table(&q, NULL, 0);
  lua_pop(L, 1);
}
