/*
** waker.h - pollers by number, so that another thread can end a wait without holding anything
** that may go away meanwhile.
*/
#ifndef LLG_WAKER_H
#define LLG_WAKER_H

#include <stdbool.h>
#include <stdint.h>

#include "poller.h"

struct llg_waker {
  int64_t number; /* never given twice in a process; 0: not registered */
  struct llg_poller *poller;
  struct llg_waker *next;
};

/* The struct must stay where it is until it is forgotten. The number. */
int64_t llg_waker_register(struct llg_waker *waker, struct llg_poller *poller);
void llg_waker_forget(struct llg_waker *waker);

/* From any thread. False if nobody has this number any more. */
bool llg_waker_wake(int64_t number);

#endif
