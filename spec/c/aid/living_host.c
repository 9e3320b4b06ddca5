/*
** living_host.c - a host that goes on after lua_close: runs the Lua file that is its first
** argument, closes the state (which unloads the modules that allow it), and lives on for the
** milliseconds of its second argument. A thread that still ran code of an unloaded module
** would bring it down.
*/
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  lua_State *L = luaL_newstate();
  if (L == NULL) return 2;
  luaL_openlibs(L);
  if (luaL_loadfile(L, argv[1]) != 0 || lua_pcall(L, 0, 0, 0) != 0) {
    fprintf(stderr, "%s\n", lua_tostring(L, -1));
    return 1;
  }
  lua_close(L);
  usleep((useconds_t)atoi(argv[2]) * 1000);
  puts("alive");
  return 0;
}
