#include "vector.h"

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "../core/vectors/vector.h"
#include "object.h"

#define VECTOR_CLASS "lualogue.vector"

enum { N_SHOWN = 4 }; /* elements that tostring shows */

struct llg_vector *llg_new_vector(lua_State *L, size_t n) {
  if (n > (SIZE_MAX - sizeof(struct llg_vector)) / sizeof(float))
    luaL_error(L, "not enough memory");
  struct llg_vector *v = llg_newuserdata(
    L, sizeof(struct llg_vector) + n * sizeof(float));
  luaL_getmetatable(L, VECTOR_CLASS);
  lua_setmetatable(L, -2);
  v->n = n;
  return v;
}

struct llg_vector *llg_test_vector(lua_State *L, int index) {
  return llg_testudata(L, index, VECTOR_CLASS);
}

size_t llg_fill_vector(lua_State *L, int index, struct llg_vector *v) {
  index = llg_absindex(L, index);
  for (size_t i = 0; i < v->n; i++) {
    lua_rawgeti(L, index, (int)(i + 1));
    int is_number = lua_type(L, -1) == LUA_TNUMBER;
    lua_Number x = is_number ? lua_tonumber(L, -1) : 0;
    lua_pop(L, 1);
    if (!is_number || (isfinite(x) && fabs(x) > FLT_MAX)) return i + 1;
    v->values[i] = (float)x;
  }
  return 0;
}

/* ------------------------------------------------------------------ arguments */

static struct llg_vector *
check_vector(lua_State *L, int index, const char *function, const char *name) {
  struct llg_vector *v = llg_test_vector(L, index);
  if (v == NULL) llg_type_error(L, function, name, VECTOR_CLASS, index);
  return v;
}

/* The vector to be combined with `v`, of the same length. */
static struct llg_vector *
check_other(lua_State *L, const struct llg_vector *v, const char *function) {
  struct llg_vector *other = check_vector(L, 2, function, "other");
  if (other->n != v->n)
    llg_raise(
      L, "bad argument 'other' to '%s' (a vector of %d elements expected, got %d)",
      function, (int)v->n, (int)other->n);
  return other;
}

static size_t
check_length(lua_State *L, int index, const char *function, const char *name) {
  if (!lua_istable(L, index)) llg_type_error(L, function, name, "table", index);
  size_t n = (size_t)llg_rawlen(L, index);
  if (n > INT_MAX - 1) llg_arg_error(L, function, name, "the list is too long");
  return n;
}

/* ------------------------------------------------------------------ the constructor */

static int new_from_list(lua_State *L) {
  size_t n = check_length(L, 1, "vector", "list");
  lua_settop(L, 1);
  struct llg_vector *v = llg_new_vector(L, n);
  size_t bad = llg_fill_vector(L, 1, v);
  if (bad == 0) return 1;
  lua_rawgeti(L, 1, (int)bad);
  if (lua_type(L, -1) == LUA_TNUMBER)
    return llg_raise(
      L, "bad argument 'list' to 'vector' (element %d is too large for a float32)",
      (int)bad);
  return llg_raise(
    L, "bad argument 'list' to 'vector' (element %d: number expected, got %s)", (int)bad,
    luaL_typename(L, -1));
}

/* ------------------------------------------------------------------ metamethods */

/* v[i] and v.method in one. The class is compared with upvalue 1, since a look into the
** registry would cost more than the element; upvalue 2 holds the methods. */
static int vector_index(lua_State *L) {
  const struct llg_vector *v = lua_touserdata(L, 1);
  if (v == NULL || !lua_getmetatable(L, 1) || !lua_rawequal(L, -1, lua_upvalueindex(1)))
    return llg_type_error(L, "index", "self", VECTOR_CLASS, 1);
  if (lua_type(L, 2) != LUA_TNUMBER) {
    lua_pushvalue(L, 2);
    lua_rawget(L, lua_upvalueindex(2));
    return 1;
  }
  lua_Number key = lua_tonumber(L, 2);
  if (!(key >= 1 && key <= (lua_Number)v->n)) return 0;
  size_t i = (size_t)key;
  if ((lua_Number)i != key) return 0;
  lua_pushnumber(L, (lua_Number)v->values[i - 1]);
  return 1;
}

static int vector_newindex(lua_State *L) {
  return llg_raise(L, "a vector cannot be changed: make a new one from v:totable()");
}

static int vector_len(lua_State *L) {
  llg_pushint64(L, (int64_t)check_vector(L, 1, "len", "self")->n);
  return 1;
}

static int vector_eq(lua_State *L) {
  const struct llg_vector *a = llg_test_vector(L, 1);
  const struct llg_vector *b = llg_test_vector(L, 2);
  int equal = a != NULL && b != NULL && a->n == b->n;
  for (size_t i = 0; equal && i < a->n; i++)
    equal = a->values[i] == b->values[i];
  lua_pushboolean(L, equal);
  return 1;
}

/* Three digits, with a point whatever the host's locale says. */
static void push_element(lua_State *L, float x) {
  char text[32];
  char *to = text;
  snprintf(text, sizeof text, " %.3g", (double)x);
  for (const char *from = text; *from != '\0'; from++) {
    int ascii = (unsigned char)*from < 0x80 && *from != ',';
    if (ascii)
      *to++ = *from;
    else if (to[-1] != '.')
      *to++ = '.';
  }
  lua_pushlstring(L, text, (size_t)(to - text));
}

static int vector_tostring(lua_State *L) {
  const struct llg_vector *v = check_vector(L, 1, "tostring", "self");
  int n_shown = v->n < N_SHOWN ? (int)v->n : N_SHOWN;
  lua_settop(L, 1);
  lua_pushfstring(L, "vector(%d):", (int)v->n);
  for (int i = 0; i < n_shown; i++)
    push_element(L, v->values[i]);
  if (v->n > N_SHOWN) lua_pushliteral(L, " ...");
  lua_concat(L, lua_gettop(L) - 1);
  return 1;
}

static int next_element(lua_State *L) {
  const struct llg_vector *v = check_vector(L, 1, "ipairs", "self");
  lua_Number i = lua_tonumber(L, 2);
  if (!(i >= 0 && i < (lua_Number)v->n)) return 0;
  llg_pushint64(L, (int64_t)i + 1);
  lua_pushnumber(L, (lua_Number)v->values[(size_t)i]);
  return 2;
}

/* Asked for by 5.2; later versions go through __index, and 5.1 has neither. */
static int vector_ipairs(lua_State *L) {
  check_vector(L, 1, "ipairs", "self");
  lua_pushcfunction(L, next_element);
  lua_pushvalue(L, 1);
  llg_pushint64(L, 0);
  return 3;
}

/* ------------------------------------------------------------------ methods */

static int vector_totable(lua_State *L) {
  const struct llg_vector *v = check_vector(L, 1, "totable", "self");
  lua_createtable(L, (int)v->n, 0);
  for (size_t i = 0; i < v->n; i++) {
    lua_pushnumber(L, (lua_Number)v->values[i]);
    lua_rawseti(L, -2, (int)(i + 1));
  }
  return 1;
}

static int vector_dot(lua_State *L) {
  const struct llg_vector *v = check_vector(L, 1, "dot", "self");
  const struct llg_vector *other = check_other(L, v, "dot");
  lua_pushnumber(L, llg_vector_dot(v->values, other->values, v->n));
  return 1;
}

static int vector_norm(lua_State *L) {
  const struct llg_vector *v = check_vector(L, 1, "norm", "self");
  lua_pushnumber(L, llg_vector_norm(v->values, v->n));
  return 1;
}

static int vector_cosine(lua_State *L) {
  const struct llg_vector *v = check_vector(L, 1, "cosine", "self");
  const struct llg_vector *other = check_other(L, v, "cosine");
  lua_pushnumber(L, llg_vector_cosine(v->values, other->values, v->n));
  return 1;
}

/* k as given, or the length of the list if that is less. */
static size_t check_k(lua_State *L, int index, size_t n) {
  if (lua_type(L, index) != LUA_TNUMBER) llg_type_error(L, "top_k", "k", "number", index);
  lua_Number k = lua_tonumber(L, index);
  if (!(k >= 1 && floor(k) == k))
    llg_arg_error(L, "top_k", "k", "a whole number of at least 1 expected");
  return k < (lua_Number)n ? (size_t)k : n;
}

static const struct llg_vector *
candidate_at(lua_State *L, size_t i, const struct llg_vector *v) {
  lua_rawgeti(L, 2, (int)i);
  const struct llg_vector *candidate = llg_test_vector(L, -1);
  if (candidate == NULL)
    llg_raise(
      L,
      "bad argument 'vectors' to 'top_k' (element %d: " VECTOR_CLASS " expected, got %s)",
      (int)i, luaL_typename(L, -1));
  else if (candidate->n != v->n)
    llg_raise(
      L, "bad argument 'vectors' to 'top_k' (element %d: %d elements expected, got %d)",
      (int)i, (int)v->n, (int)candidate->n);
  lua_pop(L, 1); /* the list keeps it alive */
  return candidate;
}

static int vector_top_k(lua_State *L) {
  const struct llg_vector *v = check_vector(L, 1, "top_k", "self");
  size_t n = check_length(L, 2, "top_k", "vectors");
  size_t k = check_k(L, 3, n);
  size_t n_best = 0;
  struct llg_scored *best = lua_newuserdata(L, (k > 0 ? k : 1) * sizeof *best);
  for (size_t i = 1; i <= n; i++) {
    const struct llg_vector *candidate = candidate_at(L, i, v);
    struct llg_scored scored = {
      llg_vector_cosine(v->values, candidate->values, v->n),
      i,
    };
    llg_top_k_offer(best, &n_best, k, scored);
  }
  lua_createtable(L, (int)n_best, 0);
  for (size_t i = 0; i < n_best; i++) {
    lua_createtable(L, 0, 2);
    llg_pushint64(L, (int64_t)best[i].index);
    lua_setfield(L, -2, "index");
    lua_pushnumber(L, best[i].score);
    lua_setfield(L, -2, "score");
    lua_rawseti(L, -2, (int)(i + 1));
  }
  return 1;
}

/* ------------------------------------------------------------------ registration */

void llg_open_vector(lua_State *L) {
  static const luaL_Reg methods[] = {
    { "totable", vector_totable }, { "dot", vector_dot },     { "norm", vector_norm },
    { "cosine", vector_cosine },   { "top_k", vector_top_k }, { NULL, NULL },
  };
  static const luaL_Reg meta[] = {
    { "__newindex", vector_newindex },
    { "__len", vector_len },
    { "__eq", vector_eq },
    { "__tostring", vector_tostring },
    { "__ipairs", vector_ipairs },
    { NULL, NULL },
  };
  llg_class(L, VECTOR_CLASS, NULL, meta);
  luaL_getmetatable(L, VECTOR_CLASS);
  lua_pushvalue(L, -1);
  lua_newtable(L);
  llg_setfuncs(L, methods);
  lua_pushcclosure(L, vector_index, 2);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
  lua_pushcfunction(L, new_from_list);
  lua_setfield(L, -2, "vector");
}
