/*
** string.h - bytes -> a JSON string literal. Needs no Lua.
*/
#ifndef LLG_JSON_STRING_H
#define LLG_JSON_STRING_H

#include "../../core/base/buffer.h"

/* Append n bytes of UTF-8 in quotes; only what JSON demands is escaped. LLG_OK, LLG_LIMIT or
** LLG_NOMEM of the buffer, or LLG_DECODE where the bytes are not UTF-8 (no overlong form, no
** surrogate, nothing above U+10FFFF), with *bad the offset of the first one that is not. */
enum llg_status
llg_json_string(struct llg_buffer *out, const char *s, size_t n, size_t *bad);

/* Make a string literal of what stands in `out` from this offset on, which is UTF-8. */
enum llg_status llg_json_quote(struct llg_buffer *out, size_t from);

#endif
