#include "raw.h"

#include <string.h>

#include "../object.h"

#define RAW_CLASS "lualogue.raw"

struct raw {
  size_t n;
  char text[];
};

void llg_json_push_raw(lua_State *L, int index) {
  size_t n;
  const char *text = lua_tolstring(L, index, &n);
  struct raw *raw = llg_new(L, sizeof *raw + n, RAW_CLASS);
  raw->n = n;
  memcpy(raw->text, text, n);
}

const char *llg_json_test_raw(lua_State *L, int index, size_t *n) {
  const struct raw *raw = llg_testudata(L, index, RAW_CLASS);
  if (raw == NULL) return NULL;
  *n = raw->n;
  return raw->text;
}

static int raw_tostring(lua_State *L) {
  size_t n;
  const char *text = llg_json_test_raw(L, 1, &n);
  if (text == NULL) return luaL_error(L, "lualogue.raw expected");
  lua_pushlstring(L, text, n);
  return 1;
}

void llg_open_json_raw(lua_State *L) {
  static const luaL_Reg meta[] = {
    { "__tostring", raw_tostring },
    { NULL, NULL },
  };
  llg_class(L, RAW_CLASS, NULL, meta);
}
