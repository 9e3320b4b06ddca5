/*
** choices.h - what the chunks of a stream have said of its choices so far: which were begun,
** which have said why they ended, and whether anything of an answer has come at all.
*/
#ifndef LLG_CHOICES_H
#define LLG_CHOICES_H

#include <stdbool.h>
#include <stdint.h>

#include "compat.h"

enum {
  LLG_CHOICES_NOTED = 256
}; /* beyond: counted only where [DONE] says it is the end */

struct llg_choices {
  int64_t n_asked;                           /* how many the caller asked for */
  uint64_t seen[LLG_CHOICES_NOTED / 64];     /* bit i: choice i has had a delta */
  uint64_t finished[LLG_CHOICES_NOTED / 64]; /* bit i: choice i has had a finish_reason */
  bool brought; /* some content, reasoning or call came, or a finish_reason */
  bool beyond;  /* one has a higher number than that */
};

/* A piece of text of this choice, of n bytes. */
void llg_choices_note_text(struct llg_choices *c, int64_t choice, size_t n);

/* What the chunk on top of the stack says of its choices. */
void llg_choices_note(lua_State *L, struct llg_choices *c);

/* Every choice that was begun has said why it ended, and as many as were asked for. */
bool llg_choices_are_finished(const struct llg_choices *c);

#endif
