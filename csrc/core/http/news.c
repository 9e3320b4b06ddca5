#include "news.h"

#include <stddef.h>

static void take_out(struct llg_news *news) {
  if (news->prev == NULL) return;
  news->prev->next = news->next;
  news->next->prev = news->prev;
  news->prev = news->next = NULL;
}

static void append(struct llg_news *list, struct llg_news *news) {
  news->prev = list->prev;
  news->next = list;
  list->prev->next = news;
  list->prev = news;
}

void llg_news_open(struct llg_news *list) {
  list->prev = list->next = list;
  list->number = 0;
}

void llg_news_close(struct llg_news *list) {
  while (list->next != list)
    take_out(list->next);
}

void llg_news_arm(struct llg_news *news, int64_t number) {
  take_out(news);
  news->number = number;
}

void llg_news_tell(struct llg_news *list, struct llg_news *news) {
  if (news->number > 0 && news->prev == NULL) append(list, news);
}

bool llg_news_pop(struct llg_news *list, int64_t number) {
  struct llg_news *front = list->next;
  if (front == list || front->number != number) return false;
  llg_news_arm(front, 0);
  return true;
}

void llg_news_move(struct llg_news *list, struct llg_news *from) {
  while (from->next != from) {
    struct llg_news *front = from->next;
    take_out(front);
    append(list, front);
  }
}
