/*
** news.h - which of many exchanges have news. Whoever waits on more than one arms each with a
** number of his own, and is given the numbers back instead of asking every one of them.
*/
#ifndef LLG_NEWS_H
#define LLG_NEWS_H

#include <stdint.h>

#include "../base/ring.h"

/* What an exchange has of it. */
struct llg_news {
  struct llg_ring ring; /* in the list of those with something to tell */
  int64_t number;       /* above 0: armed */
};

/* Nothing points to the list afterwards. */
void llg_news_close(struct llg_ring *list);

/* Ask to be told once by this number, which takes the place of the last; 0: do not tell. */
void llg_news_arm(struct llg_news *news, int64_t number);
/* There is news: if it is armed it waits in the list, once. */
void llg_news_tell(struct llg_ring *list, struct llg_news *news);

/* The oldest number; 0: there is none. */
int64_t llg_news_front(const struct llg_ring *list);
/* Disarm the oldest if it still has this number. */
bool llg_news_pop(struct llg_ring *list, int64_t number);

/* All that waits in `from` waits in `list`, behind what does so already. */
void llg_news_move(struct llg_ring *list, struct llg_ring *from);

#endif
