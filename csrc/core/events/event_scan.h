/*
** event_scan.h - the short way for text: one look at the JSON of a chat.completion.chunk.
**
** It reads the whole event once and hands out the text of a plain content delta: exactly
** one choice with the wanted index, whose delta holds `content` (a string) and nothing
** else that matters. Anything it does not know for certain goes the full way (LLG_MORE is
** never wrong, only slower): another field with a value, finish_reason, usage,
** tool_calls, an error, a second choice, a field twice, a lone surrogate, a raw control
** character (which lua-cjson lets pass), invalid JSON.
*/
#ifndef LLG_EVENT_SCAN_H
#define LLG_EVENT_SCAN_H

#include "../base/buffer.h"

struct llg_event_text {
  const char *bytes; /* inside the event, or in `scratch` where escapes were resolved */
  size_t len;
};

/* LLG_OK: `text` is the content of the delta of choice `choice` (counted from 0, as the
** server does), maybe empty, valid as long as both `event` and `scratch` are. LLG_MORE:
** take the full way. LLG_NOMEM, LLG_LIMIT: from `scratch`, which is cleared first and
** needs room for the text as it is written. Bytes that are not UTF-8 pass through, as
** they do in lua-cjson. */
enum llg_status llg_event_scan(
  const char *event, size_t n, long choice, struct llg_buffer *scratch,
  struct llg_event_text *text);

#endif
