#include "writer.h"

#include <stdarg.h>
#include <stdio.h>

#include "number.h"
#include "string.h"
#include "../object.h"

void llg_write_fail(
  const struct llg_writer *w, const struct llg_place *at, const char *format, ...) {
  char why[LLG_MAX_MESSAGE_BYTES];
  struct llg_path path;
  va_list args;
  va_start(args, format);
  vsnprintf(why, sizeof why, format, args);
  va_end(args);
  llg_place_path(at, w->root, &path);
  llg_raise(w->L, "%s%s%s", path.text, path.n > 0 ? ": " : "", why);
}

void llg_write_check(
  const struct llg_writer *w, const struct llg_place *at, enum llg_status status) {
  if (status == LLG_OK) return;
  if (status == LLG_NOMEM) {
    lua_pushliteral(w->L, "not enough memory");
    lua_error(w->L);
  }
  llg_write_fail(w, at, "the JSON is larger than %zu bytes", w->out->max_bytes);
}

void llg_write(
  const struct llg_writer *w, const struct llg_place *at, const char *bytes, size_t n) {
  llg_write_check(w, at, llg_buffer_append(w->out, bytes, n));
}

static char *number_room(const struct llg_writer *w, const struct llg_place *at) {
  enum llg_status status = LLG_OK;
  char *room = llg_buffer_reserve(w->out, LLG_JSON_NUMBER_BYTES, &status);
  if (room == NULL) llg_write_check(w, at, status);
  return room;
}

void llg_write_text(
  const struct llg_writer *w, const struct llg_place *at, const char *s, size_t n,
  const char *what) {
  size_t bad = 0;
  enum llg_status status = llg_json_string(w->out, s, n, &bad);
  if (status == LLG_DECODE)
    llg_write_fail(w, at, "%s is not UTF-8 (at byte %zu)", what, bad + 1);
  llg_write_check(w, at, status);
}

void llg_write_string(const struct llg_writer *w, const struct llg_place *at) {
  size_t n;
  const char *s = lua_tolstring(w->L, -1, &n);
  llg_write_text(w, at, s, n, "a string");
}

void llg_write_number(const struct llg_writer *w, const struct llg_place *at) {
  lua_State *L = w->L;
  char *room = number_room(w, at);
  if (llg_isinteger(L, -1)) {
    llg_buffer_commit(w->out, llg_json_integer(room, (int64_t)lua_tointeger(L, -1)));
    return;
  }
  lua_Number x = lua_tonumber(L, -1);
  if (x - x != 0)
    llg_write_fail(
      w, at, "%s cannot be sent as JSON", x != x ? "NaN" : "an infinite number");
  llg_buffer_commit(w->out, llg_json_double(room, (double)x));
}

void llg_write_vector(
  const struct llg_writer *w, const struct llg_place *at, const struct llg_vector *v) {
  llg_write(w, at, "[", 1);
  for (size_t i = 0; i < v->n; i++) {
    float x = v->values[i];
    struct llg_place here = { at, v, NULL, 0, (long long)i + 1 };
    if (x - x != 0)
      llg_write_fail(
        w, &here, "%s cannot be sent as JSON", x != x ? "NaN" : "an infinite number");
    if (i > 0) llg_write(w, at, ",", 1);
    llg_buffer_commit(w->out, llg_json_float(number_room(w, at), x));
  }
  llg_write(w, at, "]", 1);
}
