/*
** Lua may raise while a folder is read (out of memory), hence the open folder stands in a userdata
** that closes it.
*/
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "object.h"

#if defined(__APPLE__)
#define st_mtim st_mtimespec
#endif

#define CLASS "lualogue.folder"
#define A_FOLDER "a name of a folder expected"

struct folder {
  DIR *dir; /* NULL: closed */
};

static int folder_close(lua_State *L) {
  struct folder *f = luaL_checkudata(L, 1, CLASS);
  if (f->dir != NULL) (void)closedir(f->dir);
  f->dir = NULL;
  return 0;
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
  lua_pushnumber(L, (lua_Number)s.st_mtim.tv_sec + (lua_Number)s.st_mtim.tv_nsec / 1e9);
  lua_setfield(L, -2, "time");
  return true;
}

/* core.folder(path) -> list of what is in it, or nil and why not */
static int folder(lua_State *L) {
  const char *path = llg_check_path(L, 1, "folder", A_FOLDER);
  lua_settop(L, 1);
  struct folder *f = llg_new(L, sizeof *f, CLASS);
  f->dir = opendir(path);
  if (f->dir == NULL) return llg_push_trouble(L, "read", path, errno);
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
  return number != 0 ? llg_push_trouble(L, "read", path, number) : 1;
}

static bool is_folder(const char *path) {
  struct stat s;
  return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

/* core.make_folder(path) -> true, or nil and why not: with those around it, for the owner only */
static int make_folder(lua_State *L) {
  const char *path = llg_check_path(L, 1, "make_folder", A_FOLDER);
  size_t n = strlen(path) + 1;
  char *part = llg_newuserdata(L, n);
  memcpy(part, path, n);
  for (char *at = part + 1;; at++) {
    if (*at != '/' && *at != '\0') continue;
    bool is_last = *at == '\0';
    *at = '\0';
    if (mkdir(part, S_IRWXU) != 0) {
      int number = errno;
      if (!is_folder(part)) return llg_push_trouble(L, "make the folder", part, number);
    }
    if (is_last) break;
    *at = '/';
  }
  lua_pushboolean(L, 1);
  return 1;
}

/* core.current_folder() -> its path, or nil and why not */
static int current_folder(lua_State *L) {
  char *path = llg_newuserdata(L, PATH_MAX);
  if (getcwd(path, PATH_MAX) == NULL) return llg_push_trouble(L, "find", ".", errno);
  lua_pushstring(L, path);
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
  lua_pushcfunction(L, current_folder);
  lua_setfield(L, -2, "current_folder");
}
