#include "fields.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"

/* Many: above the table stand { the keys as text and behind them the keys as they are } and a
** userdata of these. */
struct llg_field {
  const char *key; /* in the first half of that list */
  size_t len;
  size_t rank; /* place in the __jsonorder; behind all of them: not in it */
  int place;   /* in the first half of the list */
};

enum { LISTED = 1, SORTED = 2 }; /* places above the table */

/* Lua's strings end with a NUL, so that an empty one has a first byte as well. */
static int compare(const char *a, size_t a_len, const char *b, size_t b_len) {
  int order = (unsigned char)a[0] - (unsigned char)b[0];
  if (order == 0) order = memcmp(a, b, a_len < b_len ? a_len : b_len);
  return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

/* False if there are more than a few keys, or some that are no strings. Runs no Lua: nothing
** here allocates. */
static bool read_few(lua_State *L, struct llg_fields *f) {
  struct {
    const char *key;
    size_t len;
    unsigned char place;
  } sorted[LLG_FEW_FIELDS];
  lua_pushnil(L);
  while (lua_next(L, f->table) != 0) {
    size_t at = f->n, len;
    lua_pop(L, 1);
    if (at == LLG_FEW_FIELDS || lua_type(L, -1) != LUA_TSTRING) return false;
    const char *key = lua_tolstring(L, -1, &len);
    for (; at > 0 && compare(key, len, sorted[at - 1].key, sorted[at - 1].len) < 0; at--)
      sorted[at] = sorted[at - 1];
    f->n++;
    sorted[at].key = key;
    sorted[at].len = len;
    sorted[at].place = (unsigned char)f->n;
    lua_pushvalue(L, -1);
  }
  for (size_t i = 0; i < f->n; i++)
    f->order[i] = sorted[i].place;
  return true;
}

/* ------------------------------------------------------------------ many */

static bool is_key(lua_State *L, int index, bool numbers) {
  if (lua_type(L, index) == LUA_TSTRING) return true;
  return numbers && lua_type(L, index) == LUA_TNUMBER && isfinite(lua_tonumber(L, index));
}

static int by_rank(const void *left, const void *right) {
  const struct llg_field *a = left, *b = right;
  if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
  return compare(a->key, a->len, b->key, b->len);
}

/* The key on top of the stack becomes the text that is sent. */
static void to_text(lua_State *L) {
  char text[LLG_JSON_NUMBER_BYTES];
  if (lua_type(L, -1) == LUA_TSTRING) return;
  size_t n = llg_isinteger(L, -1) ? llg_json_integer(text, (int64_t)lua_tointeger(L, -1))
                                  : llg_json_double(text, (double)lua_tonumber(L, -1));
  lua_pushlstring(L, text, n);
  lua_replace(L, -2);
}

/* Push { key = its place in the __jsonorder }, or nil. */
static void push_ranks(lua_State *L, int table) {
  if (!lua_getmetatable(L, table)) {
    lua_pushnil(L);
    return;
  }
  lua_pushliteral(L, "__jsonorder");
  lua_rawget(L, -2);
  lua_newtable(L);
  size_t n = lua_istable(L, -2) ? llg_rawlen(L, -2) : 0;
  for (size_t i = n; i > 0 && i <= INT32_MAX; i--) { /* the first of two counts */
    lua_rawgeti(L, -2, (int)i);
    if (is_key(L, -1, true)) {
      to_text(L);
      lua_pushnumber(L, (lua_Number)i);
      lua_rawset(L, -3);
    } else {
      lua_pop(L, 1);
    }
  }
  lua_replace(L, -3);
  lua_pop(L, 1);
}

/* The keys into the second half of the list; false if they are not n. Allocates nothing: the list
** has room. */
static bool list_keys(lua_State *L, const struct llg_fields *f, int list) {
  size_t n = 0;
  lua_pushnil(L);
  while (lua_next(L, f->table) != 0) {
    lua_pop(L, 1);
    if (n == f->n) {
      lua_pop(L, 1);
      return false;
    }
    lua_pushvalue(L, -1);
    lua_rawseti(L, list, (int)(f->n + ++n));
  }
  return n == f->n;
}

/* The first half of the list, and what is to be sorted. */
static void
fill(lua_State *L, const struct llg_fields *f, int list, struct llg_field *many) {
  int ranks = lua_gettop(L);
  bool ordered = lua_istable(L, ranks);
  for (size_t i = 0; i < f->n; i++) {
    many[i].place = (int)i + 1;
    many[i].rank = SIZE_MAX;
    lua_rawgeti(L, list, (int)(f->n + i + 1));
    to_text(L);
    if (ordered) {
      lua_pushvalue(L, -1);
      lua_rawget(L, ranks);
      if (!lua_isnil(L, -1)) many[i].rank = (size_t)lua_tonumber(L, -1);
      lua_pop(L, 1);
    }
    many[i].key = lua_tolstring(L, -1, &many[i].len);
    lua_rawseti(L, list, (int)i + 1);
  }
}

/* A key that is there twice, or -1. */
static long twice(const struct llg_field *many, size_t n) {
  for (size_t i = 1; i < n; i++)
    if (
      many[i].len == many[i - 1].len
      && memcmp(many[i].key, many[i - 1].key, many[i].len) == 0)
      return (long)i;
  return -1;
}

static enum llg_fields_status
read_many(lua_State *L, const struct llg_fields_by *by, struct llg_fields *f) {
  int list = f->table + LISTED;
  f->n = 0;
  lua_pushnil(L);
  for (; lua_next(L, f->table) != 0; f->n++) {
    lua_pop(L, 1);
    if (!is_key(L, -1, by->numbers) || f->n == INT32_MAX / 2 - 1)
      return LLG_FIELDS_BAD_KEY;
  }
  lua_createtable(L, (int)(2 * f->n), 0);
  struct llg_field *many = llg_newuserdata(L, f->n * sizeof *many);
  if (by->ordered)
    push_ranks(L, f->table);
  else
    lua_pushnil(L);
  /* All that may have run finalizers by now; from here on we hold what is ours alone. */
  if (!list_keys(L, f, list)) return LLG_FIELDS_CHANGED;
  for (size_t i = 1; i <= f->n; i++) {
    lua_rawgeti(L, list, (int)(f->n + i));
    if (!is_key(L, -1, by->numbers)) return LLG_FIELDS_BAD_KEY;
    lua_pop(L, 1);
  }
  fill(L, f, list, many);
  lua_settop(L, f->table + SORTED);
  qsort(many, f->n, sizeof *many, by_rank);
  f->many = many;
  long again = by->numbers ? twice(many, f->n) : -1;
  if (again < 0) return LLG_FIELDS_OK;
  lua_rawgeti(L, list, many[again].place);
  return LLG_FIELDS_TWICE;
}

/* ------------------------------------------------------------------ the door */

enum llg_fields_status
llg_fields_read(lua_State *L, const struct llg_fields_by *by, struct llg_fields *f) {
  f->table = lua_gettop(L);
  f->n = 0;
  f->many = NULL;
  if (!by->ordered && lua_checkstack(L, LLG_FEW_FIELDS + LUA_MINSTACK)) {
    if (read_few(L, f)) return LLG_FIELDS_OK;
    lua_settop(L, f->table);
  }
  return read_many(L, by, f);
}

const char *
llg_fields_key(lua_State *L, const struct llg_fields *f, size_t i, size_t *n) {
  if (f->many == NULL) return lua_tolstring(L, f->table + f->order[i], n);
  *n = f->many[i].len;
  return f->many[i].key;
}

void llg_fields_push(lua_State *L, const struct llg_fields *f, size_t i) {
  if (f->many == NULL) {
    lua_pushvalue(L, f->table + f->order[i]);
  } else {
    lua_rawgeti(L, f->table + LISTED, (int)f->n + f->many[i].place);
  }
  lua_rawget(L, f->table);
}
