#include "command.h"

#include <string.h>
#include <sys/wait.h>

#include "../core/base/command.h"
#include "../core/base/memory.h"
#include "../core/base/platform.h"
#include "object.h"

#define CLASS "lualogue.command"

enum { MAX_ARGUMENTS = 256 };

struct command {
  struct llg_command command;
  bool is_open;
};

static int command_close(lua_State *L) {
  struct command *c = luaL_checkudata(L, 1, CLASS);
  if (c->is_open) llg_command_close(&c->command);
  c->is_open = false;
  return 0;
}

static int push_trouble(lua_State *L, const char *why) {
  lua_pushnil(L);
  lua_pushstring(L, why);
  return 2;
}

/* The first line of what it said, without what a terminal would make something of. */
static void push_first_line(lua_State *L, const struct llg_buffer *said) {
  char line[256];
  size_t n = 0, at = 0;
  const char *bytes = llg_buffer_bytes(said);
  while (at < said->len && strchr(" \t\r\n", bytes[at]) != NULL)
    at++;
  for (; at < said->len && n < sizeof line; at++) {
    if (bytes[at] == '\n' || bytes[at] == '\r') break;
    line[n++] = (unsigned char)bytes[at] < ' ' || bytes[at] == 127 ? '?' : bytes[at];
  }
  lua_pushlstring(L, line, n);
}

/* How it ended, in words that follow its name; NULL: well. */
static const char *fault_of(lua_State *L, int status) {
  if (status == -1) return NULL; /* nobody can say: what it printed has to speak for it */
  if (WIFSIGNALED(status))
    return lua_pushfstring(L, "was ended by signal %d", WTERMSIG(status));
  if (WEXITSTATUS(status) == 0) return NULL;
  return lua_pushfstring(L, "failed with exit status %d", WEXITSTATUS(status));
}

/* command:result() -> what it printed, and the first line of what it said; or false while it runs;
** or nil, why not, and that line */
static int command_result(lua_State *L) {
  struct command *c = luaL_checkudata(L, 1, CLASS);
  lua_settop(L, 1);
  if (!c->is_open) return push_trouble(L, "was given up");
  if (!llg_command_is_over(&c->command)) {
    lua_pushboolean(L, 0);
    return 1;
  }
  if (c->command.out_of_memory) return luaL_error(L, "not enough memory");
  const char *fault = fault_of(L, c->command.status);
  if (c->command.too_long) fault = "printed too much for a key";
  const struct llg_buffer *printed = &c->command.printed;
  if (fault != NULL)
    push_trouble(L, fault);
  else
    lua_pushlstring(L, printed->len > 0 ? llg_buffer_bytes(printed) : "", printed->len);
  push_first_line(L, &c->command.said);
  return fault != NULL ? 3 : 2;
}

/* The arguments at 1 as C has them, in a userdata on top of the stack that keeps them: each is a
** string that stays in the table of ours at 1. */
static char **own_arguments(lua_State *L) {
  if (!lua_istable(L, 1)) llg_type_error(L, "command", "argv", "list of strings", 1);
  size_t n = llg_rawlen(L, 1);
  if (n == 0 || n > MAX_ARGUMENTS)
    llg_arg_error(L, "command", "argv", "1 to 256 strings expected");
  char **argv = lua_newuserdata(L, (n + 1) * sizeof *argv);
  lua_createtable(L, (int)n, 0);
  for (size_t i = 0; i < n; i++) {
    size_t len = 0;
    lua_rawgeti(L, 1, (int)i + 1);
    if (lua_type(L, -1) != LUA_TSTRING)
      llg_type_error(L, "command", "argv", "list of strings", -1);
    const char *s = lua_tolstring(L, -1, &len);
    if (strlen(s) != len || (i == 0 && len == 0))
      llg_arg_error(L, "command", "argv", "a string with a NUL, or without a name");
    memcpy(&argv[i], &s, sizeof s); /* posix_spawn takes no const, and changes nothing */
    lua_rawseti(L, -2, (int)i + 1);
  }
  argv[n] = NULL;
  lua_replace(L, 1);
  return argv;
}

/* core.command(argv) -> command, or nil and why not */
static int core_command(lua_State *L) {
  char why[128];
  lua_settop(L, 1);
  char **argv = own_arguments(L);
  struct command *c = llg_new(L, sizeof *c, CLASS);
  llg_command_init(&c->command);
  c->is_open = true;
  int e = llg_command_start(&c->command, argv);
  if (e == 0) return 1;
  return push_trouble(L, llg_why(e, why, sizeof why));
}

void llg_open_command(lua_State *L) {
  static const luaL_Reg methods[] = {
    { "close", command_close },
    { "result", command_result },
    { NULL, NULL },
  };
  static const luaL_Reg meta[] = {
    { "__gc", command_close },
    { "__close", command_close },
    { NULL, NULL },
  };
  llg_class(L, CLASS, methods, meta);
  lua_pushcfunction(L, core_command);
  lua_setfield(L, -2, "command");
}
