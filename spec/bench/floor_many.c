/*
** floor_many.c - what bare libcurl costs with many paced streams at once, the bytes
** thrown away: curl_multi_socket_action fed by an epoll, the cheapest way it has.
**
**   floor_many URL N [EVENTS [MS]]     N streams of 20 events each, one event each 50 ms
**
** URL is the server's root. Prints one line of key=value as floor.c does, with rss_kib=
** the memory that the open streams take.
*/
#include <curl/curl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { READY = 256, MAX_URL_BYTES = 1024, LOOK = 50 };

static int n_events = 20, interval_ms = 50;
static int poller;
static long due_ms = -1; /* what libcurl asked for last, from then on; -1: nothing */
static uint64_t n_bytes;

static size_t throw_away(char *bytes, size_t size, size_t n, void *context) {
  (void)bytes;
  (void)context;
  n_bytes += size * n;
  return size * n;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *known) {
  (void)easy;
  CURLM *multi = context;
  struct epoll_event e = { .data.fd = fd };
  if (what & CURL_POLL_IN) e.events |= EPOLLIN;
  if (what & CURL_POLL_OUT) e.events |= EPOLLOUT;
  int op = what == CURL_POLL_REMOVE ? EPOLL_CTL_DEL
           : known != NULL          ? EPOLL_CTL_MOD
                                    : EPOLL_CTL_ADD;
  epoll_ctl(poller, op, fd, &e);
  if (op == EPOLL_CTL_ADD) curl_multi_assign(multi, fd, multi);
  return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *context) {
  (void)multi;
  (void)context;
  due_ms = timeout_ms;
  return 0;
}

static int64_t now_us(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static long rss_kib(void) {
  long pages = 0, all = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (file == NULL) return 0;
  if (fscanf(file, "%ld %ld", &all, &pages) != 2) pages = 0;
  fclose(file);
  return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static CURL *new_stream(const char *root) {
  char url[MAX_URL_BYTES];
  CURL *easy = curl_easy_init();
  struct curl_slist *headers = NULL;
  headers = curl_slist_append(headers, "Content-Type: application/json");
  headers = curl_slist_append(headers, "Authorization: Bearer sk-bench");
  headers = curl_slist_append(headers, "Expect:");
  snprintf(
    url, sizeof url, "%s/paced/%d/%d/v1/chat/completions", root, interval_ms, n_events);
  curl_easy_setopt(easy, CURLOPT_URL, url);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(
    easy, CURLOPT_POSTFIELDS, "{\"model\":\"gpt-4o-mini\",\"stream\":true}");
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, throw_away);
  return easy;
}

/* Run what is on the multi; the most memory seen while all streams were open. Looking is
** not free: once in a while is enough. */
static long drive(CURLM *multi, int n) {
  struct epoll_event ready[READY];
  int running = n;
  long most = 0, turn = 0;
  curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
  while (running > 0) {
    int n_ready = epoll_wait(poller, ready, READY, (int)due_ms);
    for (int i = 0; i < n_ready; i++) {
      int mask = (ready[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0)
                 | (ready[i].events & ~(uint32_t)EPOLLOUT ? CURL_CSELECT_IN : 0);
      curl_multi_socket_action(multi, ready[i].data.fd, mask, &running);
    }
    if (n_ready == 0) curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
    long now = running == n && ++turn % LOOK == 0 ? rss_kib() : 0;
    if (now > most) most = now;
  }
  return most;
}

int main(int argc, char **argv) {
  int n = argc > 2 ? atoi(argv[2]) : 0, left = 0, failed = 0;
  if (argc > 3) n_events = atoi(argv[3]);
  if (argc > 4) interval_ms = atoi(argv[4]);
  if (n <= 0) return 2;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  poller = epoll_create1(EPOLL_CLOEXEC);
  CURLM *multi = curl_multi_init();
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, multi);
  curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
  long rss = rss_kib();
  int64_t cpu = now_us(CLOCK_PROCESS_CPUTIME_ID), wall = now_us(CLOCK_MONOTONIC);
  for (int i = 0; i < n; i++)
    curl_multi_add_handle(multi, new_stream(argv[1]));
  rss = drive(multi, n) - rss;
  cpu = now_us(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  wall = now_us(CLOCK_MONOTONIC) - wall;
  for (CURLMsg *m; (m = curl_multi_info_read(multi, &left)) != NULL;)
    failed += m->data.result != CURLE_OK;
  if (failed > 0) fprintf(stderr, "floor_many: %d streams failed\n", failed);
  printf(
    "cpu_us=%lld wall_us=%lld items=%d bytes=%llu rss_kib=%ld\n", (long long)cpu,
    (long long)wall, n * n_events, (unsigned long long)n_bytes, rss);
  return failed > 0;
}
