/* digest.h - core.sha256. */
#ifndef LLG_DIGEST_H
#define LLG_DIGEST_H

#include "compat.h"

void llg_open_digest(lua_State *L);

#endif
