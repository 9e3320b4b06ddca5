/*
** check.h - whether a text is JSON, strictly (RFC 8259). Needs no Lua.
*/
#ifndef LLG_JSON_CHECK_H
#define LLG_JSON_CHECK_H

#include <stdbool.h>
#include <stddef.h>

/* One value with nothing but blanks around it, nested at most LLG_MAX_JSON_DEPTH deep, in UTF-8.
** Else *bad is the offset of the first byte that is wrong; n: it ends too early. */
bool llg_json_check(const char *text, size_t n, size_t *bad);

#endif
