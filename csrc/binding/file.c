#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../core/base/new_file.h"
#include "../core/base/platform.h"
#include "object.h"

bool llg_fails(struct llg_trouble *t, const char *step) {
  t->step = step;
  t->number = errno;
  return false;
}

/* `n` is how many are left when it returns. */
static bool write_all(int fd, const char *bytes, size_t *n) {
  while (*n > 0) {
    size_t n_now = *n < INT_MAX ? *n : INT_MAX;
    ssize_t n_done = write(fd, bytes, n_now);
    if (n_done < 0 && errno == EINTR) continue;
    if (n_done < 0) return false;
    bytes += n_done;
    *n -= (size_t)n_done;
  }
  return true;
}

/* What could not be added to a file is not left in it either, unless somebody else has gone on. */
static void take_back(int fd, off_t size, off_t written) {
  struct stat now;
  if (written > 0 && fstat(fd, &now) == 0 && now.st_size == size + written)
    (void)!ftruncate(fd, size);
}

static bool append(const char *path, const char *bytes, size_t n, struct llg_trouble *t) {
  int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  struct stat before;
  if (fd < 0) return llg_fails(t, "open");
  bool ok = true;
  if (fstat(fd, &before) != 0) ok = llg_fails(t, "open");
  size_t n_left = n;
  if (ok && !write_all(fd, bytes, &n_left)) {
    ok = llg_fails(t, "write");
    if (S_ISREG(before.st_mode)) take_back(fd, before.st_size, (off_t)(n - n_left));
  }
  if (close(fd) != 0 && ok) ok = llg_fails(t, "close");
  return ok;
}

const char *
llg_check_path(lua_State *L, int index, const char *function, const char *what) {
  if (lua_type(L, index) != LUA_TSTRING) {
    llg_type_error(L, function, "path", "string", index);
    return NULL; /* not reached */
  }
  size_t n = 0;
  const char *path = lua_tolstring(L, index, &n);
  if (n == 0 || strlen(path) != n) llg_arg_error(L, function, "path", what);
  return path;
}

int llg_push_trouble(lua_State *L, const char *step, const char *path, int number) {
  char why[128];
  lua_pushnil(L);
  lua_pushfstring(L, "cannot %s '%s': %s", step, path, llg_why(number, why, sizeof why));
  return 2;
}

static const char *check_bytes(lua_State *L, const char *function, size_t *n) {
  if (lua_type(L, 2) != LUA_TSTRING) llg_type_error(L, function, "bytes", "string", 2);
  return lua_tolstring(L, 2, n);
}

/* core.replace_file(path, bytes) -> true, or nil and why not */
static int replace_file(lua_State *L) {
  size_t n = 0;
  const char *path = llg_check_path(L, 1, "replace_file", "a name of a file expected");
  const char *bytes = check_bytes(L, "replace_file", &n);
  lua_settop(L, 2);
  struct llg_new_file file = { 0 };
  struct llg_failure failure = { 0 };
  if (llg_new_file_set(&file, path, strlen(path)) != LLG_OK)
    return luaL_error(L, "not enough memory");
  bool ok = llg_new_file_open(&file, S_IRUSR | S_IWUSR, &failure)
            && llg_new_file_write(&file, bytes, n, &failure)
            && llg_new_file_keep(&file, &failure);
  llg_new_file_free(&file);
  if (!ok) {
    lua_pushnil(L);
    lua_pushstring(L, failure.message);
    return 2;
  }
  lua_pushboolean(L, 1);
  return 1;
}

/* core.append_file(path, bytes) -> true, or nil and why not */
static int append_file(lua_State *L) {
  size_t n = 0;
  const char *path = llg_check_path(L, 1, "append_file", "a name of a file expected");
  const char *bytes = check_bytes(L, "append_file", &n);
  struct llg_trouble t = { .step = "write", .number = 0 };
  if (!append(path, bytes, n, &t)) return llg_push_trouble(L, t.step, path, t.number);
  lua_pushboolean(L, 1);
  return 1;
}

/* core.others_may_read(path) -> its mode as "0644" where somebody else than its owner may read
** it, else nil */
static int others_may_read(lua_State *L) {
  char mode[8];
  struct stat st;
  const char *path = llg_check_path(L, 1, "others_may_read", "a name of a file expected");
  if (stat(path, &st) != 0 || (st.st_mode & (S_IRGRP | S_IROTH)) == 0) return 0;
  snprintf(mode, sizeof mode, "0%03o", (unsigned)st.st_mode & 0777U);
  lua_pushstring(L, mode);
  return 1;
}

void llg_open_file(lua_State *L) {
  lua_pushcfunction(L, others_may_read);
  lua_setfield(L, -2, "others_may_read");
  lua_pushcfunction(L, replace_file);
  lua_setfield(L, -2, "replace_file");
  lua_pushcfunction(L, append_file);
  lua_setfield(L, -2, "append_file");
}
