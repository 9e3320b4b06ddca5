#include "terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "object.h"

/* core.terminal(fd) -> columns and rows if it is one (0 where it does not know), else nil */
static int terminal(lua_State *L) {
  struct winsize size = { .ws_col = 0, .ws_row = 0 };
  if (lua_type(L, 1) != LUA_TNUMBER)
    return llg_type_error(L, "terminal", "fd", "number", 1);
  int fd = (int)lua_tointeger(L, 1);
  if (!isatty(fd)) return 0;
  (void)ioctl(fd, TIOCGWINSZ, &size);
  llg_pushint64(L, size.ws_col);
  llg_pushint64(L, size.ws_row);
  return 2;
}

void llg_open_terminal(lua_State *L) {
  lua_pushcfunction(L, terminal);
  lua_setfield(L, -2, "terminal");
}
