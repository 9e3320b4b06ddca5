/*
** mend.h - JSON text as servers write it -> JSON text that any library reads. Needs no Lua.
**
** In strings: bytes that are no UTF-8, and halves of surrogate pairs without the other, become
** U+FFFD. Where a value stands: NaN, Infinity and what C prints for them become null. All else
** stays as it is, right or wrong.
*/
#ifndef LLG_JSON_MEND_H
#define LLG_JSON_MEND_H

#include <stdbool.h>
#include <stddef.h>

struct llg_mended {
  size_t len;
  bool changed;
  bool kept; /* with keep_broken: something broken stands in the value of a string */
};

/* Write the mended text to `out`, or only measure it where `out` is NULL. With keep_broken the
** strings that are values keep what is broken, half a pair as the three bytes of utf8.h. */
struct llg_mended llg_json_mend(char *out, const char *text, size_t n, bool keep_broken);

/* Whether brackets are nested deeper than max_depth. */
bool llg_json_is_deeper(const char *text, size_t n, int max_depth);

#endif
