/*
** The bytes go into a new file beside the old one, are on the disk before it takes the old
** one's name, and so is the name: whatever happens in between, there is the old file or the
** new one. mkostemp makes it readable for its owner only.
*/
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "object.h"

#define SUFFIX ".XXXXXX"

/* What was tried when it failed, and errno. */
struct trouble {
  const char *step;
  int number;
};

static bool fails(struct trouble *t, const char *step) {
  t->step = step;
  t->number = errno;
  return false;
}

static bool write_all(int fd, const char *bytes, size_t n) {
  while (n > 0) {
    size_t n_now = n < INT_MAX ? n : INT_MAX;
    ssize_t n_done = write(fd, bytes, n_now);
    if (n_done < 0 && errno == EINTR) continue;
    if (n_done < 0) return false;
    bytes += n_done;
    n -= (size_t)n_done;
  }
  return true;
}

/* Put the folder on the disk, without which a new name may be lost with the power. Where a
** system has no such thing, nothing is lost that it could have kept. */
static void sync_folder(char *path) {
  char *slash = strrchr(path, '/');
  const char *folder = slash == NULL ? "." : slash == path ? "/" : path;
  if (slash != NULL && slash != path) *slash = '\0';
  int fd = open(folder, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  (void)fsync(fd);
  (void)close(fd);
}

static bool fill(int fd, const char *bytes, size_t n, struct trouble *t) {
  if (!write_all(fd, bytes, n)) return fails(t, "write");
  if (fchmod(fd, S_IRUSR | S_IWUSR) != 0) return fails(t, "set the mode of");
  if (fsync(fd) != 0) return fails(t, "sync");
  return true;
}

/* `name` is the new file's, from a template; afterwards it is of no use. */
static bool
replace(const char *path, char *name, const char *bytes, size_t n, struct trouble *t) {
  int fd = mkostemp(name, O_CLOEXEC);
  if (fd < 0) return fails(t, "create");
  bool ok = fill(fd, bytes, n, t);
  if (close(fd) != 0 && ok) ok = fails(t, "close");
  if (ok && rename(name, path) != 0) ok = fails(t, "rename");
  if (!ok)
    (void)unlink(name);
  else
    sync_folder(name);
  return ok;
}

/* core.replace_file(path, bytes) -> true, or nil and why not */
static int replace_file(lua_State *L) {
  size_t n_path = 0, n = 0;
  char why[128];
  for (int i = 1; i <= 2; i++)
    if (lua_type(L, i) != LUA_TSTRING)
      return llg_type_error(L, "replace_file", i == 1 ? "path" : "bytes", "string", i);
  lua_settop(L, 2);
  const char *path = lua_tolstring(L, 1, &n_path);
  const char *bytes = lua_tolstring(L, 2, &n);
  if (n_path == 0 || strlen(path) != n_path)
    return llg_arg_error(L, "replace_file", "path", "a name of a file expected");
  char *name = llg_newuserdata(L, n_path + sizeof SUFFIX);
  memcpy(name, path, n_path);
  memcpy(name + n_path, SUFFIX, sizeof SUFFIX);
  struct trouble t = { .step = "write", .number = 0 };
  if (replace(path, name, bytes, n, &t)) {
    lua_pushboolean(L, 1);
    return 1;
  }
  lua_pushnil(L);
  lua_pushfstring(
    L, "cannot %s '%s': %s", t.step, path, strerror_r(t.number, why, sizeof why));
  return 2;
}

void llg_open_file(lua_State *L) {
  lua_pushcfunction(L, replace_file);
  lua_setfield(L, -2, "replace_file");
}
