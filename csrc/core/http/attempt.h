/*
** attempt.h - what becomes of an exchange when an attempt has ended: its verdict, a redirect, or
** another attempt.
*/
#ifndef LLG_ATTEMPT_H
#define LLG_ATTEMPT_H

#include "exchange.h"

/* The attempt under way has ended with this CURLcode, or was taken off the multi after a clock
** ran out. The handle may still be asked. Afterwards the exchange is OVER, PENDING (it was
** redirected) or WAITING (it is tried again, or somebody is asked whether it is). */
void llg_attempt_end(struct llg_exchange *x, int curl_code);

/* What was asked: another attempt so many milliseconds after the one that failed, or, with -1 or
** where no time is left for it, none. Nothing happens where nothing is asked. */
void llg_attempt_decide(struct llg_exchange *x, int64_t delay_ms);

#endif
