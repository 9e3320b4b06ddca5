/*
** number.h - numbers as JSON text: integers exactly, floats in the fewest digits that
** read back equal, always with '.', whatever the locale. Needs no Lua.
*/
#ifndef LLG_JSON_NUMBER_H
#define LLG_JSON_NUMBER_H

#include <stddef.h>
#include <stdint.h>

enum { LLG_JSON_NUMBER_BYTES = 40 }; /* room that every function below asks for */

/* Each writes to `out`, without a NUL, and returns the number of bytes. Floats are finite. */
size_t llg_json_integer(char *out, int64_t n);
size_t llg_json_double(char *out, double x);
size_t llg_json_float(char *out, float x);

#endif
