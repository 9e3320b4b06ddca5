/*
** file.h - core.replace_file: a file is replaced as a whole, or not at all; core.append_file: bytes
** are added to its end in one piece.
*/
#ifndef LLG_FILE_H
#define LLG_FILE_H

#include <stdbool.h>

#include "compat.h"

/* The path at `index`, which is Lua's; raises where it is none, and says what is expected. */
const char *
llg_check_path(lua_State *L, int index, const char *function, const char *what);

/* What was tried when it failed, and errno. */
struct llg_trouble {
  const char *step;
  int number;
};

/* Note it; false. */
bool llg_fails(struct llg_trouble *t, const char *step);

/* Push nil and "cannot STEP 'PATH': ...", with the text of errno `number`; 2. */
int llg_push_trouble(lua_State *L, const char *step, const char *path, int number);

void llg_open_file(lua_State *L);

#endif
