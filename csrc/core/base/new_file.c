#include "new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "fork.h"
#include "memory.h"
#include "random.h"

enum {
  SUFFIX_BYTES = 12,
  TRIES = 8,
  FLUSH_BYTES = 8 * 1024 * 1024, /* so often the disk is asked to begin */
};

enum llg_status llg_new_file_set(struct llg_new_file *f, const char *path, size_t n) {
  f->path = llg_strndup(path, n);
  return f->path != NULL ? LLG_OK : LLG_NOMEM;
}

/* Where the name is taken by what no file can replace, or should (/dev/null), that is said before
** anything is written, and not when all is there. */
static bool may_be(const char *path, struct llg_failure *failure) {
  struct stat s;
  if (stat(path, &s) != 0) return true;
  if (S_ISDIR(s.st_mode)) return llg_file_failure(failure, "create", path, EISDIR);
  if (S_ISREG(s.st_mode)) return true;
  return llg_file_fault(failure, path, "is there, and is no plain file");
}

static bool create(struct llg_new_file *f, mode_t mode, struct llg_failure *failure) {
  char suffix[SUFFIX_BYTES + 1];
  size_t n = strlen(f->path);
  char *name = llg_malloc(n + 1 + sizeof suffix);
  if (name == NULL) {
    llg_failure_set(failure, LLG_NOMEM, NULL, "out of memory");
    return false;
  }
  memcpy(name, f->path, n);
  name[n] = '.';
  f->fd = -1;
  errno = EIO;
  for (int tries = 0; tries < TRIES && f->fd < 0; tries++) {
    if (!llg_random_hex(suffix, SUFFIX_BYTES)) break;
    memcpy(name + n + 1, suffix, sizeof suffix);
    f->fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (f->fd < 0 && errno != EEXIST) break;
  }
  if (f->fd < 0) {
    llg_file_failure(failure, "create", f->path, errno);
    llg_free(name);
    return false;
  }
  f->temporary = name;
  f->n_forks = llg_fork_count();
  return true;
}

bool llg_new_file_open(struct llg_new_file *f, mode_t mode, struct llg_failure *failure) {
  bool is_there = f->temporary != NULL;
  f->n_bytes = f->n_flushed = 0;
  if (!is_there) return may_be(f->path, failure) && create(f, mode, failure);
  if (ftruncate(f->fd, 0) == 0 && lseek(f->fd, 0, SEEK_SET) == 0) return true;
  return llg_file_failure(failure, "empty", f->temporary, errno);
}

/* What is left to be written at the end would be waited for. */
static void flush(struct llg_new_file *f) {
#if defined(SYNC_FILE_RANGE_WRITE)
  off_t n = (off_t)(f->n_bytes - f->n_flushed);
  if (n < FLUSH_BYTES) return;
  (void)sync_file_range(f->fd, (off_t)f->n_flushed, n, SYNC_FILE_RANGE_WRITE);
  f->n_flushed = f->n_bytes;
#else
  (void)f;
#endif
}

bool llg_new_file_write(
  struct llg_new_file *f, const char *bytes, size_t n, struct llg_failure *failure) {
  while (n > 0) {
    ssize_t n_done = write(f->fd, bytes, n < INT_MAX ? n : INT_MAX);
    if (n_done < 0 && errno == EINTR) continue;
    if (n_done <= 0)
      return llg_file_failure(failure, "write", f->path, n_done < 0 ? errno : ENOSPC);
    bytes += n_done;
    n -= (size_t)n_done;
    f->n_bytes += n_done;
  }
  flush(f);
  return true;
}

size_t llg_new_file_read(const struct llg_new_file *f, char *bytes, size_t n) {
  size_t n_read = 0;
  while (n_read < n) {
    ssize_t n_now = pread(f->fd, bytes + n_read, n - n_read, (off_t)n_read);
    if (n_now < 0 && errno == EINTR) continue;
    if (n_now <= 0) break;
    n_read += (size_t)n_now;
  }
  return n_read;
}

/* Put the folder on the disk, without which a new name may be lost with the power. Where a
** system has no such thing, nothing is lost that it could have kept. */
static void sync_folder(char *path) {
  char *slash = strrchr(path, '/');
  const char *folder = slash == NULL ? "." : slash == path ? "/" : path;
  if (slash != NULL && slash != path) *slash = '\0';
  int fd = open(folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
  if (fd < 0) return;
  (void)fsync(fd);
  (void)close(fd);
}

/* The descriptor is closed, whatever it says to that. */
static bool finish(struct llg_new_file *f, struct llg_failure *failure) {
  bool ok = fsync(f->fd) == 0 || llg_file_failure(failure, "sync", f->path, errno);
  if (close(f->fd) != 0 && ok) ok = llg_file_failure(failure, "close", f->path, errno);
  f->fd = -1;
  return ok;
}

bool llg_new_file_keep(struct llg_new_file *f, struct llg_failure *failure) {
  if (f->n_forks != llg_fork_count())
    return llg_file_fault(failure, f->path, "is the parent's: the process was forked");
  bool ok = finish(f, failure);
  if (ok && rename(f->temporary, f->path) != 0)
    ok = llg_file_failure(failure, "rename", f->path, errno);
  if (!ok) {
    llg_new_file_drop(f);
    return false;
  }
  sync_folder(f->temporary);
  llg_free(f->temporary);
  f->temporary = NULL;
  return true;
}

void llg_new_file_drop(struct llg_new_file *f) {
  if (f->temporary == NULL) return;
  if (f->fd >= 0) (void)close(f->fd);
  f->fd = -1;
  if (f->n_forks == llg_fork_count()) (void)unlink(f->temporary);
  llg_free(f->temporary);
  f->temporary = NULL;
}

void llg_new_file_free(struct llg_new_file *f) {
  llg_new_file_drop(f);
  llg_free(f->path);
  f->path = NULL;
}
