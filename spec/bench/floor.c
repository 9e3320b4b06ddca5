/*
** floor.c - what bare libcurl costs: the bench's workloads with one reused easy handle,
** the bytes thrown away. The requests are those of spec/bench/client.lua.
**
**   floor plain URL N        one stream of N events; also padded and counted, see answers.h
**   floor chats URL N        N small chats, one after the other
**   floor embeddings URL N   N answers of 256 base64 vectors; floats: as lists of numbers
**   floor cold URL N         the first N of those in a process
**   floor first URL N        N streams, each up to its first bytes; the rest is not counted
**   floor ready URL          a handle, and no request; ends
**   floor start URL          one streamed request; "first" at its first event, and ends
**
** URL is the server's root. Prints one line of key=value: CPU of this process (user and
** system) and wall time in microseconds, around the workload alone.
*/
#include <curl/curl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CHAT_BODY \
  "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"system\",\"content\":\"You are " \
  "terse.\"},{\"role\":\"user\",\"content\":\"What is AI?\"}]%s}"

enum {
  MAX_URL_BYTES = 1024,
  MAX_CHAT_BYTES = 512,
  INPUTS = 256, /* of one embeddings request */
  INPUT_BYTES = 64,
  WARM_UP_EVENTS = 1000,
  WARM_UP_CHATS = 100,
  WARM_UP_REPLIES = 5,
  START_EVENTS = 16,
};

static uint64_t n_bytes;

static size_t throw_away(char *bytes, size_t size, size_t n, void *context) {
  (void)bytes;
  (void)context;
  n_bytes += size * n;
  return size * n;
}

static size_t say_first(char *bytes, size_t size, size_t n, void *context) {
  (void)bytes;
  (void)size;
  (void)n;
  (void)context;
  puts("first");
  fflush(stdout);
  return 0; /* enough seen: ends the transfer */
}

static int64_t cpu_us(void);
static int64_t first_us; /* CPU when the first bytes of the stream came; 0: not yet */

static size_t note_first(char *bytes, size_t size, size_t n, void *context) {
  if (first_us == 0) first_us = cpu_us();
  return throw_away(bytes, size, n, context);
}

static int64_t wall_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Exact at any moment, as getrusage is not; what os.clock of the other side is. */
static int64_t cpu_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static CURL *new_handle(void) {
  CURL *easy = curl_easy_init();
  struct curl_slist *headers = NULL;
  headers = curl_slist_append(headers, "Content-Type: application/json");
  headers = curl_slist_append(headers, "Authorization: Bearer sk-bench");
  headers = curl_slist_append(headers, "Expect:");
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, throw_away);
  return easy;
}

static void perform(CURL *easy) {
  long status = 0;
  CURLcode code = curl_easy_perform(easy);
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  if (code == CURLE_OK && status == 200) return;
  fprintf(stderr, "floor: %s, status %ld\n", curl_easy_strerror(code), status);
  exit(1);
}

static void warm_up(CURL *easy, int n_performs) {
  while (n_performs-- > 0)
    perform(easy);
}

static void target(CURL *easy, const char *root, const char *path, long n) {
  char url[MAX_URL_BYTES], tail[MAX_URL_BYTES / 4];
  snprintf(tail, sizeof tail, path, n);
  snprintf(url, sizeof url, "%s%s", root, tail);
  curl_easy_setopt(easy, CURLOPT_URL, url);
}

static void set_chat(CURL *easy, const char *more) {
  char body[MAX_CHAT_BYTES];
  snprintf(body, sizeof body, CHAT_BODY, more);
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)strlen(body));
  curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, body);
}

static void set_embeddings(CURL *easy, const char *format) {
  static char body[INPUTS * INPUT_BYTES + MAX_CHAT_BYTES];
  size_t n = (size_t)snprintf(body, sizeof body, "{\"input\":[");
  for (int i = 1; i <= INPUTS; i++)
    n += (size_t)snprintf(
      body + n, sizeof body - n, "%s\"sentence number %d\"", i == 1 ? "" : ",", i);
  snprintf(
    body + n, sizeof body - n,
    "],\"model\":\"text-embedding-3-small\",\"encoding_format\":\"%s\"}", format);
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
}

/* n_performs times the same request, measured, and the line about it. */
static void measure(CURL *easy, long n_performs, long n_items) {
  n_bytes = 0;
  int64_t wall = wall_us(), cpu = cpu_us();
  for (long i = 0; i < n_performs; i++)
    perform(easy);
  cpu = cpu_us() - cpu;
  wall = wall_us() - wall;
  printf(
    "cpu_us=%lld wall_us=%lld items=%ld bytes=%llu\n", (long long)cpu, (long long)wall,
    n_items, (unsigned long long)n_bytes);
}

static void measure_first(CURL *easy, long n) {
  int64_t cpu = 0;
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, note_first);
  for (long i = 0; i < n + WARM_UP_CHATS; i++) {
    first_us = 0;
    int64_t begun = cpu_us();
    perform(easy);
    if (i >= WARM_UP_CHATS) cpu += first_us - begun;
  }
  printf("cpu_us=%lld items=%ld\n", (long long)cpu, n);
}

static int is_stream(const char *workload) {
  return strcmp(workload, "plain") == 0 || strcmp(workload, "padded") == 0
         || strcmp(workload, "counted") == 0;
}

int main(int argc, char **argv) {
  const char *workload = argc > 2 ? argv[1] : "";
  long n = argc > 3 ? atol(argv[3]) : 1;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  CURL *easy = new_handle();
  if (is_stream(workload)) {
    char path[MAX_URL_BYTES / 8];
    snprintf(path, sizeof path, "/%s/%%ld/v1/chat/completions", workload);
    set_chat(easy, ",\"stream\":true");
    target(easy, argv[2], path, WARM_UP_EVENTS);
    perform(easy);
    target(easy, argv[2], path, n);
    measure(easy, 1, n);
  } else if (strcmp(workload, "chats") == 0) {
    set_chat(easy, "");
    target(easy, argv[2], "/v1/chat/completions", 0);
    warm_up(easy, WARM_UP_CHATS);
    measure(easy, n, n);
  } else if (strcmp(workload, "embeddings") == 0 || strcmp(workload, "floats") == 0) {
    set_embeddings(easy, workload[0] == 'e' ? "base64" : "float");
    target(easy, argv[2], "/v1/embeddings", 0);
    warm_up(easy, WARM_UP_REPLIES);
    measure(easy, n, n);
  } else if (strcmp(workload, "cold") == 0) {
    set_embeddings(easy, "base64");
    target(easy, argv[2], "/v1/embeddings", 0);
    measure(easy, n, n);
  } else if (strcmp(workload, "first") == 0) {
    set_chat(easy, ",\"stream\":true");
    target(easy, argv[2], "/padded/%ld/v1/chat/completions", START_EVENTS);
    measure_first(easy, n);
  } else if (strcmp(workload, "ready") == 0) {
    say_first(NULL, 0, 0, NULL);
  } else if (strcmp(workload, "start") == 0) {
    set_chat(easy, ",\"stream\":true");
    target(easy, argv[2], "/plain/%ld/v1/chat/completions", START_EVENTS);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, say_first);
    curl_easy_perform(easy);
  } else {
    fputs(
      "usage: floor plain|padded|counted|chats|embeddings|cold|floats|first|ready|start "
      "URL [N]\n",
      stderr);
    return 2;
  }
  return 0;
}
