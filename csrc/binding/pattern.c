#include "pattern.h"

#include <stdio.h>
#include <string.h>

#include "json/library.h"

enum { MAX_SOURCE_BYTES = 1 << 16, MAX_FIXED_STRING = 1024 };

void llg_patterns_init(struct llg_patterns *patterns) {
  memset(patterns, 0, sizeof *patterns);
  llg_buffer_init(&patterns->source, MAX_SOURCE_BYTES);
}

void llg_patterns_free(struct llg_patterns *patterns) {
  llg_buffer_free(&patterns->source);
}

/* ---- the source of the function ---- */

/* Goes over an event that was read before: it is JSON. */
struct writer {
  const struct llg_event_shape *shape;
  const char *at;
  int leaf; /* the next one */
  int hole; /* the next one */
  bool marks_lists;
  bool ok;
  struct llg_buffer *out;
};

static void write_value(struct writer *w);

static void put(struct writer *w, const char *text, size_t n) {
  w->ok = w->ok && llg_buffer_append(w->out, text, n) == LLG_OK;
}

static void put_text(struct writer *w, const char *text) {
  put(w, text, strlen(text));
}

static bool is_simple(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
         || c == '_' || c == '-' || c == '.' || c == ' ';
}

/* A literal of Lua's, in ASCII. */
static void put_literal(struct writer *w, const char *text, size_t n) {
  char escape[8];
  put_text(w, "\"");
  for (size_t i = 0; i < n; i++) {
    if (is_simple(text[i])) {
      put(w, text + i, 1);
    } else {
      snprintf(escape, sizeof escape, "\\%03d", (unsigned char)text[i]);
      put_text(w, escape);
    }
  }
  put_text(w, "\"");
}

static void skip_blanks(struct writer *w) {
  w->at += strspn(w->at, " \t\r\n");
}

/* Behind the value of the leaf that is next; true if it is a hole, whose name was put. */
static bool put_hole(struct writer *w) {
  const struct llg_event_shape *shape = w->shape;
  const struct llg_event_leaf *leaf = &shape->leaves.at[w->leaf];
  char name[16];
  w->at = llg_buffer_bytes(&shape->event) + leaf->at + leaf->len + leaf->is_string;
  bool is_hole = w->hole < shape->n_holes && shape->holes[w->hole] == w->leaf;
  w->leaf++;
  if (!is_hole) return false;
  snprintf(name, sizeof name, "h%d", ++w->hole);
  put_text(w, name);
  return true;
}

static void write_string(struct writer *w) {
  const struct llg_event_leaf *leaf = &w->shape->leaves.at[w->leaf];
  struct llg_json_string string;
  char text[MAX_FIXED_STRING];
  if (put_hole(w)) return;
  llg_json_read_string(llg_buffer_bytes(&w->shape->event) + leaf->at, w->at, &string);
  w->ok = w->ok && string.len <= sizeof text;
  if (w->ok) put_literal(w, text, llg_json_unescape(&string, text));
}

static void write_number(struct writer *w) {
  const struct llg_event_leaf *leaf = &w->shape->leaves.at[w->leaf];
  const char *at = llg_buffer_bytes(&w->shape->event) + leaf->at;
  struct llg_json_number number;
  if (put_hole(w)) return;
  w->ok = w->ok && llg_json_number_of(at, leaf->len, &number);
  if (!w->ok) return;
  /* A whole one without its ".0", since that is an integer. */
  const char *point = number.is_whole ? memchr(at, '.', leaf->len) : NULL;
  put(w, at, point != NULL ? (size_t)(point - at) : leaf->len);
}

/* The key in front of a value; nothing for a null, which is absent. */
static void write_member(struct writer *w) {
  const char *key = w->at + 1, *quote = strchr(key, '"');
  w->at = quote + 1;
  skip_blanks(w);
  w->at++; /* the colon */
  skip_blanks(w);
  if (*w->at == 'n') {
    w->at += 4;
    return;
  }
  put_text(w, "[");
  put_literal(w, key, (size_t)(quote - key));
  put_text(w, "]=");
  write_value(w);
  put_text(w, ",");
}

static void write_table(struct writer *w, char close) {
  bool marked = close == ']' && w->marks_lists;
  put_text(w, marked ? "M({" : "{");
  w->at++;
  for (skip_blanks(w); *w->at != close; skip_blanks(w)) {
    if (*w->at == ',') {
      w->at++;
    } else if (close == '}') {
      write_member(w);
    } else {
      write_value(w);
      put_text(w, ",");
    }
  }
  w->at++;
  put_text(w, marked ? "},A)" : "}");
}

static void write_value(struct writer *w) {
  skip_blanks(w);
  switch (*w->at) {
  case '{': write_table(w, '}'); break;
  case '[': write_table(w, ']'); break;
  case '"': write_string(w); break;
  case 'n':
    put_text(w, "N");
    w->at += 4;
    break;
  case 't':
    put_text(w, "true");
    w->at += 4;
    break;
  case 'f':
    put_text(w, "false");
    w->at += 5;
    break;
  default: write_number(w); break;
  }
}

static bool write_source(
  struct llg_patterns *patterns, const struct llg_event_shape *shape, bool marks_lists) {
  struct writer w = { .shape = shape,
                      .at = llg_buffer_bytes(&shape->event),
                      .marks_lists = marks_lists,
                      .ok = true,
                      .out = &patterns->source };
  char name[16];
  llg_buffer_clear(w.out);
  put_text(&w, "local N,M,A=... return function(");
  for (int i = 1; i <= shape->n_holes; i++) {
    snprintf(name, sizeof name, i == 1 ? "h%d" : ",h%d", i);
    put_text(&w, name);
  }
  put_text(&w, ")return");
  write_value(&w);
  put_text(&w, " end");
  return w.ok;
}

/* ---- the function ---- */

/* (list, metatable) -> list */
static int set_mark(lua_State *L) {
  lua_settop(L, 2);
  lua_setmetatable(L, 1);
  return 1;
}

/* Write the function for this shape and keep it at slot + i; false if there can be none. */
static bool make(
  lua_State *L, int index, int at, struct llg_patterns *patterns,
  const struct llg_event_shape *shape) {
  int top = lua_gettop(L);
  lua_getfield(L, LUA_REGISTRYINDEX, LLG_JSON_ARRAY_MT); /* collects nothing */
  bool ok = write_source(patterns, shape, !lua_isnil(L, -1));
  ok = ok
       && luaL_loadbuffer(
            L, llg_buffer_bytes(&patterns->source), patterns->source.len, "=chunk")
            == 0;
  if (ok) {
    lua_pushlightuserdata(L, NULL);
    lua_pushcfunction(L, set_mark);
    lua_pushvalue(L, top + 1);
    lua_call(L, 3, 1);
    llg_getuservalue(L, index);
    lua_insert(L, -2);
    lua_rawseti(L, -2, at);
  }
  lua_settop(L, top);
  return ok;
}

/* Which of the functions is for this shape; -1 if none can be had. */
static int find(
  lua_State *L, int index, int slot, struct llg_patterns *patterns,
  const struct llg_event_shape *shape) {
  unsigned serial = shape->serial;
  int oldest = 0;
  for (int i = 0; i < LLG_SHAPES; i++) {
    if (patterns->serials[i] == serial) return patterns->is_usable[i] ? i : -1;
    if (patterns->serials[i] < patterns->serials[oldest]) oldest = i;
  }
  if (patterns->is_writing) return -1;
  patterns->is_writing = true;
  patterns->serials[oldest] = 0;
  bool ok = make(L, index, slot + oldest, patterns, shape);
  patterns->serials[oldest] = serial;
  patterns->is_usable[oldest] = ok;
  patterns->is_writing = false;
  return ok ? oldest : -1;
}

static void push_number(lua_State *L, const struct llg_json_number *number) {
  if (number->is_whole)
    llg_pushint64(L, number->whole);
  else
    lua_pushnumber(L, number->fraction);
}

bool llg_push_chunk(
  lua_State *L, int index, int slot, struct llg_patterns *patterns,
  const struct llg_event_shape *shape, struct llg_shape_value *values) {
  struct llg_json_number numbers[LLG_SHAPE_HOLES];
  int n_holes = shape->n_holes; /* it may be gone when Lua runs */
  for (int i = 0; i < n_holes; i++) {
    const struct llg_json_string *digits = &values[i].text;
    if (
      !values[i].is_string
      && !llg_json_number_of(digits->bytes, digits->len, &numbers[i]))
      return false;
  }
  luaL_checkstack(L, LLG_SHAPE_HOLES + 8, "chunk");
  int found = find(L, index, slot, patterns, shape);
  if (found < 0) return false;
  llg_getuservalue(L, index);
  lua_rawgeti(L, -1, slot + found);
  lua_remove(L, -2);
  for (int i = 0; i < n_holes; i++) {
    if (values[i].is_string) {
      llg_shape_value_settle(&values[i]);
      lua_pushlstring(L, values[i].text.bytes, values[i].text.len);
    } else {
      push_number(L, &numbers[i]);
    }
  }
  lua_call(L, n_holes, 1);
  return true;
}
