/*
** retry.h - whether a failed attempt is made again, and when. Pure: no clock, no state,
** no random source of its own.
*/
#ifndef LLG_RETRY_H
#define LLG_RETRY_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "../base/buffer.h"

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

/* Milliseconds to wait before the next attempt, or -1 for none.
**
** LLG_API, in this order:
**   - a 2xx, or a server delay above LLG_MAX_RETRY_AFTER_MS: no, whatever else it says
**   - the body says that there is no quota left (see retry_text.h): no
**   - x-should-retry: exactly "true" or "false" decides
**   - 408, 409, 429 and everything from 500 on: yes; any other status: no
** LLG_CONNECTION, LLG_TIMEOUT, LLG_TLS (a handshake that broke off, not a certificate),
** LLG_LIMIT (no descriptor was left) and LLG_PROTOCOL (an HTTP/2 stream error): where
** `transient` is set. Headers are not looked at. Any other status: never. A cancel is the
** caller's wish, LLG_TRUNCATED comes after the first byte, and LLG_DECODE, LLG_KEY, LLG_FILE
** and LLG_NOMEM would only happen again.
**
** The wait is what the server asked for in a header or, if in none, in the body, as it is;
** else min(0.5 * 2^retries_done, 8) seconds less up to a quarter of it by `random`. */
int64_t llg_retry_delay_ms(const struct llg_retry_case *c);

/* What the server asked for, in milliseconds, rounded up, whatever its size: the first of
** retry-after-ms (milliseconds), retry-after (seconds) and retry-after (a date in one of
** the three forms of RFC 9110, less `now`) that is greater than zero. Both numbers may
** have a fraction. -1 if there is none: what is zero, negative, past, "nan", "inf" or
** garbage counts as not said. `headers` may be NULL. */
int64_t llg_retry_after_ms(const struct llg_buffer *headers, time_t now);

/* The same, or what the body of the refusal asks for if no header does. `body` may be NULL. */
int64_t llg_retry_told_ms(
  const struct llg_buffer *headers, const char *body, size_t n, time_t now);

#endif
