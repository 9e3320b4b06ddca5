/*
** upload.h - files that are set into the body of a request: they are read while they are sent, a
** piece at a time, and never held.
**
** Each attempt opens them anew, from their beginning. What was announced is what is sent: a file
** that is not what it was when the attempt began ends it.
*/
#ifndef LLG_UPLOAD_H
#define LLG_UPLOAD_H

#include "../base/buffer.h"
#include "../base/file.h"

struct llg_upload_file {
  char *path;
  size_t at;      /* so much of the body's text stands in front of it */
  int64_t offset; /* where what is sent of it begins */
  int64_t length; /* ... and how much that is at most */
  /* as of llg_upload_begin */
  struct llg_file_look look;
  int64_t n_bytes; /* how much it is */
};

/* Zeroed memory is one without files. */
struct llg_upload {
  struct llg_upload_file *files;
  size_t n_files, capacity;
  int64_t n_bytes; /* of text and files, as of llg_upload_begin */
  /* where the reader is */
  size_t text_at;
  size_t file; /* the next one, or the one that is open */
  bool is_open;
  int fd;
  int64_t left; /* of that one */
};

/* One more file, of which path, at (no less than that of the one before), offset and length are
** copied. LLG_OK or LLG_NOMEM. */
enum llg_status llg_upload_add(struct llg_upload *u, const struct llg_upload_file *file);

/* An attempt begins: look at all of them, and stand at the beginning. False with the failure
** set. */
bool llg_upload_begin(
  struct llg_upload *u, const struct llg_buffer *text, struct llg_failure *failure);

/* Stand at the beginning of what llg_upload_begin has announced. */
void llg_upload_rewind(struct llg_upload *u);

/* The next piece, at most `room` bytes; 0 at the end, or with the failure set. */
size_t llg_upload_read(
  struct llg_upload *u, const struct llg_buffer *text, char *out, size_t room,
  struct llg_failure *failure);

void llg_upload_free(struct llg_upload *u);

#endif
