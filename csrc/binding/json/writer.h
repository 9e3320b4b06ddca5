/*
** writer.h - what an encoder writes: plain values, and errors that say where.
*/
#ifndef LLG_JSON_WRITER_H
#define LLG_JSON_WRITER_H

#include "../../core/base/buffer.h"
#include "../compat.h"
#include "../vector.h"
#include "place.h"

struct llg_writer {
  lua_State *L;
  struct llg_buffer *out;
  const char *root; /* what every path begins with */
  int depth;        /* tables around the value */
};

/* Raise "path: why"; `at` is the place of the value, here and below. */
void llg_write_fail(
  const struct llg_writer *w, const struct llg_place *at, const char *format, ...)
  LLG_PRINTF(3, 4);

/* Raise if the buffer could not take something. */
void llg_write_check(
  const struct llg_writer *w, const struct llg_place *at, enum llg_status status);

void llg_write(
  const struct llg_writer *w, const struct llg_place *at, const char *bytes, size_t n);

/* A string; `what` names it where it is not UTF-8. */
void llg_write_text(
  const struct llg_writer *w, const struct llg_place *at, const char *s, size_t n,
  const char *what);

/* The string, the number on top of the stack. */
void llg_write_string(const struct llg_writer *w, const struct llg_place *at);
void llg_write_number(const struct llg_writer *w, const struct llg_place *at);

void llg_write_vector(
  const struct llg_writer *w, const struct llg_place *at, const struct llg_vector *v);

#endif
