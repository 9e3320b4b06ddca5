/*
** A text of any bytes through lualogue's JSON: it is refused with an error object, or it is a
** value; that value can be encoded, and what it is encoded as comes back equal and is encoded as
** the same bytes. What json.raw takes is JSON, and is sent as it is. Cut into two chunks of a
** stream at any byte, a text is what it is in one, whatever it is cut through.
** Links the binding's JSON and liblua; lua-cjson is required at run time.
*/
#include "binding/json/chunk.h"
#include "binding/json/json.h"
#include "binding/object.h"

#include <lualib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* (json, chunk) -> function(text). Of messages, and of empty lists of theirs, encoding makes
** something else: they are told apart by a second round. */
static const char check[]
  = "local json, chunk = ...\n"
    "local function equal(a, b)\n"
    "  if type(a) ~= 'table' or type(b) ~= 'table' then\n"
    "    return a == b and (not math.type or math.type(a) == math.type(b))\n"
    "  end\n"
    "  for k, v in next, a do if not equal(v, b[k]) then return false end end\n"
    "  for k in next, b do if a[k] == nil then return false end end\n"
    "  return true\n"
    "end\n"
    "local function message_in(text) return text:find('messages', 1, true) end\n"
    "local function split(text)\n"
    "  local half = math.floor(#text / 2)\n"
    "  local function piece(s, more)\n"
    "    s = s:gsub('[%z\\1-\\31\"\\\\]', '')\n"
    "    return chunk('{\"choices\":[{\"delta\":{\"content\":\"' .. s .. '\"}' .. more "
    ".. '}]}')\n"
    "  end\n"
    "  local whole = json.decode('\"' .. text:gsub('[%z\\1-\\31\"\\\\]', '') .. '\"')\n"
    "  local a = piece(text:sub(1, half), '')\n"
    "  local b = piece(text:sub(half + 1), ',\"finish_reason\":\"stop\"')\n"
    "  assert(a.choices[1].delta.content .. b.choices[1].delta.content == whole)\n"
    "end\n"
    "return function(text)\n"
    "  split(text)\n"
    "  local ok, raw = pcall(json.raw, text)\n"
    "  if ok then assert(json.encode(raw) == text and json.decode(text) ~= nil) end\n"
    "  local value, err = json.decode(text)\n"
    "  if value == nil then\n"
    "    assert(err.kind == 'decode' or err.kind == 'limit', err.kind)\n"
    "    assert(#err.message > 0)\n"
    "    return\n"
    "  end\n"
    "  local again = json.encode(value)\n"
    "  assert(pcall(json.raw, again), again)\n"
    "  local second = json.decode(again)\n"
    "  assert(message_in(again) or equal(value, second), again)\n"
    "  assert(json.encode(second) == again, again)\n"
    "end\n";

/* (text) -> a chunk of one stream, whose memory is the first upvalue. */
static int chunk(lua_State *L) {
  static int n_waiting;
  struct llg_failure failure;
  size_t n;
  const char *text = luaL_checklstring(L, 1, &n);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  if (llg_json_decode_chunk(L, text, n, 1, 1, &n_waiting, &failure)) return 1;
  return luaL_error(L, "%s", failure.message);
}

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
  llg_newuserdata(L, 1);
  lua_newtable(L);
  llg_setuservalue(L, -2);
  lua_pushcclosure(L, chunk, 1);
  require_ok(L, lua_pcall(L, 2, 1, 0));
  lua_replace(L, 1);
  return L;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
  static lua_State *L;
  if (L == NULL) L = new_state();
  lua_pushvalue(L, 1);
  lua_pushlstring(L, n == 0 ? "" : (const char *)data, n);
  require_ok(L, lua_pcall(L, 1, 0, 0));
  lua_gc(
    L, LUA_GCCOLLECT, 0); /* what was allocated is freed: nobody has to look for leaks */
  return 0;
}
