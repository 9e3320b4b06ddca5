/*
** launch.c - how long a program takes from its start to its first byte of output, and
** what it costs in all:
**
**   launch PROGRAM [ARGUMENT...]
**
** prints first_us= (wall), cpu_us= (user and system, of the whole process) and rss_kib=
** (the most it ever held). A program that fails or prints nothing is an error.
*/
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t us(struct timeval t) {
  return (int64_t)t.tv_sec * 1000000 + t.tv_usec;
}

int main(int argc, char **argv) {
  int ends[2], status = 0;
  char bytes[256];
  struct rusage used;
  if (argc < 2 || pipe(ends) != 0) return 2;
  int64_t start = now_us(), first = -1;
  pid_t child = vfork();
  if (child < 0) return 2;
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    execvp(argv[1], argv + 1);
    _exit(127);
  }
  close(ends[1]);
  while (read(ends[0], bytes, sizeof bytes) > 0)
    if (first < 0) first = now_us() - start;
  if (wait4(child, &status, 0, &used) != child || first < 0 || status != 0) {
    fprintf(stderr, "launch: %s failed, status %d\n", argv[1], status);
    return 1;
  }
  printf(
    "first_us=%lld cpu_us=%lld rss_kib=%ld\n", (long long)first,
    (long long)(us(used.ru_utime) + us(used.ru_stime)), used.ru_maxrss);
  return 0;
}
