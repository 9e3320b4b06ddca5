/*
** A text of any bytes through lualogue's JSON: it is refused with an error object, or it is a
** value; that value is encoded and comes back equal, or it holds a string that is not UTF-8.
** Links the binding's JSON and liblua; lua-cjson is required at run time.
*/
#include "binding/json/json.h"
#include "binding/object.h"

#include <lualib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* (json) -> function(text) */
static const char check[]
  = "local json = ...\n"
    "local function equal(a, b)\n"
    "  if type(a) ~= 'table' or type(b) ~= 'table' then\n"
    "    return a == b and (not math.type or math.type(a) == math.type(b))\n"
    "  end\n"
    "  for k, v in next, a do if not equal(v, b[k]) then return false end end\n"
    "  for k in next, b do if a[k] == nil then return false end end\n"
    "  return true\n"
    "end\n"
    "return function(text)\n"
    "  local value, err = json.decode(text)\n"
    "  if value == nil then\n"
    "    assert(err.kind == 'decode' or err.kind == 'limit', err.kind)\n"
    "    assert(#err.message > 0)\n"
    "    return\n"
    "  end\n"
    "  local ok, again = pcall(json.encode, value)\n"
    "  if not ok then\n"
    "    assert(again:find('is not UTF-8', 1, true), again)\n"
    "    return\n"
    "  end\n"
    "  local second = json.decode(again)\n"
    "  assert(equal(value, second), again)\n"
    "end\n";

static void require_ok(lua_State *L, int status) {
  if (status == 0) return;
  fprintf(stderr, "failed: %s\n", lua_tostring(L, -1));
  abort();
}

/* A state with the check at index 1. */
static lua_State *new_state(void) {
  lua_State *L = luaL_newstate();
  if (L == NULL) abort();
  luaL_openlibs(L);
  lua_newtable(L);
  llg_open_errors(L);
  llg_open_json(L);
  require_ok(L, luaL_loadstring(L, check));
  lua_getfield(L, 1, "json");
  require_ok(L, lua_pcall(L, 1, 1, 0));
  lua_replace(L, 1);
  return L;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
  static lua_State *L;
  if (L == NULL) L = new_state();
  lua_pushvalue(L, 1);
  lua_pushlstring(L, n == 0 ? "" : (const char *)data, n);
  require_ok(L, lua_pcall(L, 1, 0, 0));
  return 0;
}
