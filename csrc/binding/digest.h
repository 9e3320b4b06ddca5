/* digest.h - core.sha256, core.hmac_sha256, core.same_bytes. */
#ifndef LLG_DIGEST_H
#define LLG_DIGEST_H

#include "compat.h"

void llg_open_digest(lua_State *L);

#endif
