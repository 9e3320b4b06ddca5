#include "url.h"

#include <stdbool.h>
#include <string.h>

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
