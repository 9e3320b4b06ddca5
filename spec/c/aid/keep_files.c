/* Preloaded by spec/support/keys.sh: a file that is about to be removed, or replaced by another of
** its name, gets a second name in the folder KEEP_FILES, where it can be searched afterwards. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGEST = 4 << 20 }; /* what is larger is made of one letter */

static void keep(int dir, const char *path) {
  static atomic_int n;
  int saved = errno;
  const char *folder = getenv("KEEP_FILES");
  struct stat is;
  char to[512];
  if (
    folder != NULL && fstatat(dir, path, &is, AT_SYMLINK_NOFOLLOW) == 0
    && S_ISREG(is.st_mode) && is.st_size > 0 && is.st_size <= LARGEST) {
    snprintf(to, sizeof to, "%s/%ld-%d", folder, (long)getpid(), atomic_fetch_add(&n, 1));
    if (linkat(dir, path, AT_FDCWD, to, 0) != 0)
      fprintf(stderr, "keep_files: %s\n", path);
  }
  errno = saved;
}

#define NEXT(name, type) ((type)(uintptr_t)dlsym(RTLD_NEXT, name))

__attribute__((visibility("default"))) int unlink(const char *path) {
  keep(AT_FDCWD, path);
  return NEXT("unlink", int (*)(const char *))(path);
}

__attribute__((visibility("default"))) int remove(const char *path) {
  keep(AT_FDCWD, path);
  return NEXT("remove", int (*)(const char *))(path);
}

__attribute__((visibility("default"))) int
unlinkat(int dir, const char *path, int flags) {
  if (!(flags & AT_REMOVEDIR)) keep(dir, path);
  return NEXT("unlinkat", int (*)(int, const char *, int))(dir, path, flags);
}

__attribute__((visibility("default"))) int rename(const char *from, const char *path) {
  keep(AT_FDCWD, path);
  return NEXT("rename", int (*)(const char *, const char *))(from, path);
}
