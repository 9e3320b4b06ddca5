/*
** A body of any bytes, as a refusal, as a reply and as an event: whatever says that it failed, the
** stack is as it was but for what is said of it, and that has texts and numbers where it should.
** What it says of trying again is said of a prefix of it without a look beyond.
** Links the binding's JSON and liblua; lua-cjson is required at run time.
*/
#include "binding/json/decode.h"
#include "binding/json/json.h"
#include "binding/object.h"
#include "binding/refusal.h"
#include "core/http/retry_text.h"

#include <lualib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REQUIRE(condition) \
  ((condition) ? (void)0 : (fprintf(stderr, "failed: %s\n", #condition), abort()))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static bool is_word(int type) {
  return type == LUA_TNIL || type == LUA_TSTRING || type == LUA_TNUMBER;
}

/* The words on top of the stack, which are taken from it. */
static void look_at_words(lua_State *L) {
  static const char *const names[] = { "message", "code", "type", "param", "request_id" };
  REQUIRE(lua_istable(L, -1));
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    lua_getfield(L, -1, names[i]);
    REQUIRE(is_word(lua_type(L, -1)));
    lua_pop(L, 1);
  }
  lua_getfield(L, -1, "usage");
  REQUIRE(lua_isnil(L, -1) || lua_istable(L, -1));
  lua_pop(L, 2);
}

/* (text as a light userdata, its length) */
static int read_all(lua_State *L) {
  const char *text = lua_touserdata(L, 1);
  size_t n = (size_t)lua_tonumber(L, 2);
  for (int place = LLG_IN_REFUSAL; place <= LLG_IN_CHUNK; place++) {
    struct llg_failure ignored;
    int top = lua_gettop(L);
    if (llg_json_decode(L, text, n, &ignored)) {
      if (llg_refusal_read(L, (enum llg_refusal_place)place)) look_at_words(L);
      if (llg_refusal_of_words(L)) look_at_words(L);
      lua_pop(L, 1);
    }
    REQUIRE(lua_gettop(L) == top);
    if (llg_refusal_find(L, (enum llg_refusal_place)place, text, n)) look_at_words(L);
    REQUIRE(lua_gettop(L) == top);
  }
  return 0;
}

static lua_State *new_state(void) {
  lua_State *L = luaL_newstate();
  REQUIRE(L != NULL);
  luaL_openlibs(L);
  lua_newtable(L);
  llg_open_errors(L);
  llg_open_json(L);
  lua_settop(L, 0);
  return L;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
  static lua_State *L;
  if (L == NULL) L = new_state();
  char *text = malloc(n + (n == 0));
  REQUIRE(text != NULL);
  if (n > 0) memcpy(text, data, n);
  struct llg_retry_told told = llg_retry_text(text, n);
  REQUIRE(told.delay_ms >= -1);
  lua_pushcfunction(L, read_all);
  lua_pushlightuserdata(L, text);
  lua_pushnumber(L, (lua_Number)n);
  int status = lua_pcall(L, 2, 0, 0);
  if (status != 0) fprintf(stderr, "%s\n", lua_tostring(L, -1));
  REQUIRE(status == 0);
  lua_settop(L, 0);
  lua_gc(
    L, LUA_GCCOLLECT, 0); /* what was allocated is freed: nobody has to look for leaks */
  free(text);
  return 0;
}
