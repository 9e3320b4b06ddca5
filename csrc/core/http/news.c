#include "news.h"

void llg_news_close(struct llg_ring *list) {
  while (!llg_ring_is_empty(list))
    llg_ring_remove(list->next);
}

void llg_news_arm(struct llg_news *news, int64_t number) {
  llg_ring_remove(&news->ring);
  news->number = number;
}

void llg_news_tell(struct llg_ring *list, struct llg_news *news) {
  if (news->number > 0 && !llg_ring_is_in(&news->ring))
    llg_ring_append(list, &news->ring);
}

int64_t llg_news_front(const struct llg_ring *list) {
  if (llg_ring_is_empty(list)) return 0;
  return LLG_RING_OWNER(list->next, struct llg_news, ring)->number;
}

bool llg_news_pop(struct llg_ring *list, int64_t number) {
  if (number == 0 || llg_news_front(list) != number) return false;
  llg_news_arm(LLG_RING_OWNER(list->next, struct llg_news, ring), 0);
  return true;
}

void llg_news_move(struct llg_ring *list, struct llg_ring *from) {
  while (!llg_ring_is_empty(from)) {
    struct llg_ring *front = from->next;
    llg_ring_remove(front);
    llg_ring_append(list, front);
  }
}
