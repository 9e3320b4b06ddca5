#include "digest.h"

#include "../core/base/sha256.h"
#include "object.h"

/* core.sha256(bytes) -> text of 64 characters */
static int sha256(lua_State *L) {
  static const char digits[] = "0123456789abcdef";
  if (lua_type(L, 1) != LUA_TSTRING)
    return llg_type_error(L, "sha256", "bytes", "string", 1);
  size_t n = 0;
  const char *bytes = lua_tolstring(L, 1, &n);
  struct llg_sha256 s;
  unsigned char digest[LLG_SHA256_BYTES];
  char text[2 * LLG_SHA256_BYTES];
  llg_sha256_begin(&s);
  llg_sha256_feed(&s, bytes, n);
  llg_sha256_end(&s, digest);
  for (size_t i = 0; i < sizeof digest; i++) {
    text[2 * i] = digits[digest[i] >> 4];
    text[2 * i + 1] = digits[digest[i] & 15];
  }
  lua_pushlstring(L, text, sizeof text);
  return 1;
}

void llg_open_digest(lua_State *L) {
  lua_pushcfunction(L, sha256);
  lua_setfield(L, -2, "sha256");
}
