/*
** handle.h - what Lua has of an exchange: a counted handle, whose __gc and __close cancel, and
** in which the verdict is kept. `lualogue.exchange` and `lualogue.stream` are made of it.
*/
#ifndef LLG_HANDLE_H
#define LLG_HANDLE_H

#include "../core/events/event_shape.h"
#include "../core/http/pool.h"
#include "choices.h"
#include "compat.h"
#include "kept_text.h"
#include "pattern.h"
#include "protocol.h"

/* What a reply's body is read as. */
enum llg_reply_kind {
  LLG_REPLY_JSON,       /* a table */
  LLG_REPLY_CHAT,       /* a table with choices that bring something */
  LLG_REPLY_EMBEDDINGS, /* a table with vectors in it */
  LLG_REPLY_RAW,        /* the bytes as they are */
  LLG_REPLY_FILE,       /* they are in a file; a table that says so */
};

/* How it ended. A zeroed handle, and a freed one, has not ended well. */
enum llg_verdict {
  LLG_VERDICT_NONE,     /* not known; of a handle without an exchange: it was abandoned */
  LLG_VERDICT_COMPLETE, /* well: [1] of the slot is the reply, nil for a stream */
  LLG_VERDICT_ERROR,    /* [2] of the slot is the error object */
};

/* Of the slot of the userdata; [1] and [2] are the verdict. */
enum {
  LLG_BAD_SLOT = 3,
  LLG_PATTERN_SLOT,
  LLG_WAITING_SLOT = LLG_PATTERN_SLOT + LLG_SHAPES,
  LLG_KEPT_SLOT,
};

struct llg_handle {
  struct llg_pool *pool;  /* counted; NULL: closed before it began, or freed */
  struct llg_exchange *x; /* counted; NULL likewise */
  enum llg_reply_kind kind;
  enum llg_verdict verdict;
  unsigned n_reading;           /* calls that look at the body, one within the other */
  struct llg_protocol protocol; /* of events: what is known of their end */
  /* streams only */
  bool took_first;                /* one event went the full way */
  bool has_bad;                   /* the last could not be read; why is in LLG_BAD_SLOT */
  uint64_t n_taken;               /* events so far */
  struct llg_choices choices;     /* what was said of each */
  struct llg_event_shapes shapes; /* what its events look like */
  struct llg_patterns patterns; /* what makes chunks of them; from LLG_PATTERN_SLOT on */
  int n_waiting;             /* pieces of characters: json/chunk.h; in LLG_WAITING_SLOT */
  struct llg_kept_text kept; /* the text of plain ones, for the fold; in LLG_KEPT_SLOT */
};

/* A closed handle of this class on top of the stack. */
struct llg_handle *llg_new_handle(lua_State *L, const char *class);

/* Start the request, which is taken over; raises when out of memory. */
void llg_handle_start(lua_State *L, struct llg_handle *h, struct llg_request *request);

/* Whether its exchange is over; one that a fork left behind is cancelled here. */
bool llg_handle_is_over(struct llg_handle *h);

/* Give up, forget the events that wait. The verdict stays. */
void llg_handle_close(struct llg_handle *h);

/* Wipe what is secret once nobody will ask for it: there is a verdict, or it failed and was given
** up. What is kept, for `meta` and for an error, is redacted first. */
void llg_handle_settle(struct llg_handle *h);

/* handle:arm(number), of both classes. */
int llg_handle_arm(lua_State *L, struct llg_handle *h);

/* handle:progress(), of all classes but the stream: bytes sent and to be sent, received and to be
** received (nil: not known); nothing of a handle that was freed. */
int llg_handle_progress(lua_State *L, const struct llg_handle *h);

/* For __gc: the handle gives back its share of the exchange and of the pool. Idempotent. */
void llg_handle_free(struct llg_handle *h);

/* Keep the reply or (nil, err) on top of the stack as the last word, and return it; the
** number of results. `index` is the handle's. */
int llg_keep_reply(lua_State *L, int index, struct llg_handle *h);
int llg_keep_error(lua_State *L, int index, struct llg_handle *h);
/* Whether there is a verdict, or will never be another one. */
bool llg_has_verdict(const struct llg_handle *h);
/* Push it; the number of results. Of a handle that was freed first it is a `cancelled`. */
int llg_push_verdict(lua_State *L, int index, const struct llg_handle *h);

#endif
