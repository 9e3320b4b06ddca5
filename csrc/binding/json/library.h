/*
** library.h - the library that reads JSON for us, found when it is needed first: the
** lua-cjson that is linked into the module, else require "cjson", else Neovim's vim.json.
*/
#ifndef LLG_JSON_LIBRARY_H
#define LLG_JSON_LIBRARY_H

#include "../../core/base/status.h"
#include "../compat.h"

/* In the registry: the metatable that the library gives to the lists it decodes, if any. */
#define LLG_JSON_ARRAY_MT "lualogue.json.array_mt"

/* Push its decode function and return 1, or push nothing, fill *failure and return 0. */
int llg_json_push_decoder(lua_State *L, struct llg_failure *failure);

/* Drop the instance that we have and make a new one: it asks the locale again. */
int llg_json_reopen(lua_State *L, struct llg_failure *failure);

/* What decodes: "linked", "cjson" or "vim.json"; NULL with *failure if there is nothing.
** The first call looks for it. */
const char *llg_json_library(lua_State *L, struct llg_failure *failure);

#endif
