#include "meta.h"

#include <stdlib.h>
#include <string.h>

#include "handle.h"
#include "object.h"
#include "reply_text.h"
#include "secrets.h"

static void set_seconds(lua_State *L, const char *name, int64_t us) {
  lua_pushnumber(L, (lua_Number)us / 1e6);
  lua_setfield(L, -2, name);
}

static void set_count(lua_State *L, const char *name, int64_t n) {
  llg_pushint64(L, n);
  lua_setfield(L, -2, name);
}

static void push_timing(lua_State *L, const struct llg_timing *t) {
  lua_createtable(L, 0, 5);
  set_seconds(L, "dns", t->dns_us);
  set_seconds(L, "connect", t->connect_us);
  set_seconds(L, "tls", t->tls_us);
  set_seconds(L, "first_byte", t->first_byte_us);
  set_seconds(L, "total", t->total_us);
}

/* A copy in a userdata on the stack. A collection may run a finalizer that steps the pool, and
** then what a refused attempt was told gives way to the next one's answer. */
static struct llg_buffer hold_headers(lua_State *L, const struct llg_exchange *x) {
  struct llg_buffer held = { .data = llg_newuserdata(L, 1) };
  while (held.capacity < x->headers.len) {
    held.capacity = x->headers.len;
    held.data = llg_newuserdata(L, held.capacity);
  }
  held.len = x->headers.len;
  if (held.len == 0) return held;
  memcpy(held.data, llg_buffer_bytes(&x->headers), held.len);
  held.len = llg_redact(&x->request, held.data, held.len); /* they may echo the key */
  return held;
}

static void push_headers(lua_State *L, const struct llg_buffer *headers) {
  size_t at = 0, name_len, value_len;
  const char *name, *value;
  lua_newtable(L);
  while (llg_headers_next(headers, &at, &name, &name_len, &value, &value_len)) {
    lua_pushlstring(L, name, name_len);
    lua_pushvalue(L, -1);
    lua_rawget(L, -3);
    if (lua_isnil(L, -1)) {
      lua_pop(L, 1);
      lua_pushlstring(L, value, value_len);
    } else { /* RFC 9110, section 5.3: fields of one name are one list */
      lua_pushliteral(L, ", ");
      lua_pushlstring(L, value, value_len);
      lua_concat(L, 3);
    }
    lua_rawset(L, -3);
  }
}

/* "6m0s", "1.5s", "20ms" or plain seconds; -1 if it is none of these. */
static double duration_s(const char *s, size_t n) {
  double total = 0;
  size_t i = 0;
  if (n == 0) return -1;
  while (i < n) {
    double value = 0, place = 1;
    size_t digits = 0;
    for (; i < n && s[i] >= '0' && s[i] <= '9'; i++, digits++)
      value = value * 10 + (s[i] - '0');
    if (i < n && s[i] == '.')
      for (i++; i < n && s[i] >= '0' && s[i] <= '9'; i++, digits++)
        value += (s[i] - '0') * (place /= 10);
    if (digits == 0) return -1;
    if (i + 1 < n && s[i] == 'm' && s[i + 1] == 's') {
      total += value / 1000;
      i += 2;
      continue;
    }
    char unit = i < n ? s[i++] : 's';
    if (unit != 's' && unit != 'm' && unit != 'h' && unit != 'd') return -1;
    total += value * (unit == 's' ? 1 : unit == 'm' ? 60 : unit == 'h' ? 3600 : 86400);
  }
  return total;
}

/* x-ratelimit-{limit,remaining,reset}-{requests,tokens}, where the server sends them. */
static void
set_rate_limit(lua_State *L, const struct llg_buffer *headers, const char *what) {
  static const char *const fields[] = { "limit", "remaining", "reset" };
  bool any = false;
  lua_createtable(L, 0, 3);
  for (size_t i = 0; i < 3; i++) {
    size_t n = 0;
    lua_pushfstring(L, "x-ratelimit-%s-%s", fields[i], what);
    const char *value = llg_headers_get(headers, lua_tostring(L, -1), &n);
    lua_pop(L, 1);
    if (value == NULL) continue;
    double number = duration_s(value, n);
    if (number < 0)
      lua_pushlstring(L, value, n);
    else if (i < 2 && number < 9e15)
      llg_pushint64(L, (int64_t)number);
    else
      lua_pushnumber(L, number);
    lua_setfield(L, -2, fields[i]);
    any = true;
  }
  if (any)
    lua_setfield(L, -2, what);
  else
    lua_pop(L, 1);
}

static const char *version_name(int http_version) {
  switch (http_version) {
  case 10: return "1.0";
  case 11: return "1.1";
  case 20: return "2";
  case 30: return "3";
  default: return NULL;
  }
}

static bool ends_with(const char *name, size_t n, const char *end) {
  size_t len = strlen(end);
  return n >= len && memcmp(name + n - len, end, len) == 0;
}

const char *llg_request_id(const struct llg_buffer *headers, size_t *n) {
  /* The first of these with which the name of a header ends: "apim-request-id",
  ** "x-amzn-requestid", "nvcf-reqid", "x-siliconcloud-trace-id" ... */
  static const char *const ends[] = { "x-request-id", "request-id",     "requestid",
                                      "request_id",   "reqid",          "logid",
                                      "call-id",      "trace-id",       "traceid",
                                      "trace_id",     "correlation-id", "cf-ray" };
  const char *name, *value;
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    size_t at = 0, name_len;
    while (llg_headers_next(headers, &at, &name, &name_len, &value, n))
      if (*n > 0 && ends_with(name, name_len, ends[i])) return value;
  }
  return NULL;
}

/* Whether the end of the body was announced, and not only the end of the connection. Half of what
** is compressed may look whole as well. */
static bool is_length_known(const struct llg_buffer *headers, int http_version) {
  size_t n = 0;
  if (llg_headers_get(headers, "content-encoding", &n) != NULL) return false;
  return http_version >= 20 || llg_headers_get(headers, "content-length", &n) != NULL
         || llg_headers_get(headers, "transfer-encoding", &n) != NULL;
}

void llg_push_meta(lua_State *L, const struct llg_exchange *x) {
  size_t n = 0;
  int top = lua_gettop(L);
  const struct llg_buffer headers = hold_headers(L, x);
  const char *id = llg_request_id(&headers, &n);
  struct llg_timing timing;
  llg_exchange_timing(x, &timing);
  const char *version = version_name(timing.http_version);
  lua_createtable(L, 0, 12);
  set_count(L, "status", x->http_status);
  set_count(L, "attempts", x->n_attempts);
  if (id != NULL) {
    lua_pushlstring(L, id, n);
    lua_setfield(L, -2, "request_id");
  }
  if (version != NULL) {
    lua_pushstring(L, version);
    lua_setfield(L, -2, "http_version");
  }
  lua_pushboolean(L, timing.reused);
  lua_setfield(L, -2, "reused");
  lua_pushboolean(L, is_length_known(&headers, timing.http_version));
  lua_setfield(L, -2, "length_known");
  set_count(L, "bytes_sent", timing.sent_bytes);
  set_count(L, "bytes_received", timing.received_bytes);
  push_timing(L, &timing);
  lua_setfield(L, -2, "timing");
  if (llg_exchange_is_over(x))
    set_seconds(L, "elapsed", (x->over_ms - x->attached_ms) * 1000);
  push_headers(L, &headers);
  lua_setfield(L, -2, "headers");
  lua_createtable(L, 0, 2);
  set_rate_limit(L, &headers, "requests");
  set_rate_limit(L, &headers, "tokens");
  lua_setfield(L, -2, "rate_limit");
  lua_insert(L, top + 1);
  lua_settop(L, top + 1);
}

/* __index of a reply's metatable. Upvalues: the handle, and the meta once it was made. */
static int reply_index(lua_State *L) {
  const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
  if (strcmp(name, "text") == 0 && lua_istable(L, 1)) {
    llg_push_reply_text(L, 1);
    return 1;
  }
  if (strcmp(name, "meta") != 0) return 0;
  if (lua_isnil(L, lua_upvalueindex(2))) {
    const struct llg_handle *h = lua_touserdata(L, lua_upvalueindex(1));
    if (h->x == NULL) return 0; /* the state is being closed */
    llg_push_meta(L, h->x);
    lua_replace(L, lua_upvalueindex(2));
  }
  lua_pushvalue(L, lua_upvalueindex(2));
  return 1;
}

void llg_attach_meta(lua_State *L, int index) {
  index = llg_absindex(L, index);
  lua_createtable(L, 0, 1);
  lua_pushvalue(L, index);
  lua_pushnil(L);
  lua_pushcclosure(L, reply_index, 2);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
}

int llg_meta_of(lua_State *L) {
  if (!luaL_getmetafield(L, 1, "__index")) return 0;
  if (lua_tocfunction(L, -1) != reply_index) return 0;
  lua_pushvalue(L, 1);
  lua_pushliteral(L, "meta");
  lua_call(L, 2, 1);
  return 1;
}
