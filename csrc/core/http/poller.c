#include "poller.h"

#include <string.h>

#include "../base/memory.h"
#include "watch.h"

/* What we know of one descriptor; the table is indexed by it. */
struct slot {
  uint8_t wanted;     /* what curl wants now */
  uint8_t registered; /* what the system was told */
  void *owner;        /* who tells us before it is closed; NULL: nobody does */
};

/* Ours and the system's below have the same names for the same. */
_Static_assert((int)LLG_POLL_IN == (int)LLG_WATCH_IN, "readable");
_Static_assert((int)LLG_POLL_OUT == (int)LLG_WATCH_OUT, "writable");
_Static_assert((int)LLG_POLL_ERR == (int)LLG_WATCH_ERR, "broken");
_Static_assert((int)LLG_POLL_AT_ONCE == (int)LLG_WATCH_AT_ONCE, "at once");

struct llg_poller {
  struct llg_watch watch;
  struct slot *slots;
  size_t n_slots;
  struct llg_ready *told; /* what the last wait filled */
  int n_told;
};

struct llg_poller *llg_poller_new(void) {
  struct llg_poller *p = llg_calloc(1, sizeof *p);
  if (p == NULL) return NULL;
  if (llg_watch_open(&p->watch)) return p;
  llg_free(p);
  return NULL;
}

static void free_books(struct llg_poller *p) {
  llg_free(p->slots);
  llg_free(p);
}

void llg_poller_abandon(struct llg_poller *p) {
  if (p == NULL) return;
  llg_watch_abandon(&p->watch);
  free_books(p);
}

void llg_poller_free(struct llg_poller *p) {
  if (p == NULL) return;
  llg_watch_close(&p->watch);
  free_books(p);
}

static struct slot *slot_of(struct llg_poller *p, int fd) {
  if (fd < 0) return NULL;
  size_t need = (size_t)fd + 1;
  if (need > p->n_slots) {
    size_t n = p->n_slots < 32 ? 32 : p->n_slots;
    while (n < need)
      n *= 2;
    struct slot *slots = llg_realloc(p->slots, n * sizeof *slots);
    if (slots == NULL) return NULL;
    memset(slots + p->n_slots, 0, (n - p->n_slots) * sizeof *slots);
    p->slots = slots;
    p->n_slots = n;
  }
  return &p->slots[fd];
}

static bool register_events(struct llg_poller *p, int fd, struct slot *slot, int events) {
  bool good = llg_watch_change(&p->watch, fd, slot->registered, events);
  slot->registered = (uint8_t)events;
  return good;
}

bool llg_poller_want(struct llg_poller *p, int fd, int events) {
  struct slot *slot = slot_of(p, fd);
  if (slot == NULL) return false;
  slot->wanted = (uint8_t)events;
  /* An idle kept connection stays registered; if it fires, the wait takes it out. */
  bool lazy = events == 0 && slot->owner != NULL;
  if (!lazy && slot->registered != events) register_events(p, fd, slot, events);
  return true;
}

bool llg_poller_trust(struct llg_poller *p, int fd, void *owner) {
  struct slot *slot = slot_of(p, fd);
  if (slot == NULL) return false;
  *slot = (struct slot){ .owner = owner };
  return true;
}

bool llg_poller_is_of(const struct llg_poller *p, int fd, const void *owner) {
  return fd >= 0 && (size_t)fd < p->n_slots && p->slots[fd].owner == owner;
}

static bool rest(struct llg_poller *p, int fd, int events) {
  struct slot *slot = slot_of(p, fd);
  if (slot == NULL || slot->owner == NULL) return false;
  slot->wanted = 0;
  return slot->registered == events || register_events(p, fd, slot, events);
}

bool llg_poller_rest(struct llg_poller *p, int fd) {
  return rest(p, fd, LLG_POLL_IN);
}

bool llg_poller_rest_deaf(struct llg_poller *p, int fd) {
  return rest(p, fd, LLG_WATCH_CLOSED);
}

void llg_poller_closing(struct llg_poller *p, int fd) {
  if (fd < 0 || (size_t)fd >= p->n_slots) return;
  struct slot *slot = &p->slots[fd];
  /* Not left to close(2): a child process may hold the same socket open. */
  if (slot->registered) register_events(p, fd, slot, 0);
  *slot = (struct slot){ 0 };
  for (int i = 0; i < p->n_told; i++)
    if (p->told[i].fd == fd) p->told[i].fd = -1;
}

/* What the system has seen, as one of ours; false if nobody wants it. */
static bool
translate(struct llg_poller *p, const struct llg_seen *seen, struct llg_ready *r) {
  struct slot *slot = &p->slots[seen->fd];
  *r = (struct llg_ready){ .fd = seen->fd, .owner = slot->owner };
  if (slot->wanted == 0) {
    if (slot->registered) register_events(p, seen->fd, slot, 0);
    r->events = LLG_POLL_REST;
    return slot->owner != NULL;
  }
  r->events = seen->events;
  return true;
}

int llg_poller_wait(
  struct llg_poller *p, int timeout_ms, struct llg_ready *ready, bool *full,
  bool *woken) {
  struct llg_seen seen[LLG_WATCH_AT_ONCE];
  int n = llg_watch_wait(&p->watch, timeout_ms, seen, full, woken);
  p->told = ready;
  p->n_told = 0;
  for (int i = 0; i < n; i++)
    if (translate(p, &seen[i], &ready[p->n_told])) p->n_told++;
  return p->n_told;
}

bool llg_poller_alarm(struct llg_poller *p, int64_t ms) {
  return llg_watch_alarm(&p->watch, ms);
}

void llg_poller_wake(struct llg_poller *p) {
  llg_watch_wake(&p->watch);
}

int llg_poller_fd(const struct llg_poller *p) {
  return p->watch.fd;
}
