/*
** news.h - which of many exchanges have news. Whoever waits on more than one arms each with a
** number of his own, and is given the numbers back instead of asking every one of them.
*/
#ifndef LLG_NEWS_H
#define LLG_NEWS_H

#include <stdbool.h>
#include <stdint.h>

/* A list's head, or what an exchange has of it; in a circle, so that either may go at any time. */
struct llg_news {
  struct llg_news *prev; /* NULL: in no list */
  struct llg_news *next;
  int64_t number; /* above 0: armed */
};

void llg_news_open(struct llg_news *list);
/* Nothing points to the list afterwards. */
void llg_news_close(struct llg_news *list);

/* Ask to be told once by this number, which takes the place of the last; 0: do not tell. */
void llg_news_arm(struct llg_news *news, int64_t number);
/* There is news: if it is armed it waits in the list, once. */
void llg_news_tell(struct llg_news *list, struct llg_news *news);

/* The oldest number; 0: there is none. */
static inline int64_t llg_news_front(const struct llg_news *list) {
  return list->next == list ? 0 : list->next->number;
}
/* Disarm the oldest if it still has this number. */
bool llg_news_pop(struct llg_news *list, int64_t number);

/* All that waits in `from` waits in `list`, behind what does so already. */
void llg_news_move(struct llg_news *list, struct llg_news *from);

#endif
