/*
** The program is over when it has ended, not when its pipes are: one that leaves an agent behind
** leaves them open. What it wrote before its end can be read by then.
*/
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fork.h"
#include "memory.h"
#include "platform.h"

#if defined(__GLIBC__)
#if __GLIBC_PREREQ(2, 34)
#define LLG_CLOSES_FROM
#endif
#endif

extern char **environ;

enum { FIRST_FREE_FD = 3, READ_BYTES = 4096, READS_AT_ONCE = 64 };

void llg_command_init(struct llg_command *c) {
  memset(c, 0, sizeof *c);
  c->out = c->err = -1;
  llg_buffer_init(&c->printed, LLG_MAX_PRINTED_BYTES);
  llg_buffer_init(&c->said, LLG_MAX_SAID_BYTES);
}

static void close_fd(int *fd) {
  if (*fd >= 0) (void)close(*fd);
  *fd = -1;
}

/* Out of the way of the numbers that the program will know its pipes by: a host may have closed
** its own. */
static bool move_up(int *fd) {
  if (*fd >= FIRST_FREE_FD) return true;
  int moved = fcntl(*fd, F_DUPFD_CLOEXEC, FIRST_FREE_FD);
  if (moved < 0) return false;
  close_fd(fd);
  *fd = moved;
  return true;
}

/* No program that another thread starts meanwhile gets an end of it. */
static bool open_pipe(int *ours, int *theirs) {
  int ends[2];
  if (!llg_pipe(ends)) return false;
  *ours = ends[0];
  *theirs = ends[1];
  return move_up(ours) && move_up(theirs) && fcntl(*ours, F_SETFL, O_NONBLOCK) == 0;
}

/* What the host has open is not the program's affair. */
static int close_the_rest(posix_spawn_file_actions_t *actions) {
#if defined(LLG_CLOSES_FROM)
  return posix_spawn_file_actions_addclosefrom_np(actions, FIRST_FREE_FD);
#else
  (void)actions;
  return 0;
#endif
}

static int say_what_is_open(posix_spawn_file_actions_t *actions, int out, int err) {
  int e = posix_spawn_file_actions_addopen(
    actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (e == 0) e = posix_spawn_file_actions_adddup2(actions, out, STDOUT_FILENO);
  if (e == 0) e = posix_spawn_file_actions_adddup2(actions, err, STDERR_FILENO);
  return e != 0 ? e : close_the_rest(actions);
}

/* A host may ignore SIGPIPE and block others; a program that is started expects neither. */
static int say_what_signals_do(posix_spawnattr_t *attributes) {
  sigset_t none, pipe_only;
  sigemptyset(&none);
  sigemptyset(&pipe_only);
  sigaddset(&pipe_only, SIGPIPE);
  int e = posix_spawnattr_setsigmask(attributes, &none);
  if (e == 0) e = posix_spawnattr_setsigdefault(attributes, &pipe_only);
  short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
  return e != 0 ? e : posix_spawnattr_setflags(attributes, flags);
}

static int run(struct llg_command *c, char *const argv[], int out, int err) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  pid_t pid = 0;
  int e = posix_spawn_file_actions_init(&actions);
  if (e != 0) return e;
  e = posix_spawnattr_init(&attributes);
  if (e == 0) {
    e = say_what_is_open(&actions, out, err);
    if (e == 0) e = say_what_signals_do(&attributes);
    if (e == 0) e = posix_spawnp(&pid, argv[0], &actions, &attributes, argv, environ);
    (void)posix_spawnattr_destroy(&attributes);
  }
  (void)posix_spawn_file_actions_destroy(&actions);
  if (e == 0) c->pid = pid;
  return e;
}

int llg_command_start(struct llg_command *c, char *const argv[]) {
  int out = -1, err = -1, e;
  enum llg_status status = LLG_OK;
  c->n_forks = llg_fork_count();
  /* A key that fits is never copied to where it would not be wiped. */
  if (llg_buffer_reserve(&c->printed, READ_BYTES, &status) == NULL) return ENOMEM;
  if (open_pipe(&c->out, &out) && open_pipe(&c->err, &err))
    e = run(c, argv, out, err);
  else
    e = errno;
  close_fd(&out);
  close_fd(&err);
  if (e != 0) llg_command_close(c);
  return e;
}

/* Take what is there, as far as a pipe holds it. False where it was more than `to` may hold: then
** that has the beginning. */
static bool drain(struct llg_command *c, int *fd, struct llg_buffer *to) {
  char block[READ_BYTES];
  bool fits = true;
  for (int i = 0; *fd >= 0 && i < READS_AT_ONCE; i++) {
    ssize_t n = read(*fd, block, sizeof block);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) break;
    if (n <= 0) {
      close_fd(fd);
      break;
    }
    size_t room = to->max_bytes - to->len, n_kept = (size_t)n < room ? (size_t)n : room;
    if (n_kept < (size_t)n) fits = false;
    if (llg_buffer_append(to, block, n_kept) != LLG_OK) c->out_of_memory = true;
  }
  llg_wipe(block, sizeof block);
  return fits;
}

static bool has_ended(struct llg_command *c) {
  if (c->pid == 0) return true;
  pid_t got = waitpid(c->pid, &c->status, WNOHANG);
  if (got == 0 || (got < 0 && errno == EINTR)) return false;
  if (got < 0) c->status = -1; /* the host waits for every child */
  c->pid = 0;
  return true;
}

bool llg_command_is_over(struct llg_command *c) {
  if (c->n_forks != llg_fork_count()) return true;
  bool ended = has_ended(c);
  if (!drain(c, &c->out, &c->printed)) c->too_long = true;
  (void)drain(c, &c->err, &c->said);
  return ended || c->too_long || c->out_of_memory;
}

/* Who is killed ends at once, so that waiting for it is none. The number of one that somebody else
** has waited for may be another program's by now. */
void llg_command_close(struct llg_command *c) {
  close_fd(&c->out);
  close_fd(&c->err);
  if (c->n_forks == llg_fork_count() && !has_ended(c)) {
    (void)kill(c->pid, SIGKILL);
    while (waitpid(c->pid, &c->status, 0) < 0 && errno == EINTR)
      continue;
  }
  c->pid = 0;
  struct llg_buffer *held[] = { &c->printed, &c->said };
  for (size_t i = 0; i < sizeof held / sizeof *held; i++) {
    if (held[i]->data != NULL) llg_wipe(held[i]->data, held[i]->capacity);
    llg_buffer_free(held[i]);
  }
}
