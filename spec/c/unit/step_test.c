/*
** A step: what it reads before it judges the clocks, what a budget leaves for the next one, and
** what ends its wait.
*/
#include "core/base/clock.h"
#include "core/base/memory.h"
#include "core/http/attached.h"
#include "core/http/tls_warm.h"
#include "local_server.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifdef LLG_STEP_WITHOUT_BUDGET /* to see it fail on what came before */
#define STEP(pool, ms, budget) llg_pool_step(pool, ms)
#else
#define STEP(pool, ms, budget) llg_pool_step(pool, ms, budget)
#endif

enum { MOST = 500, IDLE_MS = 500, AWAY_MS = 800 };

static const char head[]
  = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: one\n\n";
static const char tick[] = "data: more\n\n";

static struct llg_pool *pool;
static struct llg_exchange *streams[MOST];
static int
  peers[MOST]; /* in the order of their connections, which is not that of the streams */

static void sleep_ms(long ms) {
  struct timespec t = { ms / 1000, ms % 1000 * 1000000 };
  nanosleep(&t, NULL);
}

static bool all_open(int n) {
  for (int i = 0; i < n; i++)
    if (streams[i]->events.count == 0) return false;
  return true;
}

/* So many streams that have had their first event. */
static void open_streams(int n) {
  int n_peers = 0;
  pool = llg_pool_new();
  for (int i = 0; i < n; i++) {
    struct llg_request r;
    CHECK(make_request(&r, true));
    r.clocks.idle_ms = 60000; /* opening them all may take long */
    streams[i] = llg_pool_start(pool, &r);
  }
  for (int i = 0; i < 20000 && !all_open(n); i++) {
    STEP(pool, 1, -1);
    int fd;
    while (n_peers < n && (fd = accept(listener, NULL, NULL)) >= 0) {
      CHECK(send(fd, head, sizeof head - 1, MSG_NOSIGNAL) > 0);
      peers[n_peers++] = fd;
    }
  }
  CHECK(all_open(n));
  /* libcurl's timers of the connecting would have it look at every transfer once more */
  int64_t until_ms = llg_now_ms() + 300;
  while (llg_now_ms() < until_ms)
    STEP(pool, 10, -1);
  for (int i = 0; i < n; i++) {
    streams[i]->request.clocks.idle_ms = IDLE_MS;
    streams[i]->last_byte_ms = llg_now_ms();
  }
  pool->pulse.clock_due_ms = 0; /* look at them again */
}

static void send_ticks(int n) {
  for (int i = 0; i < n; i++)
    CHECK(send(peers[i], tick, sizeof tick - 1, MSG_NOSIGNAL) > 0);
}

static void close_streams(int n) {
  for (int i = 0; i < n; i++) {
    llg_pool_release(pool, streams[i]);
    llg_exchange_unref(streams[i]);
    close(peers[i]);
  }
  llg_pool_unref(pool);
}

static int count_late(int n) {
  int n_late = 0;
  for (int i = 0; i < n; i++)
    if (streams[i]->failure.status != LLG_OK) n_late++;
  return n_late;
}

/* The host was away for longer than the idle clock allows; everything came meanwhile. */
static void test_busy_host(void) {
  static const int sizes[] = { 50, 200, 300, MOST };
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    int n = sizes[i];
    open_streams(n);
    send_ticks(n);
    sleep_ms(AWAY_MS);
    STEP(pool, 0, -1);
    CHECK_INT(count_late(n), 0);
    int n_read = 0;
    for (int k = 0; k < n; k++)
      if (streams[k]->events.count > 1) n_read++;
    CHECK_INT(n_read, n);
    close_streams(n);
  }
}

/* ... but a stream of which nothing came is late, with all the others read. */
static void test_silent_one(void) {
  open_streams(100);
  send_ticks(99);
  sleep_ms(AWAY_MS);
  STEP(pool, 0, -1);
  CHECK_INT(count_late(100), 1);
  close_streams(100);
}

#ifndef LLG_STEP_WITHOUT_BUDGET

/* With no time at all a step still does one thing, and so all of it gets done; a clock is not
** judged before. */
static void test_no_budget(void) {
  int n = 150, n_steps = 0;
  open_streams(n);
  send_ticks(n);
  sleep_ms(AWAY_MS);
  for (int n_read = 0; n_read < n && n_steps < 1000; n_steps++) {
    CHECK_INT(llg_pool_due_ms(pool), 0);
    STEP(pool, 0, 0);
    n_read = 0;
    for (int k = 0; k < n; k++)
      if (streams[k]->events.count > 1) n_read++;
    CHECK_INT(count_late(n), 0);
  }
  CHECK(n_steps >= n && n_steps < 3 * n);
  close_streams(n);
}

/* Sockets that are ready again whenever they are looked at do not hide a silent one. */
static void test_no_budget_and_a_silent_one(void) {
  int n = 100;
  open_streams(n);
  int64_t until_ms = llg_now_ms() + 20000;
  while (count_late(n) == 0 && llg_now_ms() < until_ms) {
    send_ticks(n - 1);
    for (int i = 0; i < 5; i++)
      STEP(pool, 0, 0);
    for (int k = 0; k < n; k++)
      while (streams[k]->events.count > 1)
        llg_event_queue_pop(&streams[k]->events);
  }
  CHECK_INT(count_late(n), 1);
  close_streams(n);
}

/* Waiting is no work. */
static void test_budget_of_a_wait(void) {
  open_streams(1);
  int64_t begun_ms = llg_now_ms();
  STEP(pool, 100, 50000);
  CHECK(llg_now_ms() - begun_ms >= 99);
  close_streams(1);
}

/* In front of libc's: what libcurl does when it is let run. */
static int n_sockets;
static long socket_ms;
__attribute__((visibility("default"))) int socket(int domain, int type, int protocol) {
  n_sockets++;
  sleep_ms(socket_ms);
  return (int)syscall(SYS_socket, domain, type, protocol);
}

static void test_opens_within_budget(void) {
  pool = llg_pool_new();
  for (int i = 0; i < 10; i++) {
    struct llg_request r;
    CHECK(make_request(&r, true));
    streams[i] = llg_pool_start(pool, &r);
  }
  n_sockets = 0;
  socket_ms = 50;
  for (int i = 1; i <= 10; i++) {
    STEP(pool, 0, 20000);
    CHECK_INT(n_sockets, i);
  }
  socket_ms = 0;
  for (int i = 0; i < 10; i++) {
    llg_pool_release(pool, streams[i]);
    llg_exchange_unref(streams[i]);
  }
  llg_pool_unref(pool);
  int fd;
  while ((fd = accept(listener, NULL, NULL)) >= 0)
    close(fd);
}

static void test_warm_once(void) {
  llg_tls_warm();
  CHECK(!llg_tls_warm());
}

static void test_starts_within_budget(void) {
  pool = llg_pool_new();
  for (int i = 0; i < 10; i++) {
    struct llg_request r;
    CHECK(make_request(&r, true));
    streams[i] = llg_pool_start(pool, &r);
  }
  STEP(pool, 0, 0);
  CHECK_INT(streams[0]->state, LLG_X_SENT);
  CHECK_INT(streams[1]->state, LLG_X_PENDING);
  STEP(pool, 0, 0);
  CHECK_INT(streams[1]->state, LLG_X_SENT); /* in the order in which they came */
  CHECK_INT(streams[2]->state, LLG_X_PENDING);
  for (int i = 0; i < 10; i++) {
    llg_pool_release(pool, streams[i]);
    llg_exchange_unref(streams[i]);
  }
  llg_pool_unref(pool);
  int fd;
  while ((fd = accept(listener, NULL, NULL)) >= 0)
    close(fd);
}

/* ---- what ends a wait ---- */

static void *wake(void *number) {
  sleep_ms(50);
  llg_pool_wake_by(*(int64_t *)number);
  return NULL;
}

static void test_waker(void) {
  pthread_t thread;
  open_streams(1);
  int64_t number = llg_pool_waker(pool);
  CHECK_INT(llg_pool_waker(pool), number);
  CHECK(pthread_create(&thread, NULL, wake, &number) == 0);
  int64_t begun_ms = llg_now_ms();
  STEP(pool, 20000, -1); /* its idle clock would end it first */
  CHECK(llg_now_ms() - begun_ms < IDLE_MS);
  CHECK_INT(count_late(1), 0);
  pthread_join(thread, NULL);
  close_streams(1);
  CHECK(!llg_pool_wake_by(number));
  CHECK(!llg_pool_wake_by(0));
}

static bool is_readable(int timeout_ms) {
  struct pollfd p = { .fd = llg_pool_fd(pool), .events = POLLIN };
  return poll(&p, 1, timeout_ms) == 1;
}

static void test_alarm(void) {
  pool = llg_pool_new();
  CHECK(llg_pool_alarm(pool, -1));
  CHECK(!is_readable(0));
  CHECK(llg_pool_alarm(pool, 10));
  CHECK(is_readable(20000));
  STEP(pool, 0, -1);
  CHECK(!is_readable(20)); /* once */
  CHECK(llg_pool_alarm(pool, 0));
  CHECK(is_readable(20000));
  CHECK(llg_pool_alarm(pool, 60000));
  CHECK(!is_readable(20)); /* put off */
  CHECK(llg_pool_alarm(pool, 0));
  CHECK(llg_pool_alarm(pool, -1));
  CHECK(!is_readable(20)); /* called off */
  llg_pool_unref(pool);
}

/* ---- who waits on many ---- */

static void test_ready(void) {
  open_streams(3);
  for (int i = 0; i < 3; i++)
    llg_pool_arm(pool, streams[i], i + 1); /* each has an event */
  CHECK_INT(llg_pool_due_ms(pool), 0);
  CHECK(!llg_pool_pop_ready(pool, 2));
  CHECK(llg_pool_pop_ready(pool, 1));
  llg_pool_arm(pool, streams[1], 0);
  CHECK_INT(llg_pool_ready(pool), 3);
  CHECK(llg_pool_pop_ready(pool, 3));
  CHECK_INT(llg_pool_ready(pool), 0);
  CHECK(!llg_pool_pop_ready(pool, 0));
  llg_pool_arm(pool, streams[0], 4);
  close_streams(3); /* with a number in the list */
}

static void test_inherit(void) {
  open_streams(2);
  struct llg_pool *heir = llg_pool_new(), *old = pool;
  llg_pool_arm(old, streams[0], 1);
  CHECK(llg_pool_pop_ready(old, 1));
  for (int i = 0; i < 2; i++)
    llg_event_queue_pop(&streams[i]->events);
  llg_pool_arm(old, streams[0], 5);
  CHECK_INT(llg_pool_ready(old), 0);
  llg_pool_inherit(heir, old);
  CHECK_INT(llg_pool_ready(heir), 5);
  CHECK_INT(streams[0]->failure.status, LLG_CANCELLED);
  CHECK_INT(streams[1]->failure.status, LLG_CANCELLED);
  llg_pool_unref(heir); /* which leaves nothing behind in the stream that outlives it */
  close_streams(2);
}

#endif

int main(void) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  listen_here();
  RUN(test_busy_host);
  RUN(test_silent_one);
#ifndef LLG_STEP_WITHOUT_BUDGET
  RUN(test_no_budget);
  RUN(test_no_budget_and_a_silent_one);
  RUN(test_budget_of_a_wait);
  RUN(test_opens_within_budget);
  RUN(test_warm_once);
  RUN(test_starts_within_budget);
  RUN(test_waker);
  RUN(test_alarm);
  RUN(test_ready);
  RUN(test_inherit);
#endif
  close(listener);
  return TEST_END();
}
