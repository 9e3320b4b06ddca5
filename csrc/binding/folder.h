/* folder.h - core.folder, make_folder and current_folder: what Lua's own library cannot do with files. */
#ifndef LLG_FOLDER_H
#define LLG_FOLDER_H

#include "compat.h"

void llg_open_folder(lua_State *L);

#endif
