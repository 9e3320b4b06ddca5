#include "event_memo.h"

#include <string.h>

enum { MAX_AROUND_BYTES = 4096 };

void llg_event_memo_init(struct llg_event_memo *memo) {
  memset(memo, 0, sizeof *memo);
  llg_buffer_init(&memo->around, MAX_AROUND_BYTES);
  llg_buffer_init(&memo->scratch, LLG_MAX_EVENT_BYTES);
}

void llg_event_memo_free(struct llg_event_memo *memo) {
  llg_buffer_free(&memo->around);
  llg_buffer_free(&memo->scratch);
}

/* Bytes that stand for themselves in a JSON string. */
static bool is_plain(const char *text, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (text[i] == '"' || text[i] == '\\' || (unsigned char)text[i] < 0x20) return false;
  return true;
}

/* The same bytes up to the opening quote and from the closing one on, and nothing between
** them that could end the string earlier: the same JSON with another text. */
static bool is_like_last(const struct llg_event_memo *memo, const char *event, size_t n) {
  const char *around = llg_buffer_bytes(&memo->around);
  size_t before = memo->before, all = memo->around.len;
  return all > 0 && n >= all && memcmp(event, around, before) == 0
         && memcmp(event + before + (n - all), around + before, all - before) == 0
         && is_plain(event + before, n - all);
}

static void remember(
  struct llg_event_memo *memo, const char *event, size_t n, long choice,
  const struct llg_event_text *text) {
  memo->before = (size_t)(text->bytes - event);
  memo->choice = choice;
  if (++memo->serial == 0) memo->serial = 1;
  llg_buffer_clear(&memo->around);
  if (
    llg_buffer_append(&memo->around, event, memo->before) != LLG_OK
    || llg_buffer_append(
         &memo->around, text->bytes + text->len, n - memo->before - text->len)
         != LLG_OK)
    llg_buffer_clear(&memo->around); /* too long: then each one is scanned */
}

enum llg_status llg_event_memo_scan(
  struct llg_event_memo *memo, const char *event, size_t n, long choice,
  struct llg_event_text *text) {
  memo->alike = choice == memo->choice && is_like_last(memo, event, n);
  if (memo->alike) {
    text->bytes = event + memo->before;
    text->len = n - memo->around.len;
    return LLG_OK;
  }
  enum llg_status status = llg_event_scan(event, n, choice, &memo->scratch, text);
  bool inside = status == LLG_OK && text->bytes > event && text->bytes < event + n;
  if (inside) remember(memo, event, n, choice, text);
  return status;
}
