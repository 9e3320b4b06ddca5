/*
** ring.h - lists of things that come and go at any place: a head and its members in a circle, so
** that a member can leave without knowing the list. Nothing is allocated, nothing can fail.
*/
#ifndef LLG_RING_H
#define LLG_RING_H

#include <stdbool.h>
#include <stddef.h>

/* A head, or what a member has of it. All zero: in no list. */
struct llg_ring {
  struct llg_ring *prev;
  struct llg_ring *next;
};

/* The struct of this type whose `member` the ring is. */
#define LLG_RING_OWNER(ring, type, member) \
  ((type *)(void *)((char *)(ring)-offsetof(type, member)))

static inline void llg_ring_open(struct llg_ring *head) {
  head->prev = head->next = head;
}

static inline bool llg_ring_is_in(const struct llg_ring *member) {
  return member->next != NULL;
}

static inline bool llg_ring_is_empty(const struct llg_ring *head) {
  return head->next == head;
}

/* Behind all others. */
static inline void llg_ring_append(struct llg_ring *head, struct llg_ring *member) {
  member->prev = head->prev;
  member->next = head;
  head->prev->next = member;
  head->prev = member;
}

/* May be called again. */
static inline void llg_ring_remove(struct llg_ring *member) {
  if (member->next == NULL) return;
  member->prev->next = member->next;
  member->next->prev = member->prev;
  member->prev = member->next = NULL;
}

#endif
