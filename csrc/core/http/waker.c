#include "waker.h"

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct llg_waker *first;
static int64_t last_number;

/* A thread may be within at the moment of a fork. */
static void hold(void) {
  pthread_mutex_lock(&lock);
}
static void let_go(void) {
  pthread_mutex_unlock(&lock);
}
static void watch_forks(void) {
  pthread_atfork(hold, let_go, let_go); /* the module is never unloaded */
}

int64_t llg_waker_register(struct llg_waker *waker, struct llg_poller *poller) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, watch_forks);
  pthread_mutex_lock(&lock);
  if (waker->number == 0) {
    waker->number = ++last_number;
    waker->poller = poller;
    waker->next = first;
    first = waker;
  }
  pthread_mutex_unlock(&lock);
  return waker->number;
}

void llg_waker_forget(struct llg_waker *waker) {
  pthread_mutex_lock(&lock);
  struct llg_waker **at = &first;
  while (*at != NULL && *at != waker)
    at = &(*at)->next;
  if (*at != NULL) *at = waker->next;
  waker->number = 0;
  pthread_mutex_unlock(&lock);
}

bool llg_waker_wake(int64_t number) {
  pthread_mutex_lock(&lock);
  struct llg_waker *at = first;
  while (at != NULL && at->number != number)
    at = at->next;
  if (at != NULL) llg_poller_wake(at->poller);
  pthread_mutex_unlock(&lock);
  return at != NULL;
}
