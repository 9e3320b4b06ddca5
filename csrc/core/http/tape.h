/*
** tape.h - the answer to one attempt as it came: its head, its bytes with the borders of their
** arrival, how and when it ended. Recorded where libcurl hands it to us, played (player.h) in
** libcurl's place, so that all that stands above does the same with both.
*/
#ifndef LLG_TAPE_H
#define LLG_TAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/buffer.h"

/* One piece; times are in ms since the attempt began. */
struct llg_cut {
  int64_t ms;
  size_t n;
};

/* Counted. */
struct llg_tape {
  unsigned refs;
  struct llg_tape *next; /* of the same exchange */
  int http_status;       /* 0: no answer came */
  int64_t head_ms;
  struct llg_buffer headers; /* as headers.h keeps those of a response */
  struct llg_buffer body;
  struct llg_buffer cuts; /* structs llg_cut; together they are the body */
  int64_t end_ms;
  struct llg_failure failure; /* of the transport; LLG_OK: it came to its end */
  bool transient;
};

/* NULL when out of memory. */
struct llg_tape *llg_tape_new(void);
struct llg_tape *llg_tape_ref(struct llg_tape *tape);
void llg_tape_unref(struct llg_tape *tape);

/* One more piece of the body. LLG_OK, LLG_LIMIT or LLG_NOMEM. */
enum llg_status
llg_tape_add(struct llg_tape *tape, int64_t ms, const char *bytes, size_t n);

/* Tapes of which each is played once, by whichever exchange asks for it first. Counted. */
struct llg_deck {
  unsigned refs;
  struct llg_tape **tapes;
  bool *used;
  size_t n;
  double speed; /* 0: at once; 1: as it was; 2: twice as fast */
  size_t split; /* bytes of a piece; 0: as they came */
};

/* NULL when out of memory. */
struct llg_deck *llg_deck_new(void);
struct llg_deck *llg_deck_ref(struct llg_deck *deck);
void llg_deck_unref(struct llg_deck *deck);
/* Counts the tape; false when out of memory. */
bool llg_deck_add(struct llg_deck *deck, struct llg_tape *tape);

/* What an exchange has of all this: it records its attempts, or plays them. */
struct llg_reel {
  struct llg_tape *current;      /* of the attempt under way, while it is recorded */
  struct llg_tape *first, *last; /* recorded */
  bool records;
  bool lost;             /* there was no memory for something */
  struct llg_deck *deck; /* counted; NULL: nothing is played */
  size_t *wanted;        /* of its tapes, in this order */
  size_t n_wanted;
};

/* A reel that records (deck NULL), or plays the n tapes of these numbers, counted from 0. NULL
** when out of memory. */
struct llg_reel *
llg_reel_new(struct llg_deck *deck, const size_t *wanted, size_t n_wanted);
void llg_reel_free(struct llg_reel *reel);

/* The first that was not used yet, used from now on; NULL: there is none. The deck counts it. */
struct llg_tape *llg_reel_take(struct llg_reel *reel);

/* Recording, each where the reel does so: an attempt begins; its head is here; bytes of its body
** came; it ended, kept or not. All of them allow NULL. */
void llg_reel_begin(struct llg_reel *reel);
void llg_reel_head(
  struct llg_reel *reel, int64_t ms, int http_status, const struct llg_buffer *headers);
void llg_reel_body(struct llg_reel *reel, int64_t ms, const char *bytes, size_t n);
void llg_reel_end(
  struct llg_reel *reel, int64_t ms, const struct llg_failure *failure, bool transient);
void llg_reel_drop(struct llg_reel *reel);

#endif
