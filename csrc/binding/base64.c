#include "base64.h"

#include "../core/vectors/base64.h"
#include "object.h"

enum { BLOCK_BYTES = 3 * 1024 }; /* a multiple of three: only the last block is padded */

/* core.base64(bytes) -> text */
static int base64(lua_State *L) {
  if (lua_type(L, 1) != LUA_TSTRING)
    return llg_type_error(L, "base64", "bytes", "string", 1);
  size_t n = 0;
  const char *bytes = lua_tolstring(L, 1, &n); /* its place on the stack keeps it alive */
  char block[LLG_BASE64_ENCODED(BLOCK_BYTES)];
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  while (n > 0) {
    size_t n_now = n < BLOCK_BYTES ? n : BLOCK_BYTES;
    const unsigned char *from = (const unsigned char *)bytes;
    luaL_addlstring(&b, block, llg_base64_encode(from, n_now, block));
    bytes += n_now;
    n -= n_now;
  }
  luaL_pushresult(&b);
  return 1;
}

void llg_open_base64(lua_State *L) {
  lua_pushcfunction(L, base64);
  lua_setfield(L, -2, "base64");
}
