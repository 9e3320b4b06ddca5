#include "base64.h"

#include "../core/base/memory.h"
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

/* core.base64_decode(text) -> bytes, or nil where it is not base64 */
static int base64_decode(lua_State *L) {
  if (lua_type(L, 1) != LUA_TSTRING)
    return llg_type_error(L, "base64_decode", "text", "string", 1);
  size_t n = 0;
  const char *text = lua_tolstring(L, 1, &n);
  unsigned char *out = lua_newuserdata(L, LLG_BASE64_DECODED(n));
  long long n_bytes = llg_base64_decode(text, n, out);
  if (n_bytes < 0)
    lua_pushnil(L);
  else
    lua_pushlstring(L, (const char *)out, (size_t)n_bytes);
  llg_wipe(out, LLG_BASE64_DECODED(n)); /* it may be a secret */
  return 1;
}

void llg_open_base64(lua_State *L) {
  lua_pushcfunction(L, base64_decode);
  lua_setfield(L, -2, "base64_decode");
  lua_pushcfunction(L, base64);
  lua_setfield(L, -2, "base64");
}
