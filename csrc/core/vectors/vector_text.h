/*
** vector_text.h - float32 numbers from the text of a JSON list, without a value of any
** other kind in between.
**
** It knows the numbers that servers write: up to 19 digits, powers of ten between -44 and
** 44. What it reads is what strtod and a cast to float would give, in any locale.
*/
#ifndef LLG_VECTOR_TEXT_H
#define LLG_VECTOR_TEXT_H

#include <stddef.h>

#include "../base/buffer.h"

/* Append to `out` the floats of the list whose '[' is the first of n characters, and set
** *n_text to the length of the list with both brackets. LLG_DECODE if it is not such a
** list, or one with a number that this parser leaves to others; LLG_NOMEM, LLG_LIMIT.
** `out` holds whole floats and nothing else; after a failure it may have more of them
** than before. */
enum llg_status
llg_vector_from_text(const char *text, size_t n, struct llg_buffer *out, size_t *n_text);

#endif
