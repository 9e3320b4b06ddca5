#include "answers.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENT_HEAD EVENT_HEAD_OF("chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeG")
#define EVENT_HEAD_OF(id) \
  "data: {\"id\":\"" id "\"," \
  "\"object\":\"chat.completion.chunk\",\"created\":1741570283," \
  "\"model\":\"gpt-4o-mini\",\"service_tier\":\"default\"," \
  "\"system_fingerprint\":\"fp_06737a9306\","
#define CHOICE(delta, finish) \
  "\"choices\":[{\"index\":0,\"delta\":" delta \
  ",\"logprobs\":null,\"finish_reason\":" finish "}]"
#define EVENT_FORMAT EVENT_HEAD CHOICE("{\"content\":\"%s\"}", "null") "}\n\n"
#define PADDED_FORMAT \
  EVENT_HEAD CHOICE("{\"content\":\"%s\"}", "null") ",\"obfuscation\":\"%.*s\"}\n\n"
/* A new id, what it has cost so far, and how long that took. */
#define COUNTED_FORMAT \
  EVENT_HEAD_OF("gen-17415702%05d") \
  CHOICE("{\"content\":\"%s\"}", "null") \
  ",\"usage\":{\"prompt_tokens\":19,\"completion_" \
  "tokens\":%d,\"total_tokens\":%d}," \
  "\"timings\":{\"predicted_n\":%d,\"predicted_ms\":%" \
  "d.%03d,\"predicted_per_second\":" \
  "%d.%06d}}\n\n"
#define ROLE_EVENT \
  EVENT_HEAD CHOICE( \
    "{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null") "}\n\n"
#define FINISH_EVENT EVENT_HEAD CHOICE("{}", "\"stop\"") "}\n\n"
#define USAGE_FORMAT \
  EVENT_HEAD "\"choices\":[],\"usage\":{\"prompt_tokens\":19," \
             "\"completion_tokens\":%ld,\"total_tokens\":%ld," \
             "\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":0}," \
             "\"completion_tokens_details\":{\"reasoning_tokens\":0}}}\n\n"

#define CHAT_BODY \
  "{\"id\":\"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT\",\"object\":\"chat.completion\"," \
  "\"created\":1741569952,\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0," \
  "\"message\":{\"role\":\"assistant\",\"content\":\"Hello! How can I assist you " \
  "today?\",\"refusal\":null,\"annotations\":[]},\"logprobs\":null," \
  "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":19," \
  "\"completion_tokens\":10,\"total_tokens\":29,\"prompt_tokens_details\":" \
  "{\"cached_tokens\":0,\"audio_tokens\":0},\"completion_tokens_details\":" \
  "{\"reasoning_tokens\":0,\"audio_tokens\":0,\"accepted_prediction_tokens\":0," \
  "\"rejected_prediction_tokens\":0}},\"service_tier\":\"default\"," \
  "\"system_fingerprint\":\"fp_06737a9306\"}"

/* The headers that such an answer carries in the wild, since parsing them is work too. */
#define COMMON_HEADERS \
  "openai-organization: bench\r\nopenai-processing-ms: 12\r\n" \
  "openai-version: 2020-10-01\r\nx-request-id: req_5d1c6f0c7b9e4a30b8f2\r\n" \
  "x-ratelimit-limit-requests: 10000\r\nx-ratelimit-remaining-requests: 9999\r\n" \
  "x-ratelimit-reset-requests: 6ms\r\n"
#define JSON_HEAD \
  "HTTP/1.1 %s\r\ncontent-type: application/json\r\n" COMMON_HEADERS \
  "content-length: %zu\r\n\r\n"
#define STREAM_HEAD \
  "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n" COMMON_HEADERS \
  "cache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n"

enum { EVENT_ROOM = 1024 };

/* Each as long as EVENT_TEXT_BYTES. */
static const char *const words[] = { " language", " question", " sentence", " thinking",
                                     " computer", " answered", " remember", " together" };

/* A growing text. Only out of memory can fail, and then all that follows fails too. */
struct text {
  char *bytes;
  size_t len, capacity;
  int failed;
};

static void put(struct text *t, const void *bytes, size_t n) {
  if (t->len + n > t->capacity && !t->failed) {
    size_t capacity = 2 * (t->len + n);
    char *bigger = realloc(t->bytes, capacity);
    t->failed = bigger == NULL;
    if (bigger != NULL) {
      t->bytes = bigger;
      t->capacity = capacity;
    }
  }
  if (t->failed) return;
  memcpy(t->bytes + t->len, bytes, n);
  t->len += n;
}

static void put_string(struct text *t, const char *s) {
  put(t, s, strlen(s));
}

/* One HTTP chunk, as servers send one per event. */
static void put_framed(struct text *t, const char *event) {
  char size[24];
  snprintf(size, sizeof size, "%zx\r\n", strlen(event));
  put_string(t, size);
  put_string(t, event);
  put_string(t, "\r\n");
}

static void put_base64(struct text *t, const unsigned char *bytes, size_t n) {
  static const char digits[]
    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i + 2 < n; i += 3) { /* n is a multiple of 3: nothing to pad */
    uint32_t v = (uint32_t)bytes[i] << 16 | (uint32_t)bytes[i + 1] << 8 | bytes[i + 2];
    char four[4] = { digits[v >> 18], digits[v >> 12 & 63], digits[v >> 6 & 63],
                     digits[v & 63] };
    put(t, four, 4);
  }
}

static void put_numbers(struct text *t, const float *values, size_t n) {
  char number[32];
  put(t, "[", 1);
  for (size_t i = 0; i < n; i++) {
    snprintf(number, sizeof number, "%s%.9g", i == 0 ? "" : ",", (double)values[i]);
    put_string(t, number);
  }
  put(t, "]", 1);
}

/* A vector of length 1, the same on every run. */
static void random_vector(float *values, size_t n, uint64_t *seed) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    values[i] = (float)((double)(*seed >> 40) / (1 << 23) - 1.0);
    sum += (double)values[i] * (double)values[i];
  }
  for (size_t i = 0; i < n; i++)
    values[i] = (float)((double)values[i] / sqrt(sum));
}

/* Header and body as one span; the body's memory is given back. */
static struct span json_answer(const char *status, struct text *body, int *failed) {
  struct text whole = { 0 };
  char head[1024];
  snprintf(head, sizeof head, JSON_HEAD, status, body->len);
  put_string(&whole, head);
  if (!body->failed) put(&whole, body->bytes, body->len);
  *failed |= whole.failed || body->failed;
  free(body->bytes);
  return (struct span){ whole.bytes, whole.len };
}

static struct span literal_answer(const char *status, const char *json, int *failed) {
  struct text body = { 0 };
  put_string(&body, json);
  return json_answer(status, &body, failed);
}

static struct span embeddings(int as_base64, int *failed) {
  struct text body = { 0 };
  float values[DIMENSIONS];
  uint64_t seed = 1;
  char item[96];
  put_string(&body, "{\"object\":\"list\",\"data\":[");
  for (int i = 0; i < VECTORS; i++) {
    random_vector(values, DIMENSIONS, &seed);
    snprintf(
      item, sizeof item,
      "%s{\"object\":\"embedding\",\"index\":%d,\"embedding\":", i == 0 ? "" : ",", i);
    put_string(&body, item);
    if (as_base64) put(&body, "\"", 1);
    if (as_base64) /* little-endian, as is every machine that this bench runs on */
      put_base64(&body, (const unsigned char *)values, sizeof values);
    else
      put_numbers(&body, values, DIMENSIONS);
    put_string(&body, as_base64 ? "\"}" : "}");
  }
  put_string(
    &body, "],\"model\":\"text-embedding-3-small\",\"usage\":{\"prompt_tokens\":2048,"
           "\"total_tokens\":2048}}");
  return json_answer("200 OK", &body, failed);
}

static struct span stream_head(int *failed) {
  struct text head = { 0 };
  put_string(&head, STREAM_HEAD);
  put_framed(&head, ROLE_EVENT);
  *failed |= head.failed;
  return (struct span){ head.bytes, head.len };
}

/* Event i of a stream of this kind. */
static void write_event(char *out, size_t room, int kind, int i) {
  static const char padding[] = "gFn4kQ0zLr8Wb2";
  const char *word = words[i % (int)(sizeof words / sizeof *words)];
  int n = i + 1, rest = (int)((unsigned)i * 7919u % 1000u);
  if (kind == 0)
    snprintf(out, room, EVENT_FORMAT, word);
  else if (kind == 1)
    snprintf(
      out, room, PADDED_FORMAT, word, 1 + rest % (int)(sizeof padding - 1), padding);
  else
    snprintf(
      out, room, COUNTED_FORMAT, i, word, n, n + 19, n, 12 * n, rest, 80, 1001 * rest);
}

static struct block stream_block(int kind, int *failed) {
  static const char *const names[KINDS] = { "plain", "padded", "counted" };
  struct text text = { 0 };
  struct block block = { .name = names[kind] };
  char event[EVENT_ROOM];
  for (int i = 0; i < BLOCK_EVENTS; i++) {
    write_event(event, sizeof event, kind, i);
    put_framed(&text, event);
    block.ends[i + 1] = text.len;
  }
  *failed |= text.failed;
  block.all = (struct span){ text.bytes, text.len };
  return block;
}

int answers_make(struct answers *a) {
  int failed = 0;
  a->chat = literal_answer("200 OK", CHAT_BODY, &failed);
  a->models = literal_answer(
    "200 OK",
    "{\"object\":\"list\",\"data\":[{\"id\":\"gpt-4o-mini\",\"object\":\"model\"}]}",
    &failed);
  a->missing = literal_answer(
    "404 Not Found",
    "{\"error\":{\"message\":\"no such path\",\"type\":\"invalid_request_error\"}}",
    &failed);
  a->embeddings_base64 = embeddings(1, &failed);
  a->embeddings_float = embeddings(0, &failed);
  a->stream_head = stream_head(&failed);
  for (int kind = 0; kind < KINDS; kind++)
    a->blocks[kind] = stream_block(kind, &failed);
  return failed ? -1 : 0;
}

size_t answers_tail(char out[TAIL_ROOM], long n_events) {
  char usage[TAIL_ROOM / 2];
  int usage_len = snprintf(usage, sizeof usage, USAGE_FORMAT, n_events, n_events + 19);
  int n = snprintf(
    out, TAIL_ROOM,
    "%zx\r\n" FINISH_EVENT "\r\n%x\r\n%s\r\ne\r\ndata: [DONE]\n\n\r\n0\r\n\r\n",
    sizeof FINISH_EVENT - 1, (unsigned)usage_len, usage);
  return (size_t)n;
}

size_t answers_json(char *out, size_t room, const char *json) {
  return (size_t)snprintf(out, room, JSON_HEAD "%s", "200 OK", strlen(json), json);
}
