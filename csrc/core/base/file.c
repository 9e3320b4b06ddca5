#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform.h"

#if defined(__APPLE__)
#define st_mtim st_mtimespec
#endif

enum { SHOWN_BYTES = 300 };

/* The end of a path that is too long to be shown, from a whole character on. */
static const char *end_of(const char *path) {
  size_t n = strlen(path);
  if (n <= SHOWN_BYTES) return path;
  path += n - SHOWN_BYTES;
  while (((unsigned char)*path & 0xC0) == 0x80)
    path++;
  return path;
}

bool llg_file_failure(
  struct llg_failure *failure, const char *step, const char *path, int number) {
  char why[128];
  llg_failure_set(
    failure, LLG_FILE, NULL, "cannot %s '%s': %s", step, end_of(path),
    llg_why(number, why, sizeof why));
  return false;
}

bool llg_file_fault(struct llg_failure *failure, const char *path, const char *what) {
  llg_failure_set(failure, LLG_FILE, NULL, "'%s' %s", end_of(path), what);
  return false;
}

bool llg_file_look_at(
  int fd, const char *path, struct llg_file_look *look, struct llg_failure *failure) {
  struct stat s;
  if (fstat(fd, &s) != 0) return llg_file_failure(failure, "look at", path, errno);
  if (S_ISDIR(s.st_mode)) return llg_file_fault(failure, path, "is a folder");
  if (!S_ISREG(s.st_mode)) return llg_file_fault(failure, path, "is no plain file");
  *look = (struct llg_file_look){ .n_bytes = (int64_t)s.st_size, .changed = s.st_mtim };
  return true;
}

int llg_file_open(
  const char *path, struct llg_file_look *look, struct llg_failure *failure) {
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0) {
    llg_file_failure(failure, "open", path, errno);
    return -1;
  }
  if (llg_file_look_at(fd, path, look, failure)) return fd;
  (void)close(fd);
  return -1;
}
