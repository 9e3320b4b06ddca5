/*
** said.h - what the fields of a decoded answer say. Many servers send every field in every
** answer, so a field that is there may still say nothing.
*/
#ifndef LLG_SAID_H
#define LLG_SAID_H

#include <stdbool.h>

#include "compat.h"

/* How deep the tables of an answer are looked into for words. */
enum { LLG_SAID_DEPTH = 6 };

/* Whether the value on top of the stack says anything: not "", 0, false, and not a table of
** nothing but such. */
bool llg_is_said(lua_State *L);

/* `t` is the absolute index of a table: push the field if it says something, and return true;
** or push nothing. */
bool llg_push_said(lua_State *L, int t, const char *name);

/* The same without a push. */
bool llg_has_said(lua_State *L, int t, const char *name);

/* Whether the field is a text, and one of these; the list ends with NULL. */
bool llg_is_one_of(lua_State *L, int t, const char *name, const char *const *words);

#endif
