/*
** sse.h - server-sent events: bytes in, events out. No I/O, no JSON, no callbacks.
**
**   llg_sse_feed(&sse, bytes, n);                      lend a slice, split anywhere
**   while ((status = llg_sse_next(&sse, &event)) == LLG_OK)
**     use(&event);                                     until LLG_MORE: the slice is used up
**   ...
**   llg_sse_finish(&sse);                              at the end of the stream: one more
**   llg_sse_next(&sse, &event);                        event may stand there, unterminated
**
** The algorithm is the one of the HTML standard, section 9.2.6 "Interpreting an event
** stream", with these deliberate differences, each of them pinned by a test:
**   - an event whose `data` is empty is handed out where a data or event line stood in the
**     block; the layer that reads JSON skips it;
**   - an event that is cut off by the end of the stream is handed out, not dropped: some
**     gateways forget the last blank line;
**   - bytes are passed through, they need not be UTF-8.
** Where `lenient` is set, the data is expected to be JSON, and what servers of such streams
** are known to get wrong is read as it was meant:
**   - events with one line end between them instead of two are events of their own, as soon as
**     the data before is a whole object or list (or begins with ':', a comment within data);
**   - a line "error: ..." is data of an event named "error";
**   - a line that begins with '{' or '[' is an event of its own, `bare`, up to its end.
** Time is linear in the bytes fed, whatever the split.
*/
#ifndef LLG_SSE_H
#define LLG_SSE_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/buffer.h"
#include "json_end.h"
#include "sse_field.h"

/* Valid until the next call of llg_sse_next, llg_sse_feed or llg_sse_free. */
struct llg_sse_event {
  const char *data; /* the data lines, joined with '\n'; may point into the lent slice */
  size_t data_len;
  const char *name; /* the `event` field; "" for none */
  size_t name_len;
  const char *id; /* the last `id` of the stream so far; "" for none */
  size_t id_len;
  bool bare; /* not from a field: what stood there may be anything */
};

/* Which part of a line the next byte belongs to. */
enum llg_sse_place {
  LLG_SSE_NAME,  /* the field's name, before the colon */
  LLG_SSE_SPACE, /* just behind the colon: one blank may be dropped */
  LLG_SSE_VALUE, /* the value of a field that we know */
  LLG_SSE_SKIP,  /* a comment or a field that we do not know, up to its line end */
};

struct llg_sse {
  const char *at; /* the rest of the lent slice */
  const char *end;
  const char *lf; /* the first '\n' at or behind `at`; `end` if there is none */
  const char *cr; /* the same for '\r' */

  enum llg_sse_place place;
  enum llg_sse_field field; /* meaningful in SPACE and VALUE */
  char line_name[LLG_SSE_MAX_NAME];
  unsigned line_name_len;

  struct llg_buffer value[LLG_SSE_N_FIELDS]; /* what has been copied out of the slices */
  struct llg_buffer last_id;                 /* of the last `id` line that held no NUL */
  const char *direct; /* the data lies whole in the slice, and nowhere else */
  size_t direct_len;
  int64_t retry_ms; /* the last `retry` of digits; -1 for none */
  unsigned bom_len; /* how many bytes of a byte order mark matched; 3 and up: settled */
  bool has_data;    /* a data line stood in this block */
  bool skip_lf;     /* the last line ended with '\r': a '\n' now belongs to it */
  bool dispatched;  /* the caller holds an event: reset the block at the next call */
  bool finished;    /* llg_sse_finish was called */

  bool lenient;             /* the caller's to set, after llg_sse_init */
  bool is_error;            /* the line is an "error:" */
  bool says_error;          /* the data of this block is from such a line */
  bool bare;                /* the data of this block is from no field */
  bool ended;               /* the block ends here, a line of the next has begun */
  bool one_newline;         /* this stream was seen to part its events by one */
  bool late_name;           /* an event line came behind the data of this block */
  struct llg_buffer name;   /* ... and this is the name before that */
  struct llg_json_end json; /* where the data ends */

  enum llg_status failed; /* sticky: LLG_LIMIT or LLG_NOMEM, returned for ever */
};

/* No event, name or id may be longer than max_event_bytes. Allocates nothing. */
void llg_sse_init(struct llg_sse *sse, size_t max_event_bytes);

/* Lend n bytes, which must stay where they are until llg_sse_next has said LLG_MORE. Only
** then may the next slice be lent. */
void llg_sse_feed(struct llg_sse *sse, const char *bytes, size_t n);

/* No more bytes will come: an unterminated event becomes available. */
void llg_sse_finish(struct llg_sse *sse);

/* LLG_OK with one event, LLG_MORE when the slice is used up, or the sticky error. */
enum llg_status llg_sse_next(struct llg_sse *sse, struct llg_sse_event *event);

void llg_sse_free(struct llg_sse *sse);

#endif
