/*
** clock.h - the clock that all our deadlines are on.
*/
#ifndef LLG_CLOCK_H
#define LLG_CLOCK_H

#include <stdint.h>

/* Milliseconds on a clock that never goes back; its zero means nothing. */
int64_t llg_now_ms(void);
/* The same in microseconds. */
int64_t llg_now_us(void);

#endif
