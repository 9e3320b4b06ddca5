#include "core/base/command.h"

#include "core/base/memory.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Until it is over, or for half a minute. */
static bool finish(struct llg_command *c) {
  const struct timespec pause = { .tv_sec = 0, .tv_nsec = 2000000 };
  for (int i = 0; i < 15000; i++) {
    if (llg_command_is_over(c)) return true;
    (void)nanosleep(&pause, NULL);
  }
  return false;
}

/* Run a script of the shell, which stands for any program. */
static int start(struct llg_command *c, const char *script) {
  static char sh[] = "sh", dash_c[] = "-c";
  char text[512];
  char *argv[] = { sh, dash_c, text, NULL };
  snprintf(text, sizeof text, "%s", script);
  llg_command_init(c);
  return llg_command_start(c, argv);
}

static void test_what_it_prints(void) {
  struct llg_command c;
  if (!CHECK_INT(start(&c, "printf one; printf two >&2; printf three"), 0)) return;
  CHECK(finish(&c));
  CHECK_BYTES(llg_buffer_bytes(&c.printed), c.printed.len, "onethree");
  CHECK_BYTES(llg_buffer_bytes(&c.said), c.said.len, "two");
  CHECK_INT(c.status, 0);
  CHECK(!c.too_long);
  llg_command_close(&c);
  llg_command_close(&c);
}

static void test_how_it_ends(void) {
  struct llg_command c;
  if (!CHECK_INT(start(&c, "exit 3"), 0)) return;
  CHECK(finish(&c));
  CHECK(WIFEXITED(c.status));
  CHECK_INT(WEXITSTATUS(c.status), 3);
  llg_command_close(&c);
  if (!CHECK_INT(start(&c, "kill -9 $$"), 0)) return;
  CHECK(finish(&c));
  CHECK(WIFSIGNALED(c.status));
  CHECK_INT(WTERMSIG(c.status), SIGKILL);
  llg_command_close(&c);
}

static void test_there_is_none(void) {
  static char name[] = "/nowhere/no such program";
  char *argv[] = { name, NULL };
  struct llg_command c;
  llg_command_init(&c);
  int e = llg_command_start(&c, argv);
  if (
    e
    == 0) { /* under valgrind, where the child has no memory in common with us to say it in */
    CHECK(finish(&c));
    CHECK_INT(WEXITSTATUS(c.status), 127);
  } else {
    CHECK_INT(e, ENOENT);
    CHECK_INT(c.pid, 0);
    CHECK_INT(c.out, -1);
  }
  llg_command_close(&c);
}

static void test_too_much(void) {
  struct llg_command c;
  if (!CHECK_INT(start(&c, "while :; do echo 0123456789012345678901234567890; done"), 0))
    return;
  CHECK(finish(&c));
  CHECK(c.too_long);
  CHECK_INT(c.printed.len, LLG_MAX_PRINTED_BYTES);
  pid_t pid = c.pid;
  CHECK(pid > 0);
  llg_command_close(&c);
  CHECK(kill(pid, 0) != 0);
  CHECK_INT(errno, ESRCH);
}

/* What it says beside the answer may be long: the beginning is kept, and it goes on. */
static void test_a_long_complaint(void) {
  struct llg_command c;
  const char *script
    = "i=0; while [ $i -lt 9999 ]; do echo 0123456789 >&2; i=$((i+1)); done; "
      "echo key";
  if (!CHECK_INT(start(&c, script), 0)) return;
  CHECK(finish(&c));
  CHECK(!c.too_long);
  CHECK_BYTES(llg_buffer_bytes(&c.printed), c.printed.len, "key\n");
  CHECK_INT(c.said.len, LLG_MAX_SAID_BYTES);
  llg_command_close(&c);
}

/* One that leaves something behind that holds its output open is over all the same. */
static void test_an_agent_left_behind(void) {
  struct llg_command c;
  if (!CHECK_INT(start(&c, "sleep 20 & echo key; echo $! >&2"), 0)) return;
  CHECK(finish(&c));
  CHECK_BYTES(llg_buffer_bytes(&c.printed), c.printed.len, "key\n");
  char number[32];
  snprintf(number, sizeof number, "%.*s", (int)c.said.len, llg_buffer_bytes(&c.said));
  llg_command_close(&c);
  int pid = (int)strtol(number, NULL, 10);
  if (CHECK(pid > 1)) CHECK_INT(kill(pid, SIGKILL), 0);
}

/* A host that waits for every child itself, or has the system do it: nobody knows how it ended. */
static void test_in_a_host_that_takes_its_end(void) {
  struct llg_command c;
  struct sigaction ignored, before;
  memset(&ignored, 0, sizeof ignored);
  ignored.sa_handler = SIG_IGN;
  (void)sigaction(SIGCHLD, &ignored, &before);
  if (CHECK_INT(start(&c, "echo key; exit 3"), 0)) {
    CHECK(finish(&c));
    CHECK_INT(c.status, -1);
    CHECK_BYTES(llg_buffer_bytes(&c.printed), c.printed.len, "key\n");
    llg_command_close(&c);
  }
  (void)sigaction(SIGCHLD, &before, NULL);
}

static void test_nothing_of_ours_is_open_in_it(void) {
  struct llg_command c;
  int fd = open("/dev/null", O_RDONLY);
  int high = fcntl(fd, F_DUPFD, 50);
  if (!CHECK_INT(start(&c, "ls /proc/self/fd | tr '\\n' ' '; cat"), 0)) return;
  CHECK(finish(&c));
  CHECK_BYTES(llg_buffer_bytes(&c.printed), c.printed.len, "0 1 2 3 ");
  llg_command_close(&c);
  (void)close(high);
  (void)close(fd);
}

/* A host that has closed its standard descriptors. */
static void test_with_low_descriptors(void) {
  struct llg_command c;
  int kept[3];
  for (int i = 0; i < 3; i++) {
    kept[i] = fcntl(i, F_DUPFD_CLOEXEC, 100);
    (void)close(i);
  }
  int e = start(&c, "echo key; echo words >&2");
  bool over = e == 0 && finish(&c);
  for (int i = 0; i < 3; i++) {
    (void)dup2(kept[i], i);
    (void)close(kept[i]);
  }
  CHECK_INT(e, 0);
  CHECK(over);
  CHECK_BYTES(llg_buffer_bytes(&c.printed), c.printed.len, "key\n");
  CHECK_BYTES(llg_buffer_bytes(&c.said), c.said.len, "words\n");
  llg_command_close(&c);
}

static void test_out_of_memory(void) {
  for (long n = 1; n < 10; n++) {
    struct llg_command c;
    llg_test_fail_at(n);
    int e = start(&c, "echo key; echo words >&2");
    bool over = e == 0 && finish(&c);
    long n_seen = llg_test_allocations();
    llg_test_fail_at(0);
    CHECK(e == 0 ? over : e == ENOMEM);
    if (e == 0 && n <= n_seen) CHECK(c.out_of_memory);
    llg_command_close(&c);
    if (n > n_seen) return;
  }
  CHECK(false);
}

int main(void) {
  RUN(test_what_it_prints);
  RUN(test_how_it_ends);
  RUN(test_there_is_none);
  RUN(test_too_much);
  RUN(test_a_long_complaint);
  RUN(test_an_agent_left_behind);
  RUN(test_in_a_host_that_takes_its_end);
  RUN(test_nothing_of_ours_is_open_in_it);
  RUN(test_with_low_descriptors);
  RUN(test_out_of_memory);
  return TEST_END();
}
