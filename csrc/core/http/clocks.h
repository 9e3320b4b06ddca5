/*
** clocks.h - the four clocks of an exchange: connect, first byte, idle, and the whole.
*/
#ifndef LLG_CLOCKS_H
#define LLG_CLOCKS_H

#include "exchange.h"

/* Whether a clock has run out by pulse->now_ms, with the verdict set if so. Else *due_ms is
** lowered to the time when to ask again. */
bool llg_clocks_are_late(struct llg_exchange *x, int64_t *due_ms);

#endif
