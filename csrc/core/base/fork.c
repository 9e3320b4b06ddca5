#include "fork.h"

#include <pthread.h>

static unsigned n_forks;

static void in_child(void) {
  n_forks++;
}

static void watch(void) {
  pthread_atfork(NULL, NULL, in_child); /* the module is never unloaded */
}

unsigned llg_fork_count(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, watch);
  return n_forks;
}
