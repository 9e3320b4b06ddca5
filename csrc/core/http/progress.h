/* progress.h - how far an exchange is with its bodies. */
#ifndef LLG_PROGRESS_H
#define LLG_PROGRESS_H

#include "exchange.h"

/* In bytes as they go over the wire, of the attempt under way or the last one. */
struct llg_progress {
  int64_t sent;
  int64_t to_send;
  int64_t received;
  int64_t to_receive; /* -1: not known, or there is no answer yet */
};

void llg_progress_of(const struct llg_exchange *x, struct llg_progress *p);

#endif
