/*
** new_file.h - a file that has its name once it is whole.
**
** The bytes go into a new file beside the one that it will be, are on the disk before it takes
** its name, and so is the name: whatever happens in between, there is the old file, or none, or
** the whole new one. Zeroed memory is one that is nowhere yet.
*/
#ifndef LLG_NEW_FILE_H
#define LLG_NEW_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "status.h"

struct llg_new_file {
  char *path;       /* where it will be; NULL: nowhere */
  char *temporary;  /* where it is; NULL: nowhere yet, or no longer */
  int fd;           /* of that */
  unsigned n_forks; /* who has made it: a forked child must leave it alone */
  int64_t n_bytes;  /* written so far */
  int64_t n_flushed;
};

/* Say where it will be; LLG_OK or LLG_NOMEM. */
enum llg_status llg_new_file_set(struct llg_new_file *f, const char *path, size_t n);

/* Make it, or empty it if it is there. Refused where its name is that of something else than a
** plain file. `mode` is less the process's umask. False with the failure set, as the next two. */
bool llg_new_file_open(struct llg_new_file *f, mode_t mode, struct llg_failure *failure);

bool llg_new_file_write(
  struct llg_new_file *f, const char *bytes, size_t n, struct llg_failure *failure);

/* It is whole: give it its name. Where that fails, nothing is left of it. */
bool llg_new_file_keep(struct llg_new_file *f, struct llg_failure *failure);

/* The first bytes of it, at most n; how many. */
size_t llg_new_file_read(const struct llg_new_file *f, char *bytes, size_t n);

/* It will not be whole: nothing is left of it. Idempotent. */
void llg_new_file_drop(struct llg_new_file *f);
/* Likewise, and of the name. */
void llg_new_file_free(struct llg_new_file *f);

#endif
