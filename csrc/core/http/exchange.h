/*
** exchange.h - one request from start to end, over all its attempts, redirects and waits.
**
** An exchange lives on the heap and is counted: its pool holds one reference while it is
** attached, the handle that Lua has holds another. curl's callbacks fill it; Lua reads it
** after curl has returned. What it will ever say about its outcome stands in `failure` from
** the moment that llg_exchange_is_over() is true. It knows no pool: pool.h drives it.
*/
#ifndef LLG_EXCHANGE_H
#define LLG_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "../events/event_queue.h"
#include "news.h"
#include "request.h"
#include "../events/sse.h"
#include "tape.h"
#include "timing.h"

/* Of easy.h, which needs libcurl; who includes this does not. */
struct llg_easy;
struct llg_easy_hooks;

/* In this order; only a retry or a redirect goes back, to WAITING or PENDING. */
enum llg_exchange_state {
  LLG_X_PENDING,  /* waits for its turn to start */
  LLG_X_SENT,     /* an attempt is under way, the headers that count have not come */
  LLG_X_BODY,     /* they are here, the body is coming */
  LLG_X_WAITING,  /* between two attempts, until retry_at_ms */
  LLG_X_DRAINING, /* over for the caller; the last bytes are read to keep the connection */
  LLG_X_OVER,     /* nothing of it is on the wire */
};

/* What the body of a stream request turned out to be. */
enum llg_body_kind {
  LLG_BODY_UNKNOWN, /* no byte of it that counts has come yet */
  LLG_BODY_PLAIN,   /* collected in `body` */
  LLG_BODY_EVENTS,  /* fed to the parser, its events are in `events` */
  LLG_BODY_BYTES, /* not held: in the file that the request names, or in `events` as it came */
};

/* What a pool tells its exchanges, and hears from them. */
struct llg_pulse {
  int64_t now_ms;        /* monotonic, read once after each wait */
  int64_t clock_due_ms;  /* no clock of theirs runs out before; INT64_MAX: none is on */
  uint64_t step;         /* the number of the present step */
  int n_news;            /* exchanges with news in this step */
  int n_draining;        /* exchanges in that state ... */
  int64_t drained_ms;    /* ... and when the last of them came into it */
  struct llg_ring news;  /* those that are armed and have some */
  uint64_t random_state; /* for the jitter of retries */
};

struct llg_exchange {
  unsigned refs;
  struct llg_ring attached; /* in the pool's list of all that are under way */
  struct llg_ring pending;  /* ... of those to start */
  struct llg_ring resume;   /* ... of those that were paused and shall go on */

  struct llg_pulse *pulse; /* of the pool; not used once over */
  uint64_t news_step;      /* the last step that counted it */
  struct llg_news news;    /* for who waits on many */

  struct llg_request request;
  enum llg_exchange_state state;
  struct llg_easy *easy;   /* of the attempt under way, or NULL */
  struct llg_reel *reel;   /* what is recorded of it or played, or NULL */
  struct curl_slist *list; /* the request's own header list, if it has one */
  char *redirect_url;      /* where the next attempt goes, or NULL for request.url */
  int n_attempts;          /* begun so far, redirects not counted */
  int n_redirects;

  int64_t attached_ms;  /* on the pool's clock, as all of these */
  int64_t attempt_ms;   /* when the present attempt began */
  int64_t last_byte_ms; /* when the last byte of the answer came */
  int64_t upload_ms;    /* when the upload of a large body was last seen to go on */
  int64_t upload_left;  /* ... and how much of it was left then */
  int64_t over_ms;      /* when the verdict was given */
  int64_t retry_at_ms;
  int64_t drain_until_ms;
  size_t drained_bytes;
  int64_t to_send;     /* how long the body of the attempt is */
  size_t header_bytes; /* of all heads and trailers of the attempt */
  size_t n_body_bytes; /* of a body that is not in `body` */
  int64_t announced;   /* how long the answer's body will be; -1: not known */

  int http_status; /* of the headers that count; 0 before they came */
  struct llg_buffer headers;
  struct llg_buffer body;
  enum llg_body_kind body_kind;
  struct llg_sse sse;
  struct llg_event_queue events;
  bool paused;    /* curl holds the transfer until the queue is low again */
  bool saw_done;  /* the stream said [DONE] */
  bool saw_event; /* at least one event of the stream came */

  bool asks;          /* whether a failed attempt is made again is for others to say */
  bool is_asked;      /* that is what it waits for; the failed answer is still here ... */
  unsigned n_readers; /* ... and calls that look at it: meanwhile nothing of it may go */
  int64_t asked_ms;   /* when the attempt failed */
  int64_t advice_ms;  /* the wait that we would choose, -1 for no other attempt */

  bool is_forgotten; /* what is secret of the request goes as soon as it is OVER */

  struct llg_failure failure; /* LLG_OK: complete */
  bool transient;             /* another attempt may help */
  struct llg_timing timing;   /* of the last attempt */
};

/* Takes what is in `request`, which is empty afterwards; one reference is the caller's. NULL
** when out of memory, with the request untouched. */
struct llg_exchange *
llg_exchange_new(struct llg_request *request, struct llg_pulse *pulse);
void llg_exchange_unref(struct llg_exchange *x);

static inline bool llg_exchange_is_over(const struct llg_exchange *x) {
  return x->state >= LLG_X_DRAINING;
}

/* For streams: the answer is a success, and its events are here or will come. */
bool llg_exchange_is_open(const struct llg_exchange *x);

/* Whether the answer's Content-Type is text/event-stream. */
bool llg_exchange_says_events(const struct llg_exchange *x);

/* Nobody will read it any more: wipe all of the request but the host in its URL, now or when
** nothing of it is on the wire. */
void llg_exchange_forget(struct llg_exchange *x);

/* Where the present attempt goes. */
const char *llg_exchange_url(const struct llg_exchange *x);

/* Of the last attempt; of one that is still under way (a stream), so far. */
void llg_exchange_timing(const struct llg_exchange *x, struct llg_timing *timing);

/* Set the verdict unless there is one. The pool sees to the handle and the state. */
void llg_exchange_fail(
  struct llg_exchange *x, enum llg_status status, const char *phase, const char *format,
  ...) LLG_PRINTF(4, 5);

/* ---- how the pool drives it ---- */

/* Prepare this handle for an attempt, which begins now. On failure the verdict is set and
** the handle is not taken. */
bool llg_exchange_begin_attempt(
  struct llg_exchange *x, struct llg_easy *easy, const struct llg_easy_hooks *hooks);

/* The attempt's tape, if it is recorded, is whole. */
void llg_exchange_end_tape(struct llg_exchange *x);

/* Forget the answer of an attempt that is not the last. */
void llg_exchange_forget_answer(struct llg_exchange *x);

/* The next attempt goes there; takes the string, which may be NULL. */
void llg_exchange_redirect(struct llg_exchange *x, char *url);

/* The verdict is final: tell the one who waits. */
void llg_exchange_conclude(struct llg_exchange *x);

/* Count the exchange among this step's news, and tell who has armed it. */
void llg_exchange_tell(struct llg_exchange *x);

#endif
