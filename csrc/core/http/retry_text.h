/*
** retry_text.h - what the text of a refusal says of trying again. A walk over the tokens of
** JSON, however it is wrapped (in a list, behind "data:", cut off), without understanding it.
*/
#ifndef LLG_RETRY_TEXT_H
#define LLG_RETRY_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct llg_retry_told {
  bool
    out_of_quota;   /* `code`, `type` or `error` of the error says that nothing is left: a
                     ** message that quotes such an error does not count */
  int64_t delay_ms; /* Google's `retryDelay`, or `retry_after`; -1 for none */
};

/* `text` may be NULL. */
struct llg_retry_told llg_retry_text(const char *text, size_t n);

/* "12.5" in units of unit_ms, rounded up to whole milliseconds, INT64_MAX where that is
** not enough; -1 for anything else. In integers, so that no locale's comma has a say. */
int64_t llg_decimal_ms(const char *s, size_t n, int64_t unit_ms);

#endif
