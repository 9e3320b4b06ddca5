/*
** exchange.h - the handles that Lua has on exchanges: `lualogue.exchange` for one reply,
** `lualogue.stream` for a stream of events. A handle counts its exchange and its pool; its
** __gc and __close cancel.
*/
#ifndef LLG_BINDING_EXCHANGE_H
#define LLG_BINDING_EXCHANGE_H

#include "../core/event_memo.h"
#include "../core/pool.h"
#include "compat.h"
#include "pattern.h"

#define LLG_EXCHANGE_CLASS "lualogue.exchange"
#define LLG_STREAM_CLASS "lualogue.stream"

/* What a reply's body is read as. */
enum llg_reply_kind {
  LLG_REPLY_JSON,       /* a table */
  LLG_REPLY_EMBEDDINGS, /* a table with vectors in it */
  LLG_REPLY_RAW,        /* the bytes as they are */
};

struct llg_handle {
  struct llg_pool *pool;  /* counted; NULL: closed before it began */
  struct llg_exchange *x; /* counted; NULL likewise */
  enum llg_reply_kind kind;
  bool has_verdict;   /* the slot of the userdata holds { [1] = reply, [2] = err } */
  unsigned n_reading; /* calls that look at the body, one within the other */
  /* streams only */
  bool took_first;            /* one event went the full way */
  uint64_t n_taken;           /* events so far */
  int n_choices;              /* how many the caller asked for */
  uint64_t seen;              /* bit i: choice i has had a delta */
  uint64_t finished;          /* bit i: choice i has had a finish_reason */
  struct llg_event_memo memo; /* what its text stands in */
  struct llg_pattern pattern; /* the chunk to copy; in [3] of the slot */
};

/* A closed handle of this class on top of the stack. */
struct llg_handle *llg_new_handle(lua_State *L, const char *class);

/* Start the request, which is taken over; raises when out of memory. */
void llg_handle_start(lua_State *L, struct llg_handle *h, struct llg_request *request);

/* Whether its exchange is over; one that a fork left behind is cancelled here. */
bool llg_handle_is_over(struct llg_handle *h);

/* Give up, forget the events that wait. The verdict stays. */
void llg_handle_close(struct llg_handle *h);

/* Whether what came is a web page, by its Content-Type or its first character. */
bool llg_body_is_html(const struct llg_exchange *x);

/* For __gc: the handle gives back its share of the exchange and of the pool. Idempotent. */
void llg_handle_free(struct llg_handle *h);

/* Keep the reply or (nil, err) on top of the stack as the last word, and return it; the
** number of results. `index` is the handle's. */
int llg_keep_reply(lua_State *L, int index, struct llg_handle *h);
int llg_keep_error(lua_State *L, int index, struct llg_handle *h);
/* Push what was kept; the number of results. */
int llg_push_verdict(lua_State *L, int index);

/* ---- failure.c ---- */

/* Push the error object of an exchange that failed. */
void llg_push_exchange_error(lua_State *L, const struct llg_exchange *x);
/* The same for a fault that only showed when its body or an event was read. */
void llg_push_reading_error(
  lua_State *L, const struct llg_exchange *x, const struct llg_failure *failure);
/* Push the error object for the server's error value at `index`: the field `error` of a body
** or of an event, or such a table itself. `text` is where it stood. */
void llg_push_server_error(
  lua_State *L, const struct llg_exchange *x, int index, const char *text, size_t n);
/* Whether the table on top of the stack says that it is an error and nothing else; if so its
** `error` value is pushed. */
bool llg_is_server_error(lua_State *L);

/* ---- meta.c ---- */

/* Push the table of what is known of the reply besides its body. */
void llg_push_meta(lua_State *L, const struct llg_exchange *x);
/* Give the table on top of the stack the metatable in which `meta` is found, made when it is
** first asked for from the handle at `index`. */
void llg_attach_meta(lua_State *L, int index);
/* (reply) -> its meta, or nil. */
int llg_meta_of(lua_State *L);

#endif
