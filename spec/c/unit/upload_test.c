/* Files within the text of a body, and new files: with every way in which they can fail. */
#include "core/http/upload.h"
#include "core/base/memory.h"
#include "core/base/new_file.h"
#include "test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/lualogue-unit-XXXXXX";
static char path[2][64];

static void write_file(const char *name, const char *bytes) {
  FILE *file = fopen(name, "wb");
  CHECK(file != NULL);
  if (file == NULL) return;
  CHECK(fwrite(bytes, 1, strlen(bytes), file) == strlen(bytes));
  CHECK(fclose(file) == 0);
}

/* "ab[first]cd[second]", or false without memory. */
static bool make(struct llg_upload *u, struct llg_buffer *text) {
  const struct llg_upload_file first = { path[0], 2, 0, INT64_MAX, { 0 }, 0 },
                               second = { path[1], 4, 0, INT64_MAX, { 0 }, 0 };
  memset(u, 0, sizeof *u);
  llg_buffer_init(text, 1000);
  return llg_buffer_append(text, "abcd", 4) == LLG_OK
         && llg_upload_add(u, &first) == LLG_OK && llg_upload_add(u, &second) == LLG_OK;
}

static size_t read_all(
  struct llg_upload *u, const struct llg_buffer *text, size_t piece, char *out,
  struct llg_failure *failure) {
  size_t n = 0, n_now;
  do {
    n_now = llg_upload_read(u, text, out + n, piece, failure);
    n += n_now;
  } while (n_now > 0);
  return n;
}

static void is_read_in_pieces_of_any_size(void) {
  struct llg_upload u;
  struct llg_buffer text;
  struct llg_failure failure = { .status = LLG_OK };
  char out[64];
  write_file(path[0], "FIRST");
  write_file(path[1], "");
  CHECK(make(&u, &text));
  CHECK(llg_upload_begin(&u, &text, &failure));
  CHECK_INT(u.n_bytes, 9);
  for (size_t piece = 1; piece < 12; piece++) {
    size_t n = read_all(&u, &text, piece, out, &failure);
    CHECK_BYTES(out, n, "abFIRSTcd");
    CHECK(!u.is_open);
    llg_upload_rewind(&u);
  }
  CHECK_INT(llg_upload_read(&u, &text, out, 4, &failure), 4);
  CHECK(u.is_open);
  CHECK(llg_upload_begin(&u, &text, &failure)); /* once more, from the middle */
  CHECK_BYTES(out, read_all(&u, &text, 64, out, &failure), "abFIRSTcd");
  CHECK_INT(failure.status, LLG_OK);
  llg_upload_free(&u);
  llg_upload_free(&u);
  llg_buffer_free(&text);
}

static void may_be_a_part_of_a_file(void) {
  static const struct {
    int64_t offset, length;
    const char *want; /* NULL: it is none */
  } cases[] = { { 0, 5, "FIRST" }, { 0, 4, "FIRS" },      { 1, 3, "IRS" },
                { 3, 9, "ST" },    { 5, 9, "" },          { 2, 0, "" },
                { 6, 1, NULL },    { INT64_MAX, 1, NULL } };
  write_file(path[0], "FIRST");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const struct llg_upload_file file = { path[0],         0,     cases[i].offset,
                                          cases[i].length, { 0 }, 0 };
    struct llg_upload u = { 0 };
    struct llg_buffer text;
    struct llg_failure failure = { .status = LLG_OK };
    char out[64];
    llg_buffer_init(&text, 1000);
    CHECK_INT(llg_upload_add(&u, &file), LLG_OK);
    bool begun = llg_upload_begin(&u, &text, &failure);
    CHECK_INT(begun, cases[i].want != NULL);
    if (begun) {
      size_t n = read_all(&u, &text, 2, out, &failure);
      CHECK(n == strlen(cases[i].want) && memcmp(out, cases[i].want, n) == 0);
      CHECK_INT(u.n_bytes, n);
    }
    llg_upload_free(&u);
    llg_buffer_free(&text);
  }
}

static void says_what_has_changed(void) {
  static const char *const now[] = { "FIR", "FIRST AND MORE", NULL };
  static const char *const why[] = { "shrunk", "grown", "No such file" };
  for (int i = 0; i < 3; i++) {
    struct llg_upload u;
    struct llg_buffer text;
    struct llg_failure failure = { .status = LLG_OK };
    char out[64];
    write_file(path[0], "FIRST");
    CHECK(make(&u, &text));
    CHECK(llg_upload_begin(&u, &text, &failure));
    if (now[i] != NULL)
      write_file(path[0], now[i]);
    else
      unlink(path[0]);
    CHECK_INT(llg_upload_read(&u, &text, out, sizeof out, &failure), 0);
    CHECK_INT(failure.status, LLG_FILE);
    CHECK(strstr(failure.message, why[i]) != NULL);
    llg_upload_free(&u);
    llg_buffer_free(&text);
  }
  write_file(path[0], "FIRST");
}

static void shows_the_end_of_a_long_path(void) {
  char name[1000] = "/";
  struct llg_failure failure = { .status = LLG_OK };
  struct llg_file_look look;
  for (size_t i = 1; i + 2 < sizeof name; i += 2)
    memcpy(name + i, "\xC3\xBC", 3);
  CHECK_INT(llg_file_open(name, &look, &failure), -1);
  CHECK(strstr(failure.message, "cannot open '\xC3\xBC") != NULL);
  CHECK(strstr(failure.message, "': File name too long") != NULL);
}

static void without_memory(void) {
  for (long n = 1;; n++) {
    struct llg_upload u;
    struct llg_buffer text;
    llg_test_fail_at(n);
    bool ok = make(&u, &text);
    llg_upload_free(&u);
    llg_buffer_free(&text);
    llg_test_fail_at(0);
    if (ok) break;
  }
}

static int n_files(void) {
  int n = 0;
  char command[128];
  snprintf(command, sizeof command, "ls -A %s | wc -l", folder);
  FILE *pipe = popen(command, "r");
  CHECK(pipe != NULL && fscanf(pipe, "%d", &n) == 1);
  pclose(pipe);
  return n;
}

static void a_new_file_is_whole_or_not_there(void) {
  struct llg_new_file f = { 0 };
  struct llg_failure failure = { .status = LLG_OK };
  char name[64], back[8];
  snprintf(name, sizeof name, "%s/new", folder);
  int n = n_files();
  CHECK_INT(llg_new_file_set(&f, name, strlen(name)), LLG_OK);
  CHECK(llg_new_file_open(&f, 0600, &failure));
  CHECK(llg_new_file_write(&f, "half", 4, &failure));
  CHECK(llg_new_file_open(&f, 0600, &failure)); /* again: from its beginning */
  CHECK(llg_new_file_write(&f, "all", 3, &failure));
  CHECK_BYTES(back, llg_new_file_read(&f, back, sizeof back), "all");
  CHECK(access(name, F_OK) != 0);
  CHECK(llg_new_file_keep(&f, &failure));
  CHECK(access(name, F_OK) == 0);
  CHECK_INT(n_files(), n + 1);
  CHECK(llg_new_file_open(&f, 0600, &failure));
  llg_new_file_free(&f);
  llg_new_file_free(&f);
  CHECK_INT(n_files(), n + 1);
  unlink(name);
  for (long i = 1;; i++) {
    llg_test_fail_at(i);
    bool ok = llg_new_file_set(&f, name, strlen(name)) == LLG_OK
              && llg_new_file_open(&f, 0600, &failure);
    llg_new_file_free(&f);
    llg_test_fail_at(0);
    CHECK_INT(n_files(), n);
    if (ok) break;
  }
}

static void a_forked_child_leaves_it_alone(void) {
  struct llg_new_file f = { 0 };
  struct llg_failure failure = { .status = LLG_OK };
  char name[64];
  int status = 0;
  snprintf(name, sizeof name, "%s/forked", folder);
  CHECK_INT(llg_new_file_set(&f, name, strlen(name)), LLG_OK);
  CHECK(llg_new_file_open(&f, 0600, &failure));
  pid_t child = fork();
  if (child == 0) {
    bool kept = llg_new_file_keep(&f, &failure);
    llg_new_file_free(&f);
    _exit(kept ? 1 : 0);
  }
  CHECK(waitpid(child, &status, 0) == child && status == 0);
  CHECK(llg_new_file_write(&f, "x", 1, &failure));
  CHECK(llg_new_file_keep(&f, &failure));
  CHECK(access(name, F_OK) == 0);
  llg_new_file_free(&f);
  unlink(name);
}

int main(void) {
  if (mkdtemp(folder) == NULL) return 1;
  for (int i = 0; i < 2; i++)
    snprintf(path[i], sizeof path[i], "%s/%d", folder, i);
  RUN(is_read_in_pieces_of_any_size);
  RUN(may_be_a_part_of_a_file);
  RUN(says_what_has_changed);
  RUN(shows_the_end_of_a_long_path);
  RUN(without_memory);
  RUN(a_new_file_is_whole_or_not_there);
  RUN(a_forked_child_leaves_it_alone);
  for (int i = 0; i < 2; i++)
    unlink(path[i]);
  CHECK(rmdir(folder) == 0);
  return TEST_END();
}
