/*
** The memo says of every event what the scan says, whatever came before it: each pair of the
** events below, one after the other.
*/
#include "core/events/event_memo.h"
#include "core/base/memory.h"
#include "test.h"

#define CHUNK(text, more) \
  "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" text "\"}" more \
  "}]}"

static const char *const events[] = {
  CHUNK("Hello", ""),
  CHUNK("", ""),
  CHUNK(" world", ""),
  CHUNK("\xe2\x98\x82", ""),
  CHUNK("a\\nb", ""),
  CHUNK("\\ud83d", ""),
  CHUNK("a\\", ""),
  CHUNK("a\tb", ""),
  CHUNK("x\"},\"finish_reason\":\"stop\",\"y\":{\"z\":\"", ""),
  CHUNK("Hello", ",\"finish_reason\":null"),
  CHUNK("Hello", ",\"finish_reason\":\"stop\""),
  "{\"id\":\"c\",\"choices\":[{\"index\":1,\"delta\":{\"content\":\"Hello\"}}]}",
  "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}]} ",
  "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}",
  "{\"id\":\"d\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}]}",
  "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"}}]}",
  "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":"
  "\"\"}}]}",
  "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}],\"error\":"
  "{}}",
  "{\"choices\":[]}",
  "",
};

enum { N_EVENTS = sizeof events / sizeof *events };

static void compare(struct llg_event_memo *memo, const char *event, long choice) {
  struct llg_event_text text = { 0 }, want = { 0 };
  struct llg_buffer scratch;
  llg_buffer_init(&scratch, 1024);
  enum llg_status expected = llg_event_scan(
    event, strlen(event), choice, &scratch, &want);
  CHECK_INT(llg_event_memo_scan(memo, event, strlen(event), choice, &text), expected);
  if (expected == LLG_OK) {
    CHECK_INT(text.len, want.len);
    CHECK(memcmp(text.bytes, want.bytes, want.len) == 0);
  }
  llg_buffer_free(&scratch);
}

static void every_pair(void) {
  for (int i = 0; i < N_EVENTS; i++) {
    for (int j = 0; j < N_EVENTS; j++) {
      struct llg_event_memo memo;
      llg_event_memo_init(&memo);
      for (long choice = 0; choice < 2; choice++) {
        compare(&memo, events[i], 0);
        compare(&memo, events[j], choice);
        compare(&memo, events[i], choice);
      }
      llg_event_memo_free(&memo);
    }
  }
}

/* An event like the last one is known without a scan: without scratch for its escapes too. */
static void is_used(void) {
  struct llg_event_memo memo;
  struct llg_event_text text;
  llg_event_memo_init(&memo);
  compare(&memo, events[0], 0);
  size_t len = memo.around.len;
  CHECK_INT(len, strlen(events[0]) - 5);
  CHECK_INT(llg_event_memo_scan(&memo, events[2], strlen(events[2]), 0, &text), LLG_OK);
  CHECK_BYTES(text.bytes, text.len, " world");
  CHECK(text.bytes == events[2] + memo.before);
  llg_event_memo_free(&memo);
}

static void without_memory(void) {
  struct llg_event_memo memo;
  struct llg_event_text text;
  llg_event_memo_init(&memo);
  llg_test_fail_at(1);
  CHECK_INT(llg_event_memo_scan(&memo, events[0], strlen(events[0]), 0, &text), LLG_OK);
  CHECK_BYTES(text.bytes, text.len, "Hello");
  CHECK_INT(
    llg_event_memo_scan(&memo, events[4], strlen(events[4]), 0, &text), LLG_NOMEM);
  llg_test_fail_at(0);
  compare(&memo, events[4], 0);
  llg_event_memo_free(&memo);
}

int main(void) {
  RUN(every_pair);
  RUN(is_used);
  RUN(without_memory);
  return TEST_END();
}
