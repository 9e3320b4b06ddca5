/*
** Lua may raise while a folder is read (out of memory), hence the open folder stands in a userdata
** that closes it.
*/
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "object.h"

#define CLASS "lualogue.folder"

struct folder {
  DIR *dir; /* NULL: closed */
};

static int folder_close(lua_State *L) {
  struct folder *f = luaL_checkudata(L, 1, CLASS);
  if (f->dir != NULL) (void)closedir(f->dir);
  f->dir = NULL;
  return 0;
}

static int push_trouble(lua_State *L, const char *what, const char *path, int number) {
  char why[128];
  lua_pushnil(L);
  lua_pushfstring(
    L, "cannot %s '%s': %s", what, path, strerror_r(number, why, sizeof why));
  return 2;
}

/* The argument, a path; raises for what can be none. */
static const char *check_path(lua_State *L, const char *function) {
  size_t n = 0;
  if (lua_type(L, 1) != LUA_TSTRING) {
    llg_type_error(L, function, "path", "string", 1);
    return NULL;
  }
  const char *path = lua_tolstring(L, 1, &n);
  if (n == 0 || strlen(path) != n)
    llg_arg_error(L, function, "path", "a name of a folder expected");
  return path;
}

/* { name =, is_folder =, bytes =, time = } into the list at the index -2, if it is still there. */
static bool push_entry(lua_State *L, DIR *dir, const char *name) {
  struct stat s;
  if (fstatat(dirfd(dir), name, &s, AT_SYMLINK_NOFOLLOW) != 0) return false;
  lua_createtable(L, 0, 4);
  lua_pushstring(L, name);
  lua_setfield(L, -2, "name");
  lua_pushboolean(L, S_ISDIR(s.st_mode));
  lua_setfield(L, -2, "is_folder");
  lua_pushnumber(L, (lua_Number)s.st_size);
  lua_setfield(L, -2, "bytes");
  lua_pushnumber(L, (lua_Number)s.st_mtime);
  lua_setfield(L, -2, "time");
  return true;
}

/* core.folder(path) -> list of what is in it, or nil and why not */
static int folder(lua_State *L) {
  const char *path = check_path(L, "folder");
  lua_settop(L, 1);
  struct folder *f = llg_new(L, sizeof *f, CLASS);
  f->dir = opendir(path);
  if (f->dir == NULL) return push_trouble(L, "read", path, errno);
  lua_newtable(L);
  int n = 0;
  const struct dirent *entry;
  errno = 0;
  while ((entry = readdir(f->dir)) != NULL) {
    bool is_self = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    if (!is_self && push_entry(L, f->dir, entry->d_name)) lua_rawseti(L, -2, ++n);
    errno = 0;
  }
  int number = errno;
  (void)closedir(f->dir);
  f->dir = NULL;
  return number != 0 ? push_trouble(L, "read", path, number) : 1;
}

static bool is_folder(const char *path) {
  struct stat s;
  return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

/* core.make_folder(path) -> true, or nil and why not: with those around it, for the owner only */
static int make_folder(lua_State *L) {
  const char *path = check_path(L, "make_folder");
  size_t n = strlen(path) + 1;
  char *part = llg_newuserdata(L, n);
  memcpy(part, path, n);
  for (char *at = part + 1;; at++) {
    if (*at != '/' && *at != '\0') continue;
    bool is_last = *at == '\0';
    *at = '\0';
    if (mkdir(part, S_IRWXU) != 0) {
      int number = errno;
      if (!is_folder(part)) return push_trouble(L, "make the folder", part, number);
    }
    if (is_last) break;
    *at = '/';
  }
  lua_pushboolean(L, 1);
  return 1;
}

void llg_open_folder(lua_State *L) {
  static const luaL_Reg meta[] = {
    { "__gc", folder_close },
    { "__close", folder_close },
    { NULL, NULL },
  };
  llg_class(L, CLASS, NULL, meta);
  lua_pushcfunction(L, folder);
  lua_setfield(L, -2, "folder");
  lua_pushcfunction(L, make_folder);
  lua_setfield(L, -2, "make_folder");
}
