#include "upload.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../base/memory.h"

enum llg_status llg_upload_add(struct llg_upload *u, const struct llg_upload_file *file) {
  if (u->n_files == u->capacity) {
    size_t capacity = u->capacity > 0 ? 2 * u->capacity : 4;
    struct llg_upload_file *files = llg_realloc(u->files, capacity * sizeof *files);
    if (files == NULL) return LLG_NOMEM;
    u->files = files;
    u->capacity = capacity;
  }
  char *copy = llg_strndup(file->path, strlen(file->path));
  if (copy == NULL) return LLG_NOMEM;
  u->files[u->n_files] = *file;
  u->files[u->n_files++].path = copy;
  return LLG_OK;
}

void llg_upload_rewind(struct llg_upload *u) {
  if (u->is_open) (void)close(u->fd);
  u->is_open = false;
  u->text_at = 0;
  u->file = 0;
}

/* Opened and closed again: what cannot be read is said before anything is sent, and there may be
** more files than descriptors. */
bool llg_upload_begin(
  struct llg_upload *u, const struct llg_buffer *text, struct llg_failure *failure) {
  llg_upload_rewind(u);
  u->n_bytes = (int64_t)text->len;
  for (size_t i = 0; i < u->n_files; i++) {
    struct llg_upload_file *f = &u->files[i];
    int fd = llg_file_open(f->path, &f->look, failure);
    if (fd < 0) return false;
    (void)close(fd);
    if (f->offset > f->look.n_bytes)
      return llg_file_fault(failure, f->path, "ends before the offset");
    f->n_bytes = f->look.n_bytes - f->offset;
    if (f->n_bytes > f->length) f->n_bytes = f->length;
    if (f->n_bytes > INT64_MAX - u->n_bytes)
      return llg_file_fault(failure, f->path, "is too long");
    u->n_bytes += f->n_bytes;
  }
  return true;
}

static bool is_same(const struct llg_file_look *a, const struct llg_file_look *b) {
  return a->n_bytes == b->n_bytes && a->changed.tv_sec == b->changed.tv_sec
         && a->changed.tv_nsec == b->changed.tv_nsec;
}

/* It is open: whether it still is what was announced. */
static bool check(
  struct llg_upload *u, const struct llg_upload_file *f, struct llg_failure *failure) {
  struct llg_file_look now;
  if (!llg_file_look_at(u->fd, f->path, &now, failure)) return false;
  if (is_same(&now, &f->look)) return true;
  const char *what = now.n_bytes < f->look.n_bytes   ? "has shrunk while it was sent"
                     : now.n_bytes > f->look.n_bytes ? "has grown while it was sent"
                                                     : "has changed while it was sent";
  return llg_file_fault(failure, f->path, what);
}

static bool open_next(struct llg_upload *u, struct llg_failure *failure) {
  struct llg_upload_file *f = &u->files[u->file];
  struct llg_file_look now;
  u->fd = llg_file_open(f->path, &now, failure);
  if (u->fd < 0) return false;
  u->is_open = true;
  u->left = f->n_bytes;
  if (f->offset > 0 && lseek(u->fd, (off_t)f->offset, SEEK_SET) < 0)
    return llg_file_failure(failure, "read", f->path, errno);
  return check(u, f, failure);
}

/* Of the open file; 0 at its end, or with the failure set. */
static size_t
read_file(struct llg_upload *u, char *out, size_t room, struct llg_failure *failure) {
  const struct llg_upload_file *f = &u->files[u->file];
  ssize_t n = 0;
  if ((int64_t)room > u->left) room = (size_t)u->left;
  while (room > 0 && (n = read(u->fd, out, room)) < 0)
    if (errno != EINTR) {
      llg_file_failure(failure, "read", f->path, errno);
      return 0;
    }
  u->left -= n;
  if (n > 0 && u->left > 0) return (size_t)n;
  /* Its last piece goes out once it is known to be the last. */
  char more;
  ssize_t n_more = 0;
  if (n == 0 && room > 0)
    llg_file_fault(failure, f->path, "has shrunk while it was sent");
  else if (check(u, f, failure) && f->offset + f->n_bytes == f->look.n_bytes)
    n_more = read(u->fd, &more, 1);
  if (n_more < 0) llg_file_failure(failure, "read", f->path, errno);
  /* such as those of /proc, which say that they are empty */
  if (n_more > 0) llg_file_fault(failure, f->path, "is longer than it says");
  if (failure->status != LLG_OK) return 0;
  (void)close(u->fd);
  u->is_open = false;
  u->file++;
  return (size_t)n;
}

size_t llg_upload_read(
  struct llg_upload *u, const struct llg_buffer *text, char *out, size_t room,
  struct llg_failure *failure) {
  size_t n = 0;
  while (n < room && failure->status == LLG_OK) {
    bool has_file = u->file < u->n_files;
    size_t until = has_file ? u->files[u->file].at : text->len;
    if (u->text_at < until) {
      size_t n_now = until - u->text_at < room - n ? until - u->text_at : room - n;
      memcpy(out + n, llg_buffer_bytes(text) + u->text_at, n_now);
      u->text_at += n_now;
      n += n_now;
    } else if (!has_file) {
      break;
    } else if (u->is_open || open_next(u, failure)) {
      n += read_file(u, out + n, room - n, failure);
    }
  }
  return failure->status == LLG_OK ? n : 0;
}

void llg_upload_free(struct llg_upload *u) {
  llg_upload_rewind(u);
  for (size_t i = 0; i < u->n_files; i++)
    llg_free(u->files[i].path);
  llg_free(u->files);
  memset(u, 0, sizeof *u);
}
