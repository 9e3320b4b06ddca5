/*
** player.h - a tape in libcurl's place: it calls the callbacks of an attempt with what was
** recorded, at its times, and says how the attempt ended.
*/
#ifndef LLG_PLAYER_H
#define LLG_PLAYER_H

#include <curl/curl.h>

#include "../base/ring.h"
#include "tape.h"
#include "timing.h"

struct llg_player {
  struct llg_ring ring;  /* of the multi that plays it */
  struct llg_tape *tape; /* counted */
  double speed;          /* as in a deck */
  size_t split;
  curl_write_callback on_body;
  curl_write_callback on_header;
  void *transfer;   /* for those two */
  int64_t start_ms; /* -1: not yet */
  size_t cut;       /* the next one */
  size_t in_cut;    /* how much of it was played */
  size_t at;        /* in the body */
  bool head_done;
  bool paused; /* a callback asked for it */
  bool ended;
  CURLcode code; /* once ended */
};

/* NULL when out of memory. */
struct llg_player *llg_player_new(struct llg_tape *tape, const struct llg_deck *deck);
void llg_player_free(struct llg_player *p);

/* When it goes on, once it has begun; INT64_MAX: not by itself. */
int64_t llg_player_due_ms(const struct llg_player *p);

/* Play what is due. The first call begins. */
void llg_player_run(struct llg_player *p, int64_t now_ms);

/* The target of a redirect is not on the tape. Times are those of the recording. */
void llg_player_timing(const struct llg_player *p, struct llg_timing *timing);

#endif
