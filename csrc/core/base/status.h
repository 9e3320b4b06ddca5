/*
** status.h - the one enum of outcomes. Everything that can go wrong in the core ends as one
** of these; the binding turns it into the `kind` of an error object.
*/
#ifndef LLG_STATUS_H
#define LLG_STATUS_H

#include <stddef.h>

#include "../../limits.h"

enum llg_status {
  LLG_OK = 0,     /* no error */
  LLG_MORE,       /* not an error: nothing to hand out yet, feed or wait */
  LLG_API,        /* the server answered, and it was a refusal */
  LLG_CONNECTION, /* no connection, or it broke before the answer was complete */
  LLG_TLS,        /* the handshake or the certificate failed */
  LLG_TIMEOUT,    /* one of our four clocks ran out */
  LLG_CANCELLED,  /* the caller gave up */
  LLG_TRUNCATED,  /* a stream ended before it said that it was complete */
  LLG_PROTOCOL,   /* the server speaks something else: HTML, no HTTP, JSON for a stream */
  LLG_DECODE,     /* the body is not the JSON that it claims to be */
  LLG_LIMIT,      /* a maximum of limits.h, named in the message */
  LLG_KEY,        /* the caller's key function gave no key */
  LLG_FILE,       /* a file of the caller's cannot be read or written */
  LLG_NOMEM,      /* out of memory */
};

/* The word that a user sees as err.kind: "api", "connection", ... Out of memory is the kind
** "limit". Never NULL. */
const char *llg_status_kind(enum llg_status status);

/* One short sentence for a status that came without a message of its own. */
const char *llg_status_text(enum llg_status status);

/* One outcome with its words. A zeroed struct is "no error". */
struct llg_failure {
  enum llg_status status;
  const char *phase; /* a literal ("dns", "connect", ...), or NULL where none applies */
  char message[LLG_MAX_MESSAGE_BYTES];
};

#if defined(__GNUC__)
#define LLG_PRINTF(at, first) __attribute__((format(printf, at, first)))
#else
#define LLG_PRINTF(at, first)
#endif

/* Fill it in; a message that is too long is cut between two UTF-8 characters. */
void llg_failure_set(
  struct llg_failure *f, enum llg_status status, const char *phase, const char *format,
  ...) LLG_PRINTF(4, 5);

#endif
