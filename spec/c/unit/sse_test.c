/*
** The SSE parser against the vectors of the official SDKs and those on which they differ,
** each fed whole, split in two at every byte (with an empty slice between) and byte by byte.
*/
#include "core/base/memory.h"
#include "core/events/sse.h"
#include "test.h"

#include <stdlib.h>

/* How the parsers of this test are set. */
static bool lenient;

/* What came out, as text: "name=data@id;" for each event, "~" before one without a field, "!"
** for an error. */
struct transcript {
  char text[4096];
  size_t len;
};

static void note(struct transcript *t, const char *bytes, size_t n) {
  if (n > sizeof t->text - t->len) n = sizeof t->text - t->len;
  if (n > 0) memcpy(t->text + t->len, bytes, n);
  t->len += n;
}

static void drain(struct llg_sse *sse, struct transcript *t) {
  struct llg_sse_event e;
  enum llg_status status;
  while ((status = llg_sse_next(sse, &e)) == LLG_OK) {
    note(t, "~", e.bare);
    note(t, e.name, e.name_len);
    note(t, "=", 1);
    note(t, e.data, e.data_len);
    note(t, "@", e.id_len > 0);
    note(t, e.id, e.id_len);
    note(t, ";", 1);
  }
  if (status != LLG_MORE) note(t, "!", 1);
}

/* The slice is copied into a block of its own size, so that a sanitizer sees a byte too far,
** and freed as soon as it may be. */
static void feed(struct llg_sse *sse, struct transcript *t, const char *bytes, size_t n) {
  char *slice = malloc(n > 0 ? n : 1);
  if (n > 0) memcpy(slice, bytes, n);
  llg_sse_feed(sse, slice, n);
  drain(sse, t);
  free(slice);
}

static void finish(struct llg_sse *sse, struct transcript *t) {
  llg_sse_finish(sse);
  drain(sse, t);
  llg_sse_free(sse);
}

static void
expect(const char *name, const char *input, size_t n, const char *want, size_t want_n) {
  test_case = name;
  for (size_t split = 0; split <= n; split++) {
    struct transcript t = { .len = 0 };
    struct llg_sse sse;
    llg_sse_init(&sse, 1 << 20);
    sse.lenient = lenient;
    feed(&sse, &t, input, split);
    feed(&sse, &t, input, 0);
    feed(&sse, &t, input + split, n - split);
    finish(&sse, &t);
    if (!test_bytes(t.text, t.len, want, want_n, "split in two", __FILE__, __LINE__)) {
      printf("  ... at byte %zu\n", split);
      return;
    }
  }
  struct transcript t = { .len = 0 };
  struct llg_sse sse;
  llg_sse_init(&sse, 1 << 20);
  sse.lenient = lenient;
  for (size_t i = 0; i < n; i++)
    feed(&sse, &t, input + i, 1);
  finish(&sse, &t);
  test_bytes(t.text, t.len, want, want_n, "byte by byte", __FILE__, __LINE__);
}

#define EXPECT(name, input, want) \
  expect(name, input, sizeof(input) - 1, want, sizeof(want) - 1)

static void test_sdk_vectors(void) {
  EXPECT(
    "basic", "event: completion\ndata: {\"foo\":true}\n\n", "completion={\"foo\":true};");
  EXPECT("data without event", "data: {\"foo\":true}\n\n", "={\"foo\":true};");
  EXPECT("event without data", "event: ping\n\n", "ping=;");
  EXPECT("several events", "event: ping\n\nevent: completion\n\n", "ping=;completion=;");
  EXPECT(
    "several with data", "event: ping\ndata: {\"foo\":true}\n\nevent: c\ndata: {}\n\n",
    "ping={\"foo\":true};c={};");
  EXPECT(
    "data lines with empty ones",
    "event: ping\ndata: {\ndata: \"foo\":\ndata: \ndata:\ndata: true}\n\n\n",
    "ping={\n\"foo\":\n\n\ntrue};");
  EXPECT(
    "escaped newline", "event: ping\ndata: {\"foo\": \"my long\\n\\ncontent\"}\n\n",
    "ping={\"foo\": \"my long\\n\\ncontent\"};");
  EXPECT(
    "several data lines", "event: ping\ndata: {\ndata: \"foo\":\ndata: true}\n\n",
    "ping={\n\"foo\":\ntrue};");
  EXPECT(
    "U+2028 ends no line",
    "data: {\"content\":\" culpa\"}\n\ndata: {\"content\":\" \xe2\x80\xa8\"}\n\ndata: "
    "x\n\n",
    "={\"content\":\" culpa\"};={\"content\":\" \xe2\x80\xa8\"};=x;");
  EXPECT(
    "multi-byte characters",
    "data: "
    "{\"content\":\"\xd0\xb8\xd0\xb7\xd0\xb2\xd0\xb5\xd1\x81\xd1\x82\xd0\xbd\"}\n\n",
    "={\"content\":\"\xd0\xb8\xd0\xb7\xd0\xb2\xd0\xb5\xd1\x81\xd1\x82\xd0\xbd\"};");
}

static void test_line_endings(void) {
  static const char *ends[] = { "\n", "\r", "\r\n" };
  char input[64], want[32];
  for (int a = 0; a < 3; a++) {
    for (int b = 0; b < 3; b++) {
      /* "\r" + "\n" would be one line end, not two */
      if (a == 1 && b == 0) continue;
      int n = snprintf(
        input, sizeof input, "data: one%sdata: two%s%sdata: three%s%s", ends[a], ends[b],
        ends[a], ends[a], ends[b]);
      if (b == 1 && a == 0) continue; /* the same between `two` and the blank line */
      int m = snprintf(want, sizeof want, "=one\ntwo;=three;");
      expect("pairs of line endings", input, (size_t)n, want, (size_t)m);
    }
  }
  EXPECT("no phantom event", "data: first\r\r\ndata: second\r\r\n", "=first;=second;");
  EXPECT("mixed ends", "data: first\r\n\r\ndata: second\r\n\r\n", "=first;=second;");
  EXPECT("mixed in one event", "data: first\rdata: second\n\r", "=first\nsecond;");
  EXPECT(
    "keep-alive first",
    ": keepalive\r\nevent: update\r\ndata: first\r\ndata: second\r\n\r\n",
    "update=first\nsecond;");
  EXPECT(
    "ids stay", "id:one\r\ndata:known\r\n\ndata:two\n\rdata:unfinished",
    "=known@one;=two@one;=unfinished@one;");
}

static void test_fields(void) {
  EXPECT("comment", ": ping\n\n", "");
  EXPECT("no phantom after an id", "id: 1\ndata: x\n\n: ping\n\n", "=x@1;");
  EXPECT("empty data", "data:\n\ndata\n\n", "=;=;");
  EXPECT("empty event name", "event:\n\n", "");
  EXPECT("one blank only", "data:  x\n\ndata:\tx\n\n", "= x;=\tx;");
  EXPECT("names are case-sensitive", "DATA: x\n\n", "");
  EXPECT("unknown fields", "datum: x\nfoo: y\ndatax: z\n\n", "");
  EXPECT("NUL in an id", "id: a\0b\ndata: x\n\n", "=x;");
  EXPECT("NUL keeps the id before", "id: k\nid: a\0b\ndata: x\n\n", "=x@k;");
  EXPECT("an empty id clears", "id: k\nid\ndata: x\n\n", "=x;");
  EXPECT("the last event name counts", "event: a\nevent: b\ndata: x\n\n", "b=x;");
  EXPECT("raw JSON is no event", "{\"error\":{\"message\":\"x\"}}\n\n", "");
  EXPECT("bytes pass through", "data: \xff\n\n", "=\xff;");
  EXPECT("colons in the value", "data:a:b: c\n\n", "=a:b: c;");
  EXPECT(
    "[DONE] is data", "data: {\"id\":1}\n\ndata: [DONE]\n\n", "={\"id\":1};=[DONE];");
}

/* Where the official SDKs differ from each other or lose events, and what we do. */
static void test_deviations(void) {
  EXPECT("the last event is delivered at the end", "data: x", "=x;");
  EXPECT("... also behind a line end", "data: x\n", "=x;");
  EXPECT("... once only", "data: x\r\r", "=x;");
  EXPECT("... also without a colon", "data", "=;");
  EXPECT("... but no comment", "data: x\n\n: bye", "=x;");
  EXPECT(
    "a byte order mark is dropped",
    "\xEF\xBB\xBF"
    "data: x\n\n",
    "=x;");
  EXPECT(
    "... a second one is not",
    "\xEF\xBB\xBF\xEF\xBB\xBF"
    "data: x\n\ndata: y\n\n",
    "=y;");
  EXPECT(
    "half a mark is an unknown field",
    "\xEF\xBB"
    "data: x\n\ndata: y\n\n",
    "=y;");
  EXPECT("retry alone is no event", "retry: 3000\n\n", "");
  EXPECT("a negative retry is none", "retry: -1\ndata: x\n\n", "=x;");
}

/* Streams of JSON whose servers get something wrong. */
static void test_one_newline(void) {
  EXPECT(
    "whole values on two lines are two events", "data: {\"a\":1}\ndata: {\"b\":[2]}\n\n",
    "={\"a\":1};={\"b\":[2]};");
  EXPECT(
    "... as is a list, or a comment", "data: [1]\ndata: : hi\ndata: [DONE]\n",
    "=[1];=: hi;=[DONE];");
  EXPECT(
    "... throughout a stream",
    "data: {\"a\":1}\ndata: {\"b\":2}\ndata: {\"c\":3}\ndata: [DONE]\n",
    "={\"a\":1};={\"b\":2};={\"c\":3};=[DONE];");
  EXPECT(
    "one value on many lines is one",
    "data: {\ndata:  \"a\": \"}\\\"\",\ndata: \"b\":{}\ndata: }\ndata: {}\n\n",
    "={\n \"a\": \"}\\\"\",\n\"b\":{}\n};={};");
  EXPECT("text on two lines is one", "data: a {}\ndata: {}\n\n", "=a {}\n{};");
  EXPECT("a cut one goes on", "data: {\"a\":\ndata: {}\n\n", "={\"a\":\n{};");
  EXPECT(
    "... but not past a name", "data: {\"a\":\nevent: error\ndata: x\n\n",
    "={\"a\":;error=x;");
  EXPECT(
    "a name goes with the data behind it", "event: a\ndata: {}\nevent: b\ndata: {}\n\n",
    "a={};b={};");
  EXPECT("... unless the block ends", "event: a\ndata: {}\nevent: b\n\n", "b={};");
  EXPECT("... and is for one event", "event: a\ndata: {}\ndata: {}\n\n", "a={};={};");
}

static void test_error_lines(void) {
  EXPECT(
    "an error line is an event of that name", "error: {\"m\":1}\n\n", "error={\"m\":1};");
  EXPECT(
    "... ends what stood before", "data: {\"a\nerror: no\ndata: [DONE]\n\n",
    "={\"a;error=no;=[DONE];");
  EXPECT("... may have many lines", "error: a\nerror: b\n\n", "error=a\nb;");
  EXPECT("... is nothing where it is empty", "data: x\nerror\nerror:\n\n", "=x;");
  EXPECT("its name is all in lower case", "Error: x\nerrors: y\ndata: z\n\n", "=z;");
}

static void test_bare_lines(void) {
  EXPECT(
    "a line of JSON is an event", "data: x\n\n{\"a\":1}\ndata: y\n",
    "=x;~={\"a\":1};=y;");
  EXPECT("... ends what stood before", "data: {\"a\n{\"e\":1}\n\n", "={\"a;~={\"e\":1};");
  EXPECT(
    "... may be written over many", "data: x\n\n{\n  \"a\": 1\n}\ndata: y\n",
    "=x;~={\n  \"a\": 1\n};=y;");
  EXPECT("... or never end", "{\"a\ndata: y\n\n{\n\ndata: z", "~={\"a;=y;~={;=z;");
  EXPECT("... at the end of the stream", "data: x\n\n{\"a\":1}", "=x;~={\"a\":1};");
  EXPECT("[DONE] alone as well", "[DONE]\n", "~=[DONE];");
  EXPECT("within a name it is none", "a{}\ndata: x\n\n", "=x;");
}

static void test_leniency(void) {
  lenient = true;
  test_one_newline();
  test_error_lines();
  test_bare_lines();
  test_deviations();
  lenient = false;
  EXPECT(
    "the standard has none of it", "data: {}\ndata: {}\n\nerror: x\n{}\n\n", "={}\n{};");
}

static int64_t retry_of(const char *input) {
  struct transcript t = { .len = 0 };
  struct llg_sse sse;
  llg_sse_init(&sse, 1024);
  feed(&sse, &t, input, strlen(input));
  int64_t retry_ms = sse.retry_ms;
  finish(&sse, &t);
  return retry_ms;
}

static void test_retry(void) {
  CHECK_INT(retry_of("retry: 3000\n\n"), 3000);
  CHECK_INT(retry_of("retry:0\n\n"), 0);
  CHECK_INT(retry_of("retry: abc\n\n"), -1);
  CHECK_INT(retry_of("retry: 3s\n\n"), -1);
  CHECK_INT(retry_of("retry: -5\n\n"), -1);
  CHECK_INT(retry_of("retry:\n\n"), -1);
  CHECK_INT(retry_of("retry: 7\nretry: x\n\n"), 7);
  CHECK_INT(retry_of("retry: 99999999999999999999999999\n\n"), -1);
}

/* An event comes out of the slice that ends it, not of the next one. */
static void test_prompt(void) {
  struct transcript t = { .len = 0 };
  struct llg_sse sse;
  llg_sse_init(&sse, 1024);
  feed(&sse, &t, "data: a\n\n", 9);
  CHECK_BYTES(t.text, t.len, "=a;");
  feed(&sse, &t, "data: b\r\r", 9);
  CHECK_BYTES(t.text, t.len, "=a;=b;");
  finish(&sse, &t);
}

static void test_limits_are_sticky(void) {
  struct transcript t = { .len = 0 };
  struct llg_sse sse;
  llg_sse_init(&sse, 8);
  feed(&sse, &t, "data: 12345678\n\n", 16);
  CHECK_BYTES(t.text, t.len, "=12345678;");
  feed(&sse, &t, "data: 123456789\n\n", 17);
  feed(&sse, &t, "data: x\n\n", 9);
  CHECK_BYTES(t.text, t.len, "=12345678;!!");
  CHECK_INT(sse.failed, LLG_LIMIT);
  finish(&sse, &t);
  t.len = 0;
  llg_sse_init(&sse, 8);
  feed(&sse, &t, "data: 1234\ndata: 1234\n\n", 23); /* the joining '\n' counts */
  CHECK_BYTES(t.text, t.len, "!");
  finish(&sse, &t);
}

static void test_comments_hold_no_memory(void) {
  struct transcript t = { .len = 0 };
  struct llg_sse sse;
  llg_sse_init(&sse, 1024);
  llg_test_fail_at(1); /* not one allocation is made for them */
  for (int i = 0; i < 10000; i++)
    feed(&sse, &t, i % 2 == 0 ? ":x\nigno" : "red: x\n", 7);
  llg_test_fail_at(0);
  feed(&sse, &t, "data:ok\n\n", 9);
  CHECK_BYTES(t.text, t.len, "=ok;");
  finish(&sse, &t);
}

enum { MIB = 1024 * 1024 };

/* 64 MiB in one event, whole lines of 4093 bytes, and the bytes arrive unharmed. */
static void test_large_event(void) {
  struct llg_sse sse;
  struct llg_sse_event e;
  static char slice[4093];
  size_t sent = 0, total = 64 * (size_t)MIB + 1;
  memset(slice, 'x', sizeof slice);
  llg_sse_init(&sse, LLG_MAX_EVENT_BYTES);
  llg_sse_feed(&sse, "data:", 5);
  CHECK_INT(llg_sse_next(&sse, &e), LLG_MORE);
  while (sent < total) {
    size_t n = total - sent < sizeof slice ? total - sent : sizeof slice;
    llg_sse_feed(&sse, slice, n);
    if (llg_sse_next(&sse, &e) != LLG_MORE) break;
    sent += n;
  }
  llg_sse_feed(&sse, "\n\n", 2);
  CHECK_INT(llg_sse_next(&sse, &e), LLG_OK);
  CHECK_INT(e.data_len, total);
  CHECK(e.data[0] == 'x' && e.data[total - 1] == 'x');
  CHECK_INT(llg_sse_next(&sse, &e), LLG_MORE);
  CHECK(sse.value[LLG_SSE_DATA].capacity < MIB); /* given back after use */
  llg_sse_free(&sse);
}

static void test_many_lines(void) {
  struct llg_sse sse;
  struct llg_sse_event e;
  llg_sse_init(&sse, MIB);
  sse.lenient = true; /* what was looked at is not looked at again */
  for (int i = 0; i < 10000; i++) {
    llg_sse_feed(&sse, "data:x\n", 7);
    llg_sse_next(&sse, &e);
  }
  llg_sse_feed(&sse, "\n", 1);
  CHECK_INT(llg_sse_next(&sse, &e), LLG_OK);
  CHECK_INT(e.data_len, 19999);
  CHECK(e.data[0] == 'x' && e.data[1] == '\n' && e.data[19998] == 'x');
  llg_sse_free(&sse);
}

static void test_many_events_in_one_slice(void) {
  static char input[2000 * 9];
  struct llg_sse sse;
  struct llg_sse_event e;
  int n = 0;
  for (int i = 0; i < 2000; i++)
    memcpy(input + i * 9, "data:ok\n\n", 9);
  llg_sse_init(&sse, 64);
  llg_test_fail_at(1); /* an event that lies whole in the slice is not copied */
  llg_sse_feed(&sse, input, sizeof input);
  while (llg_sse_next(&sse, &e) == LLG_OK)
    n += e.data_len == 2 && memcmp(e.data, "ok", 2) == 0;
  llg_test_fail_at(0);
  CHECK_INT(n, 2000);
  llg_sse_free(&sse);
}

/* A slice of '\r' must not be searched to its end for a '\n' at every line: 32 MiB of them
** would take hours. The unit test's own time limit is the proof. */
static void test_carriage_returns_are_linear(void) {
  size_t n = 32 * (size_t)MIB;
  char *input = malloc(n);
  struct llg_sse sse;
  struct llg_sse_event e;
  memset(input, '\r', n);
  llg_sse_init(&sse, 64);
  llg_sse_feed(&sse, input, n);
  CHECK_INT(llg_sse_next(&sse, &e), LLG_MORE);
  llg_sse_free(&sse);
  free(input);
}

static void test_out_of_memory(void) {
  static const char input[] = "id: 7\nevent: e\ndata: one\ndata: two\n\ndata: three\n\n"
                              "event: f\ndata: {}\nevent: g\ndata: {}\nerror: x\n{}\n";
  for (long n = 1;; n++) {
    struct transcript t = { .len = 0 };
    struct llg_sse sse;
    llg_sse_init(&sse, 1024);
    sse.lenient = true;
    llg_test_fail_at(n);
    for (size_t i = 0; i + 1 < sizeof input; i++)
      feed(&sse, &t, input + i, 1);
    int failed = sse.failed == LLG_NOMEM;
    int complete = llg_test_allocations() < n;
    llg_test_fail_at(0);
    llg_sse_free(&sse);
    CHECK(failed != complete);
    if (complete) break;
    CHECK(n < 100);
  }
}

int main(void) {
  RUN(test_sdk_vectors);
  RUN(test_line_endings);
  RUN(test_fields);
  RUN(test_deviations);
  RUN(test_leniency);
  RUN(test_retry);
  RUN(test_prompt);
  RUN(test_limits_are_sticky);
  RUN(test_comments_hold_no_memory);
  RUN(test_large_event);
  RUN(test_many_lines);
  RUN(test_many_events_in_one_slice);
  RUN(test_carriage_returns_are_linear);
  RUN(test_out_of_memory);
  return TEST_END();
}
