/*
** event_memo.h - most events of a stream differ from the one before in their text alone. What
** stands around the text is remembered, so that such an event is known by two comparisons
** and need not be scanned again.
*/
#ifndef LLG_EVENT_MEMO_H
#define LLG_EVENT_MEMO_H

#include <stdbool.h>

#include "event_scan.h"

struct llg_event_memo {
  struct llg_buffer around; /* the last plain event without its text */
  size_t before;   /* how much of that stood before the text, the quote included */
  long choice;     /* what it was scanned for */
  unsigned serial; /* another one whenever something else is remembered; never 0 then */
  bool alike;      /* the event of the last call was like the one that is remembered */
  struct llg_buffer scratch; /* for llg_event_scan */
};

/* Allocates nothing. */
void llg_event_memo_init(struct llg_event_memo *memo);
void llg_event_memo_free(struct llg_event_memo *memo);

/* What llg_event_scan says of the event, in less time where it is like the last one. The
** text is valid as long as the event is and until the next call. */
enum llg_status llg_event_memo_scan(
  struct llg_event_memo *memo, const char *event, size_t n, long choice,
  struct llg_event_text *text);

#endif
