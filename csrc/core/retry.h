/*
** retry.h - whether a failed attempt is made again, and when. Pure: no clock, no state, no
** random source of its own.
*/
#ifndef LLG_RETRY_H
#define LLG_RETRY_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "buffer.h"

struct llg_retry_case {
  enum llg_status status; /* of the attempt: LLG_API with http_status, or network */
  bool transient;         /* a network failure that may pass; not a certificate */
  int http_status;        /* 0 where no answer came */
  const struct llg_buffer *headers; /* of the answer, see headers.h; may be NULL */
  const char *body;                 /* of the refusal; may be NULL */
  size_t body_len;
  int retries_done; /* 0 for the first failure */
  int max_retries;
  time_t now;    /* wall clock, for a date in retry-after */
  double random; /* in [0, 1), for the jitter */
};

/* Milliseconds to wait before the next attempt, or -1 for none. */
int64_t llg_retry_delay_ms(const struct llg_retry_case *c);

/* What the server asked for (retry-after-ms, retry-after), in milliseconds, whatever its
** size; -1 if it asked for nothing that can be understood. */
int64_t llg_retry_after_ms(const struct llg_buffer *headers, time_t now);

#endif
