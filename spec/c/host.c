/*
** host.c - a bare interpreter: host [-e CHUNK] SCRIPT [ARGUMENT...]. It is `lua` as far as
** busted needs it, built by us so that it can carry a sanitizer's runtime, which an
** interpreter of the system cannot; and it closes its state at os.exit too, so that a leak is
** seen, and so that nothing is taken for one (LuaJIT's heap is out of a leak checker's sight).
*/
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>
#include <string.h>

#include "host_pin.h"

static int report(lua_State *L, int status) {
  if (status != 0) {
    const char *message = lua_tostring(L, -1);
    fprintf(
      stderr, "host: %s\n", message != NULL ? message : "an error without a message");
    lua_pop(L, 1);
  }
  return status;
}

static const char closing_exit[] = "local exit = os.exit\n"
                                   "function os.exit(code, close)\n"
                                   "  exit(code == nil or code, close == nil or close)\n"
                                   "end";

/* The table `arg`: the script at 0, what stands before it at negative indices. */
static void set_arg(lua_State *L, int argc, char **argv, int script) {
  lua_createtable(L, argc, 1);
  for (int i = 0; i < argc; i++) {
    lua_pushstring(L, argv[i]);
    lua_rawseti(L, -2, i - script);
  }
  lua_setglobal(L, "arg");
}

static int run(lua_State *L, int argc, char **argv) {
  int at = 1;
  luaL_openlibs(L);
  if (report(L, luaL_dostring(L, closing_exit)) != 0) return 1;
  for (; at + 1 < argc && strcmp(argv[at], "-e") == 0; at += 2) {
    int status = luaL_loadstring(L, argv[at + 1]);
    if (status == 0) status = lua_pcall(L, 0, 0, 0);
    if (report(L, status) != 0) return 1;
  }
  if (at >= argc) return 0;
  set_arg(L, argc, argv, at);
  int status = luaL_loadfile(L, argv[at]);
  if (status == 0) {
    luaL_checkstack(L, argc, "too many arguments");
    for (int i = at + 1; i < argc; i++)
      lua_pushstring(L, argv[i]);
    status = lua_pcall(L, argc - at - 1, 0, 0);
  }
  return report(L, status) != 0;
}

int main(int argc, char **argv) {
  lua_State *L = luaL_newstate();
  if (L == NULL) return 1;
  int failed = run(L, argc, argv);
  pin_libraries();
  lua_close(L);
  return failed;
}
