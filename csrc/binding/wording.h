/*
** wording.h - what may be shown of what came: without the key, and fit for one line.
*/
#ifndef LLG_WORDING_H
#define LLG_WORDING_H

#include "../core/http/exchange.h"
#include "compat.h"

/* Push a copy of the text in which no secret of this request occurs. The text must stay where it
** is while Lua runs: a string on the stack, or of an exchange that is over. */
void llg_push_redacted(
  lua_State *L, const struct llg_exchange *x, const char *text, size_t n);

/* Push the first words of the text as one line: tags are left out where it is a web page, a
** run of blanks and control characters counts as one blank. "" where there is no word. */
void llg_push_excerpt(lua_State *L, const char *text, size_t n, bool is_html);

/* Whether what came is a web page, by its Content-Type or its first character. */
bool llg_body_is_html(const struct llg_exchange *x);

/* Step over a byte order mark. */
void llg_skip_mark(const char **text, size_t *n);

/* Whether `s` begins so, in whatever case; `prefix` is lower case. */
bool llg_begins(const char *s, const char *prefix);

#endif
