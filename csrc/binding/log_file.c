/*
** Each line is one write to a file that was opened for appending, so that those of several
** processes do not get into each other; it is opened for each line, since another process may have
** renamed it. Who renames it holds a lock on it: a second one then finds another file under its
** name, and leaves it alone. What was opened before is written to under its new name: nothing is
** lost.
*/
#include "log_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "object.h"

enum { SUFFIX_BYTES = 24, MAX_KEEP = 1000 };

/* Where it goes, and two names with room for a number behind it. */
struct log_file {
  const char *path;
  int64_t max_bytes;
  int keep;
  char *name;
  char *other;
  size_t name_bytes;
};

/* path -> path.1 -> path.2 ..., the last one goes. A name that is not there is no fault. */
static bool shift(const struct log_file *f, struct llg_trouble *t) {
  for (int i = f->keep; i > 0; i--) {
    snprintf(f->other, f->name_bytes, "%s.%d", f->path, i);
    if (i == 1)
      snprintf(f->name, f->name_bytes, "%s", f->path);
    else
      snprintf(f->name, f->name_bytes, "%s.%d", f->path, i - 1);
    if (rename(f->name, f->other) != 0 && errno != ENOENT) return llg_fails(t, "rename");
  }
  return true;
}

/* Whether the open file still has its name. */
static bool is_current(const char *path, const struct stat *open_one) {
  struct stat named;
  return stat(path, &named) == 0 && named.st_dev == open_one->st_dev
         && named.st_ino == open_one->st_ino;
}

/* Whether it was renamed, by us or another process: then there is to be a new one. */
static bool make_room(
  const struct log_file *f, int fd, size_t n, bool *moved, struct llg_trouble *t) {
  struct stat s;
  *moved = false;
  if (f->max_bytes <= 0) return true;
  if (fstat(fd, &s) != 0) return llg_fails(t, "look at");
  bool is_full = s.st_size > 0 && (int64_t)s.st_size + (int64_t)n > f->max_bytes;
  if (!S_ISREG(s.st_mode) || !is_full) return true;
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) return true; /* somebody else is at it */
  if (is_current(f->path, &s) && !shift(f, t)) return false;
  *moved = true;
  return true;
}

static bool append_line(int fd, const char *line, size_t n, struct llg_trouble *t) {
  ssize_t n_done;
  do
    n_done = write(fd, line, n);
  while (n_done < 0 && errno == EINTR);
  if (n_done >= 0 && (size_t)n_done < n)
    errno = ENOSPC; /* what else ends a write early */
  return (n_done >= 0 && (size_t)n_done == n) || llg_fails(t, "write to");
}

static bool
append(const struct log_file *f, const char *line, size_t n, struct llg_trouble *t) {
  bool moved = true;
  int fd = -1;
  for (int tries = 2; moved && tries > 0; tries--) {
    if (fd >= 0) (void)close(fd);
    fd = open(
      f->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
      S_IRUSR | S_IWUSR);
    if (fd < 0) return llg_fails(t, "open");
    if (!make_room(f, fd, n, &moved, t)) {
      (void)close(fd);
      return false;
    }
  }
  bool ok = n == 0 || append_line(fd, line, n, t);
  (void)close(fd);
  return ok;
}

/* log.append(path, line, max_bytes, keep) -> true, or nil and why not. Without a line the file is
** only opened, and made if there is none. */
static int log_append(lua_State *L) {
  size_t n_path = 0, n = 0;
  const char *path = luaL_checklstring(L, 1, &n_path);
  const char *line = luaL_checklstring(L, 2, &n);
  lua_Number max_bytes = luaL_optnumber(L, 3, 0), keep = luaL_optnumber(L, 4, 1);
  luaL_argcheck(L, n_path > 0 && strlen(path) == n_path, 1, "a name of a file expected");
  lua_settop(L, 4);
  struct log_file f = { .path = path, .name_bytes = n_path + SUFFIX_BYTES };
  f.max_bytes = max_bytes >= 1 && max_bytes < 9e15 ? (int64_t)max_bytes : 0;
  f.keep = keep >= 1 && keep <= MAX_KEEP ? (int)keep : 1;
  f.name = llg_newuserdata(L, f.name_bytes);
  f.other = llg_newuserdata(L, f.name_bytes);
  struct llg_trouble t = { .step = "write to", .number = 0 };
  if (append(&f, line, n, &t)) {
    lua_pushboolean(L, 1);
    return 1;
  }
  return llg_push_trouble(L, t.step, path, t.number);
}

/* log.time() -> seconds since 1970, to the millisecond */
static int log_time(lua_State *L) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  lua_pushnumber(L, (lua_Number)t.tv_sec + (lua_Number)(t.tv_nsec / 1000000) / 1000);
  return 1;
}

/* log.pid() -> the number of this process */
static int log_pid(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)getpid());
  return 1;
}

void llg_open_log_file(lua_State *L) {
  static const luaL_Reg functions[] = {
    { "append", log_append },
    { "time", log_time },
    { "pid", log_pid },
    { NULL, NULL },
  };
  lua_newtable(L);
  llg_setfuncs(L, functions);
  lua_setfield(L, -2, "log");
}
