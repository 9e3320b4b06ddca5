/*
** limits.h - every maximum of the library, in one table.
** A buffer that reaches its maximum fails with LLG_LIMIT and the name of the limit;
** nothing is cut silently, nothing aborts.
*/
#ifndef LLG_LIMITS_H
#define LLG_LIMITS_H

#define LLG_KIB ((size_t)1024)
#define LLG_MIB (1024 * LLG_KIB)

/* what comes from the server */
#define LLG_MAX_EVENT_BYTES (65 * LLG_MIB) /* one SSE event: images come as one line */
#define LLG_MAX_RESPONSE_BYTES \
  (512 * LLG_MIB) /* a plain body, unless the caller says otherwise */
#define LLG_MAX_ERROR_BODY_BYTES (1 * LLG_MIB) /* the body of a reply that is not 2xx */
#define LLG_EXCERPT_BYTES (1 * LLG_KIB) /* kept of what came where a stream was wanted */
#define LLG_MAX_HEADER_BYTES (256 * LLG_KIB) /* all response headers of one reply */
#define LLG_QUEUE_HIGH_BYTES (256 * LLG_KIB) /* events that wait: above, curl is paused */
#define LLG_QUEUE_LOW_BYTES (64 * LLG_KIB)   /* ... and below, it goes on */
#define LLG_KEPT_TEXT_BYTES (64 * LLG_KIB)   /* of a stream's text, before Lua gets it */
#define LLG_DRAIN_BYTES (16 * LLG_KIB) /* read after [DONE] to keep the connection */
#define LLG_DRAIN_MS 500               /* ... and no longer than this */
#define LLG_DRAIN_GRACE_MS 3           /* ... for so long a new request waits for it */

/* what goes to the server */
#define LLG_MAX_REQUEST_BYTES (512 * LLG_MIB) /* one encoded body */
#define LLG_MAX_URL_BYTES (64 * LLG_KIB)      /* a URL with its query */
#define LLG_MAX_JSON_DEPTH 512                /* nesting of what is encoded or decoded */

/* what a program that knows a key prints */
#define LLG_MAX_PRINTED_BYTES (64 * LLG_KIB) /* on its standard output */
#define LLG_MAX_SAID_BYTES (4 * LLG_KIB)     /* kept of its standard error */

/* how often */
#define LLG_MAX_REDIRECTS 5           /* within one origin; then it is an error */
#define LLG_MAX_RETRY_AFTER_MS 120000 /* a server that asks for more is not retried */
#define LLG_STARTS_PER_STEP 16 /* connects begun by one step(0): 100 cost a frame */
#define LLG_IDLE_HANDLES 16    /* finished easy handles kept for the next call */

/* connections, of all that are in one Lua state */
#define LLG_MAX_CONNECTIONS 10000      /* busy or at rest: beyond, a call waits */
#define LLG_MAX_HOST_CONNECTIONS 10000 /* likewise to one server */
#define LLG_MAX_IDLE_CONNECTIONS 100   /* kept for the next call */
#define LLG_SPARE_DESCRIPTORS 32       /* so many are left to the host: a call waits */
#define LLG_MAX_KEY_BYTES 8192         /* by what connections are told apart */

/* counting tokens */
#define LLG_MAX_PIECE_BYTES \
  (16 * LLG_MIB)                      /* one word of a text: it takes 32 times as much */
#define LLG_PIECE_CACHE_ENTRIES 16384 /* of 32 bytes, for each encoding in use */
#define LLG_LONG_PIECE_CACHE_ENTRIES 1024 /* of 64 bytes, likewise */
#define LLG_CHAR_CACHE_ENTRIES 4096       /* of 8 bytes, likewise */

/* text of our own */
#define LLG_MAX_MESSAGE_BYTES 512 /* one error message */

#endif
