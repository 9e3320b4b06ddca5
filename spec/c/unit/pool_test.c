/*
** The pool and its exchanges against a server in the same thread: whole conversations, a
** fork in the middle of one, and every allocation of ours failing once.
*/
#include "core/base/memory.h"
#include "core/http/pool.h"
#include "local_server.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const char plain[]
  = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    "Content-Length: 11\r\nConnection: close\r\n\r\n{\"ok\":true}";
static const char events[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                             "Connection: close\r\n\r\ndata: one\n\nevent: e\ndata: two\n"
                             "data: three\n\ndata: [DONE]\n\n";

/* Accept and read what is there; with an answer, give it and close. */
static int serve(int fd, const char *answer, size_t n) {
  char request[4096];
  if (fd < 0) fd = accept(listener, NULL, NULL);
  if (fd < 0) return fd;
  fcntl(fd, F_SETFL, O_NONBLOCK);
  if (recv(fd, request, sizeof request, 0) <= 0 || answer == NULL) return fd;
  CHECK(send(fd, answer, n, MSG_NOSIGNAL) == (ssize_t)n);
  close(fd);
  return -1;
}

static void
run(struct llg_pool *pool, struct llg_exchange *x, const char *answer, size_t n) {
  int fd = -1;
  for (int i = 0; i < 2000 && !llg_exchange_is_over(x); i++) {
    llg_pool_step(pool, 1, -1);
    fd = serve(fd, answer, n);
  }
  if (fd >= 0) close(fd);
}

static void test_plain(void) {
  struct llg_request r;
  struct llg_pool *pool = llg_pool_new();
  CHECK(make_request(&r, false));
  struct llg_exchange *x = llg_pool_start(pool, &r);
  CHECK_INT(llg_pool_count(pool), 1);
  CHECK_INT(llg_pool_due_ms(pool), 0);
  run(pool, x, plain, sizeof plain - 1);
  CHECK_INT(x->failure.status, LLG_OK);
  CHECK_INT(x->http_status, 200);
  CHECK_BYTES(llg_buffer_bytes(&x->body), x->body.len, "{\"ok\":true}");
  CHECK_INT(llg_pool_count(pool), 0);
  CHECK_INT(llg_pool_due_ms(pool), -1);
  CHECK_INT(llg_pool_step(pool, -1, -1), 0); /* nothing is under way: returns */
  llg_exchange_unref(x);
  llg_pool_unref(pool);
}

static void test_stream(void) {
  struct llg_request r;
  struct llg_event e;
  struct llg_pool *pool = llg_pool_new();
  CHECK(make_request(&r, true));
  struct llg_exchange *x = llg_pool_start(pool, &r);
  run(pool, x, events, sizeof events - 1);
  CHECK_INT(x->failure.status, LLG_OK);
  CHECK(x->saw_done);
  CHECK_INT(x->events.count, 2);
  CHECK(llg_event_queue_front(&x->events, &e));
  CHECK_BYTES(e.data, e.data_len, "one");
  llg_event_queue_pop(&x->events);
  CHECK(llg_event_queue_front(&x->events, &e));
  CHECK_BYTES(e.data, e.data_len, "two\nthree");
  CHECK_BYTES(e.name, e.name_len, "e");
  llg_pool_release(pool, x);
  llg_exchange_unref(x);
  llg_pool_unref(pool);
}

/* What fails while a paused transfer goes on ends it there and then: the server may have
** nothing more to say. */
static void test_resume_fails(void) {
  static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
  static char event[72000];
  struct llg_request r;
  struct llg_pool *pool = llg_pool_new();
  memset(event, 'x', sizeof event);
  memcpy(event, "data: ", 6);
  memcpy(event + sizeof event - 2, "\n\n", 2);
  CHECK(make_request(&r, true));
  struct llg_exchange *x = llg_pool_start(pool, &r);
  int fd = -1;
  for (int i = 0; i < 2000 && fd < 0; i++) {
    llg_pool_step(pool, 1, -1);
    fd = serve(fd, NULL, 0);
  }
  CHECK(send(fd, head, sizeof head - 1, MSG_NOSIGNAL) > 0);
  size_t n_sent = 0;
  for (int i = 0; i < 2000 && !x->paused; i++) {
    ssize_t n = send(fd, event + n_sent, sizeof event / 60, MSG_NOSIGNAL);
    if (n > 0) n_sent = (n_sent + (size_t)n) % sizeof event;
    llg_pool_step(pool, 1, -1);
  }
  CHECK(x->paused);
  llg_event_queue_free(&x->events);
  llg_pool_taken(pool, x);
  llg_test_fail_at(1);
  llg_pool_step(pool, 0, -1);
  llg_test_fail_at(0);
  CHECK(llg_exchange_is_over(x));
  CHECK_INT(x->failure.status, LLG_NOMEM);
  close(fd);
  llg_exchange_unref(x);
  llg_pool_unref(pool);
}

/* The last reference may go in any order: exchange first, pool first, with one under way. */
static void test_orders_of_release(void) {
  for (int order = 0; order < 2; order++) {
    struct llg_request r;
    struct llg_pool *pool = llg_pool_new();
    CHECK(make_request(&r, false));
    struct llg_exchange *x = llg_pool_start(pool, &r);
    llg_pool_step(pool, 0, -1);
    if (order == 0) llg_pool_release(pool, x);
    if (order == 1) llg_pool_cancel_all(pool);
    CHECK_INT(x->failure.status, LLG_CANCELLED);
    llg_exchange_unref(x);
    llg_pool_unref(pool);
  }
}

/* A child must neither use nor disturb what it inherited. */
static void test_fork(void) {
  struct llg_request r;
  struct llg_pool *pool = llg_pool_new();
  CHECK(make_request(&r, false));
  struct llg_exchange *x = llg_pool_start(pool, &r);
  int fd = -1;
  for (int i = 0; i < 200 && fd < 0; i++) {
    llg_pool_step(pool, 1, -1);
    fd = serve(fd, NULL, 0);
  }
  CHECK(fd >= 0);
  pid_t child = fork();
  if (child == 0) {
    bool foreign = llg_pool_is_foreign(pool);
    llg_pool_cancel(pool, x);
    bool cancelled = x->failure.status == LLG_CANCELLED;
    llg_exchange_unref(x);
    llg_pool_unref(pool);
    /* What libcurl held is given up on purpose: no leak checker shall look at it. */
    if (foreign && cancelled) execlp("true", "true", (char *)NULL);
    _exit(1);
  }
  int status = -1;
  CHECK(waitpid(child, &status, 0) == child);
  CHECK_INT(status, 0);
  CHECK(!llg_pool_is_foreign(pool));
  CHECK(send(fd, plain, sizeof plain - 1, MSG_NOSIGNAL) > 0);
  close(fd);
  for (int i = 0; i < 2000 && !llg_exchange_is_over(x); i++)
    llg_pool_step(pool, 1, -1);
  CHECK_INT(x->failure.status, LLG_OK);
  llg_exchange_unref(x);
  llg_pool_unref(pool);
}

/* One conversation with the n-th and every later allocation failing; whether it went through. */
static bool converse(bool stream, const char *answer, size_t n) {
  struct llg_request r;
  struct llg_pool *pool = llg_pool_new();
  if (pool == NULL) return false;
  bool good = false;
  if (make_request(&r, stream)) {
    struct llg_exchange *x = llg_pool_start(pool, &r);
    if (x == NULL) {
      llg_request_free(&r);
    } else {
      run(pool, x, answer, n);
      CHECK(llg_exchange_is_over(x));
      good = x->failure.status == LLG_OK;
      /* out of memory, or what libcurl makes of a socket that we could not watch */
      CHECK(
        good || x->failure.status == LLG_NOMEM || x->failure.status == LLG_CONNECTION);
      llg_exchange_unref(x);
    }
  }
  llg_pool_unref(pool);
  return good;
}

static void test_out_of_memory(void) {
  for (int stream = 0; stream < 2; stream++) {
    const char *answer = stream ? events : plain;
    size_t n_answer = stream ? sizeof events - 1 : sizeof plain - 1;
    for (long n = 1; n < 200; n++) {
      llg_test_fail_at(n);
      bool good = converse(stream, answer, n_answer);
      bool all = llg_test_allocations() < n;
      llg_test_fail_at(0);
      CHECK(!all || good);
      int left = accept(listener, NULL, NULL); /* a connection that nobody took */
      if (left >= 0) close(left);
      if (all) break;
    }
  }
}

int main(void) {
  listen_here();
  RUN(test_plain);
  RUN(test_stream);
  RUN(test_resume_fails);
  RUN(test_orders_of_release);
  RUN(test_fork);
  RUN(test_out_of_memory);
  close(listener);
  return TEST_END();
}
