/*
** server.c - the server that the bench measures against. It speaks just enough HTTP/1.1,
** from ready-made answers, so that it is never what is measured.
**
**   server        listens on a free port of 127.0.0.1 and prints it; ends when its
**                 standard input does, or on SIGTERM
**   server event [KIND]  prints the JSON of one event of its streams
**
** The end of the path chooses the answer: /chat/completions, /embeddings (base64 where
** the body asks for it), /models, /stats. What stands before it says how a chat is sent:
**   /plain/N/...      as a stream of N events, as fast as the client reads; also /padded/N
**                     and /counted/N, see answers.h
**   /paced/MS/N/...   as a stream of N events, one each MS milliseconds
**   /late/MS/N/...    as a stream of N events, all of it, its head too, after MS milliseconds
** N is 16 where it is missing; a body with "stream":true is answered with 16 anywhere.
*/
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <stdbool.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "answers.h"

enum {
  MAX_REQUEST_BYTES = 8 << 20, /* a client that sends more is cut off */
  READY = 256,                 /* descriptors looked at in one go */
  BLOCKS_AT_ONCE = 6,          /* of a stream, in one system call */
  DEFAULT_EVENTS = 16,
};

struct conn {
  int fd;
  char *in; /* what was received and not yet answered */
  size_t in_len, in_capacity;
  struct span head; /* to be sent first ... */
  const struct block *block;
  uint64_t block_left; /* ... then so many bytes of the block, over and over */
  size_t block_at;
  struct span tail; /* ... and this */
  char tail_bytes[TAIL_ROOM];
  int busy;        /* an answer is on its way */
  int wants_out;   /* EPOLLOUT is set */
  long paced_left; /* events that are not due yet */
  long paced_sent; /* those that were */
  int64_t interval_ns, due_ns;
  struct span late_head;        /* of an answer of which nothing has been sent yet ... */
  long late_events;             /* ... and how many events it has */
  struct conn *next, *previous; /* all connections, for the paced ones and for /stats */
};

static struct answers answers;
static int poller;
static struct conn *conns;
static unsigned long n_connections, n_requests, n_open, n_streams;

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void close_conn(struct conn *c) {
  if (c->previous != NULL)
    c->previous->next = c->next;
  else
    conns = c->next;
  if (c->next != NULL) c->next->previous = c->previous;
  close(c->fd);
  free(c->in);
  free(c);
  n_open--;
}

static void watch(struct conn *c, int wants_out) {
  if (c->wants_out == wants_out) return;
  c->wants_out = wants_out;
  struct epoll_event e = { .events = EPOLLIN | (wants_out ? EPOLLOUT : 0u),
                           .data.ptr = c };
  epoll_ctl(poller, EPOLL_CTL_MOD, c->fd, &e);
}

/* ---------------------------------------------------------------- sending */

static int add_span(struct iovec *v, int n, const char *bytes, size_t len) {
  if (len == 0) return n;
  v[n].iov_base = (void *)(uintptr_t)bytes;
  v[n].iov_len = len;
  return n + 1;
}

static size_t take(size_t *sent, size_t most) {
  size_t n = *sent < most ? *sent : most;
  *sent -= n;
  return n;
}

static void account(struct conn *c, size_t sent) {
  size_t n = take(&sent, c->head.len);
  c->head.bytes += n;
  c->head.len -= n;
  n = take(&sent, c->block_left < SIZE_MAX ? (size_t)c->block_left : SIZE_MAX);
  c->block_left -= n;
  if (n > 0) c->block_at = (c->block_at + n) % c->block->all.len;
  c->tail.bytes += sent;
  c->tail.len -= sent;
}

/* One system call. 1: all of the answer is out, 0: not yet, -1: the client is gone. */
static int send_some(struct conn *c) {
  struct iovec v[BLOCKS_AT_ONCE + 2];
  int n = add_span(v, 0, c->head.bytes, c->head.len);
  uint64_t left = c->block_left;
  size_t at = c->block_at;
  for (int i = 0; i < BLOCKS_AT_ONCE && left > 0; i++, at = 0) {
    size_t len = c->block->all.len - at;
    if (len > left) len = (size_t)left;
    n = add_span(v, n, c->block->all.bytes + at, len);
    left -= len;
  }
  if (left == 0 && c->paced_left == 0) n = add_span(v, n, c->tail.bytes, c->tail.len);
  if (n == 0) return c->paced_left == 0;
  struct msghdr message = { .msg_iov = v, .msg_iovlen = (size_t)n };
  ssize_t sent = sendmsg(c->fd, &message, MSG_NOSIGNAL);
  if (sent < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
  account(c, (size_t)sent);
  int waits = c->head.len == 0 && c->block_left == 0;
  return waits && c->paced_left == 0 && c->tail.len == 0;
}

/* ---------------------------------------------------------------- answering */

static int ends_with(const char *s, size_t n, const char *end) {
  size_t len = strlen(end);
  return n >= len && memcmp(s + n - len, end, len) == 0;
}

/* What n events of a block are, sent over and over. */
static uint64_t bytes_of(const struct block *block, uint64_t n) {
  return n / BLOCK_EVENTS * block->all.len + block->ends[n % BLOCK_EVENTS];
}

static void
start_stream(struct conn *c, const struct block *block, long interval_ms, long n_events) {
  n_streams++;
  c->block = block;
  c->head = answers.stream_head;
  c->block_at = 0;
  c->tail = (struct span){ c->tail_bytes, answers_tail(c->tail_bytes, n_events) };
  if (interval_ms == 0) {
    c->block_left = bytes_of(block, (uint64_t)n_events);
    return;
  }
  c->paced_left = n_events;
  c->paced_sent = 0;
  c->interval_ns = interval_ms * 1000000;
  c->due_ns = now_ns() + c->interval_ns;
}

/* The same, once it has begun: nothing of it is sent before. */
static void delay_stream(struct conn *c, long delay_ms) {
  c->late_head = c->head;
  c->late_events = c->paced_left;
  c->head.len = 0;
  c->paced_left = 1;
  c->due_ns = now_ns() + delay_ms * 1000000;
}

static void answer_stats(struct conn *c) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  char json[TAIL_ROOM / 2];
  snprintf(
    json, sizeof json,
    "{\"connections\":%lu,\"requests\":%lu,\"streams\":%lu,\"open\":%lu,\"rss_kib\":%ld}",
    n_connections, n_requests, n_streams, n_open, used.ru_maxrss);
  c->head = (struct span){ c->tail_bytes, answers_json(c->tail_bytes, TAIL_ROOM, json) };
}

/* `line` is the request line behind the method; NUL-terminated, as is the body. */
static void answer(struct conn *c, const char *line, const char *body) {
  size_t n = strcspn(line, " ?");
  long events = DEFAULT_EVENTS, interval_ms = 0, delay_ms = 0;
  const struct block *block = &answers.blocks[0];
  for (int kind = 0; kind < KINDS; kind++) {
    size_t len = strlen(answers.blocks[kind].name);
    bool named = line[0] == '/' && strncmp(line + 1, answers.blocks[kind].name, len) == 0;
    if (named && line[len + 1] == '/') block = &answers.blocks[kind];
  }
  int streams = sscanf(line, "/paced/%ld/%ld/", &interval_ms, &events) >= 1
                || sscanf(line, "/late/%ld/%ld/", &delay_ms, &events) >= 1
                || sscanf(line, "/%*[a-z]/%ld/", &events) == 1
                || strstr(body, "\"stream\":true") != NULL;
  n_requests++;
  c->busy = 1;
  c->head = answers.missing;
  if (ends_with(line, n, "/stats")) answer_stats(c);
  if (ends_with(line, n, "/models")) c->head = answers.models;
  if (ends_with(line, n, "/embeddings"))
    c->head = strstr(body, "\"base64\"") != NULL ? answers.embeddings_base64
                                                 : answers.embeddings_float;
  if (!ends_with(line, n, "/chat/completions")) return;
  if (streams && events > 0 && interval_ms >= 0)
    start_stream(c, block, delay_ms > 0 ? 1 : interval_ms, events);
  else
    c->head = answers.chat;
  if (streams && delay_ms > 0) delay_stream(c, delay_ms);
}

/* Answer the first request in c->in once all of it is there. 0, or -1 for nonsense. */
static int take_request(struct conn *c) {
  char *end = memmem(c->in, c->in_len, "\r\n\r\n", 4);
  if (end == NULL) return 0;
  *end = '\0'; /* put back if the body is not there yet */
  const char *field = strcasestr(c->in, "\r\ncontent-length:");
  size_t body_len = field == NULL ? 0 : strtoul(field + 17, NULL, 10);
  size_t head_len = (size_t)(end - c->in) + 4, whole = head_len + body_len;
  if (body_len > MAX_REQUEST_BYTES) return -1;
  if (c->in_len < whole) {
    *end = '\r';
    return 0;
  }
  const char *path = strchr(c->in, ' ');
  if (path == NULL) return -1;
  char behind = c->in[whole]; /* there is always room for this one */
  c->in[whole] = '\0';
  answer(c, path + 1, c->in + head_len);
  c->in[whole] = behind;
  memmove(c->in, c->in + whole, c->in_len - whole);
  c->in_len -= whole;
  return 0;
}

/* Go on with whatever there is to do. 0, or -1: close. */
static int advance(struct conn *c) {
  for (;;) {
    if (!c->busy && take_request(c) != 0) return -1;
    if (!c->busy) break;
    int done = send_some(c);
    if (done < 0) return -1;
    if (done == 0) break;
    c->busy = 0;
  }
  int waits_for_time = c->head.len == 0 && c->block_left == 0 && c->paced_left > 0;
  watch(c, c->busy && !waits_for_time);
  return 0;
}

static int receive(struct conn *c) {
  if (c->in_capacity - c->in_len < 2) {
    if (c->in_capacity >= MAX_REQUEST_BYTES) return -1;
    size_t capacity = c->in_capacity == 0 ? 4096 : 2 * c->in_capacity;
    char *bigger = realloc(c->in, capacity);
    if (bigger == NULL) return -1;
    c->in = bigger;
    c->in_capacity = capacity;
  }
  ssize_t n = recv(c->fd, c->in + c->in_len, c->in_capacity - c->in_len - 1, 0);
  if (n < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
  if (n == 0) return -1;
  c->in_len += (size_t)n;
  return 0;
}

/* ---------------------------------------------------------------- the loop */

static void accept_all(int listener) {
  int fd, yes = 1;
  while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
    struct conn *c = calloc(1, sizeof *c);
    if (c == NULL) {
      close(fd);
      return;
    }
    c->fd = fd;
    c->next = conns;
    if (conns != NULL) conns->previous = c;
    conns = c;
    n_connections++;
    n_open++;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };
    epoll_ctl(poller, EPOLL_CTL_ADD, fd, &e);
  }
}

/* Release what is due on the paced streams; milliseconds until the next one, or -1. */
static int run_paced(void) {
  int64_t now = now_ns(), next = INT64_MAX;
  for (struct conn *c = conns, *following; c != NULL; c = following) {
    following = c->next;
    if (c->paced_left == 0) continue;
    int due = 0;
    for (; c->paced_left > 0 && c->due_ns <= now; c->due_ns += c->interval_ns, due = 1) {
      uint64_t n = (uint64_t)c->paced_sent++, n_more = 1;
      if (c->late_events > 0) {
        c->head = c->late_head;
        n_more = (uint64_t)c->late_events;
        c->late_events = 0;
      }
      c->paced_left--;
      c->block_left += bytes_of(c->block, n + n_more) - bytes_of(c->block, n);
    }
    int gone = due && advance(c) != 0;
    if (!gone && c->paced_left > 0 && c->due_ns < next) next = c->due_ns;
    if (gone) close_conn(c);
  }
  if (next == INT64_MAX) return -1;
  return next <= now ? 0 : (int)((next - now + 999999) / 1000000);
}

static int listen_any(unsigned *port) {
  struct sockaddr_in address = { .sin_family = AF_INET };
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t len = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (
    fd < 0 || bind(fd, (struct sockaddr *)&address, len) != 0 || listen(fd, 1024) != 0
    || getsockname(fd, (struct sockaddr *)&address, &len) != 0)
    return -1;
  *port = ntohs(address.sin_port);
  return fd;
}

/* True when whoever started us has closed our standard input. */
static int input_ended(void) {
  char rest[256];
  ssize_t n = read(STDIN_FILENO, rest, sizeof rest);
  return n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN);
}

static void serve(int listener) {
  struct epoll_event ready[READY];
  for (;;) {
    int n = epoll_wait(poller, ready, READY, run_paced());
    for (int i = 0; i < n; i++) {
      struct conn *c = ready[i].data.ptr;
      if (ready[i].data.ptr == &poller) {
        if (input_ended()) return;
      } else if (ready[i].data.ptr == &answers) {
        accept_all(listener);
      } else if (
        ((ready[i].events & ~(uint32_t)EPOLLOUT) != 0 && receive(c) != 0)
        || advance(c) != 0) {
        close_conn(c);
      }
    }
  }
}

static void print_event(const char *kind) {
  const char *start = answers.blocks[0].all.bytes;
  for (int i = 0; i < KINDS; i++)
    if (strcmp(kind, answers.blocks[i].name) == 0) start = answers.blocks[i].all.bytes;
  start = strchr(start, '{');
  printf("%.*s\n", (int)strcspn(start, "\n"), start);
}

int main(int argc, char **argv) {
  if (answers_make(&answers) != 0) return 1;
  if (argc > 1 && strcmp(argv[1], "event") == 0)
    return print_event(argc > 2 ? argv[2] : ""), 0;
  unsigned port = 0;
  int listener = listen_any(&port);
  poller = epoll_create1(EPOLL_CLOEXEC);
  /* two addresses that no connection can have, to tell the events apart */
  struct epoll_event on_accept = { .events = EPOLLIN, .data.ptr = &answers };
  struct epoll_event on_input = { .events = EPOLLIN, .data.ptr = &poller };
  if (
    listener < 0 || poller < 0
    || epoll_ctl(poller, EPOLL_CTL_ADD, listener, &on_accept) != 0
    || epoll_ctl(poller, EPOLL_CTL_ADD, STDIN_FILENO, &on_input) != 0) {
    perror("server");
    return 1;
  }
  printf("%u\n", port);
  fflush(stdout);
  serve(listener);
  return 0;
}
