#include "digest.h"

#include "../core/base/hmac.h"
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

static const char *
check_bytes(lua_State *L, int index, const char *function, const char *name, size_t *n) {
  if (lua_type(L, index) != LUA_TSTRING)
    llg_type_error(L, function, name, "string", index);
  return lua_tolstring(L, index, n);
}

/* core.hmac_sha256(key, bytes) -> 32 bytes */
static int hmac_sha256(lua_State *L) {
  size_t n_key = 0, n = 0;
  const char *key = check_bytes(L, 1, "hmac_sha256", "key", &n_key);
  const char *bytes = check_bytes(L, 2, "hmac_sha256", "bytes", &n);
  unsigned char digest[LLG_SHA256_BYTES];
  llg_hmac_sha256(key, n_key, bytes, n, digest);
  lua_pushlstring(L, (const char *)digest, sizeof digest);
  return 1;
}

/* core.same_bytes(a, b) -> boolean: not ==, which stops at the first difference */
static int same_bytes(lua_State *L) {
  size_t n_a = 0, n_b = 0;
  const char *a = check_bytes(L, 1, "same_bytes", "a", &n_a);
  const char *b = check_bytes(L, 2, "same_bytes", "b", &n_b);
  lua_pushboolean(L, n_a == n_b && llg_same_bytes(a, b, n_a));
  return 1;
}

void llg_open_digest(lua_State *L) {
  static const luaL_Reg functions[] = {
    { "hmac_sha256", hmac_sha256 },
    { "same_bytes", same_bytes },
    { "sha256", sha256 },
    { NULL, NULL },
  };
  llg_setfuncs(L, functions);
}
