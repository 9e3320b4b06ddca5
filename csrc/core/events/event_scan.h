/*
** event_scan.h - the short way for text: one look at the JSON of a chat.completion.chunk.
**
** It reads the whole event once and hands out the text of a plain content delta: exactly
** one choice, whose delta holds `content` (a string) and nothing else that matters. Anything it
** does not know for certain goes the full way (false is never wrong, only slower): another field
** with a value, finish_reason, usage, tool_calls, an error, a second choice, a field twice, a lone
** surrogate, a raw control character (which lua-cjson lets pass), bytes that are not UTF-8,
** invalid JSON.
*/
#ifndef LLG_EVENT_SCAN_H
#define LLG_EVENT_SCAN_H

#include "json_text.h"

struct llg_event_text {
  struct llg_json_string string; /* inside the event, as it is written; maybe empty */
  long choice;     /* whose delta it is in, counted from 0 as the server does */
  bool has_counts; /* the event tells its usage or timings as well */
};

/* Whether the n bytes are a plain content delta; if so, its text. */
bool llg_event_scan(const char *event, size_t n, struct llg_event_text *text);

#endif
