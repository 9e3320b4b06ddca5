/*
** file.h - plain files: how they are opened for reading, and the words for what fails.
*/
#ifndef LLG_CORE_FILE_H
#define LLG_CORE_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "status.h"

/* By these it shows that a file is what it was. */
struct llg_file_look {
  int64_t n_bytes;
  struct timespec changed;
};

/* LLG_FILE: "cannot open 'report.pdf': Permission denied", of a long path its end. `number` is
** an errno. Returns false, for the caller to return. */
bool llg_file_failure(
  struct llg_failure *failure, const char *step, const char *path, int number);

/* LLG_FILE in words of our own: "'report.pdf' is a folder". */
bool llg_file_fault(struct llg_failure *failure, const char *path, const char *what);

/* A descriptor of a plain file; never waits for one that is none (a fifo, a terminal), which is
** refused. -1 with the failure set. */
int llg_file_open(
  const char *path, struct llg_file_look *look, struct llg_failure *failure);

/* What an open one looks like now; false with the failure set. */
bool llg_file_look_at(
  int fd, const char *path, struct llg_file_look *look, struct llg_failure *failure);

#endif
