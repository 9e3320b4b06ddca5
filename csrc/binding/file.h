/* file.h - core.replace_file: a file is replaced as a whole, or not at all. */
#ifndef LLG_FILE_H
#define LLG_FILE_H

#include "compat.h"

void llg_open_file(lua_State *L);

#endif
