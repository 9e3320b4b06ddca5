/*
** Any bytes as an event stream: fed whole, byte by byte and in slices whose sizes the input
** itself chooses, the parser hands out the same events, and never more bytes than came; also
** where it is lenient. Its view of where JSON ends is that of one look at the whole; and the words of a refusal are any
** bytes as well.
*/
#include "core/events/sse.h"
#include "core/http/retry_text.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_EVENT_BYTES = 200 };

/* The events, one behind the other; every part with its length, so that none can pass for
** another. */
struct transcript {
  char *bytes;
  size_t len;
  size_t room;
};

static void note(struct transcript *t, const char *bytes, size_t n) {
  if (t->len + sizeof n + n > t->room) {
    t->room = 2 * (t->len + sizeof n + n);
    t->bytes = realloc(t->bytes, t->room);
    if (t->bytes == NULL) abort();
  }
  memcpy(t->bytes + t->len, &n, sizeof n);
  if (n > 0) memcpy(t->bytes + t->len + sizeof n, bytes, n);
  t->len += sizeof n + n;
}

static size_t drain(struct llg_sse *sse, struct transcript *t) {
  struct llg_sse_event e;
  enum llg_status status;
  size_t n_data = 0;
  while ((status = llg_sse_next(sse, &e)) == LLG_OK) {
    if (e.data_len > MAX_EVENT_BYTES || e.name_len > MAX_EVENT_BYTES) abort();
    note(t, e.name, e.name_len);
    note(t, e.data, e.data_len);
    note(t, e.id, e.id_len);
    note(t, "~", e.bare);
    n_data += e.data_len;
  }
  if (status != LLG_MORE && status != LLG_LIMIT) abort();
  if (llg_sse_next(sse, &e) != status) abort(); /* sticky, and nothing more comes */
  if (status == LLG_LIMIT && (t->len == 0 || t->bytes[t->len - 1] != '!'))
    note(t, "!", 1);
  return n_data;
}

/* Slices of `step` bytes; 0: as the bytes themselves say. */
static void
parse(const uint8_t *data, size_t n, size_t step, bool lenient, struct transcript *t) {
  struct llg_sse sse;
  size_t n_data = 0;
  llg_sse_init(&sse, MAX_EVENT_BYTES);
  sse.lenient = lenient;
  for (size_t at = 0; at < n;) {
    size_t size = step > 0 ? step : data[at] % 31;
    if (size > n - at) size = n - at;
    char *slice = malloc(size + 1);
    if (slice == NULL) abort();
    memcpy(slice, data + at, size);
    llg_sse_feed(&sse, slice, size);
    n_data += drain(&sse, t);
    free(slice);
    at += step == 0 && size == 0 ? 1 : size;
    if (step == 0 && size == 0) {
      llg_sse_feed(&sse, (const char *)data + at - 1, 1);
      n_data += drain(&sse, t);
    }
  }
  llg_sse_finish(&sse);
  n_data += drain(&sse, t);
  if (n_data > n) abort();
  llg_sse_free(&sse);
}

static void compare(const uint8_t *data, size_t n, bool lenient) {
  static const size_t steps[] = { 1, 7, 0 };
  struct transcript whole = { 0 };
  parse(data, n, n > 0 ? n : 1, lenient, &whole);
  for (size_t i = n > 1000 ? 1 : 0; i < sizeof steps / sizeof *steps; i++) {
    struct transcript other = { 0 };
    parse(data, n, steps[i], lenient, &other);
    if (other.len != whole.len) abort();
    if (whole.len > 0 && memcmp(other.bytes, whole.bytes, whole.len) != 0) abort();
    free(other.bytes);
  }
  free(whole.bytes);
}

static void find_end(const char *text, size_t n) {
  struct llg_json_end grown = { 0 }, once = { 0 };
  bool reached = false;
  for (size_t i = 0; i <= n; i++)
    reached = llg_json_end_reached(&grown, text, i);
  if (reached != llg_json_end_reached(&once, text, n)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
  compare(data, n, false);
  compare(data, n, true);
  find_end((const char *)data, n);
  if (llg_retry_text((const char *)data, n).delay_ms < -1) abort();
  return 0;
}
