#include "poller.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "../base/memory.h"

/* What we know of one descriptor; the table is indexed by it. */
struct slot {
  uint8_t wanted;     /* what curl wants now */
  uint8_t registered; /* what the epoll was told */
  void *owner;        /* who tells us before it is closed; NULL: nobody does */
};

enum { HANG_UP = 16 }; /* beside LLG_POLL_*, in `registered`: its peer has closed it */

struct llg_poller {
  int epoll_fd;
  int wake_fd;  /* an eventfd: readable ends the wait */
  int alarm_fd; /* a timerfd, -1 until it is asked for */
  struct slot *slots;
  size_t n_slots;
  struct llg_ready *told; /* what the last wait filled */
  int n_told;
};

struct llg_poller *llg_poller_new(void) {
  struct llg_poller *p = llg_calloc(1, sizeof *p);
  if (p == NULL) return NULL;
  p->alarm_fd = -1;
  p->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  p->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  struct epoll_event event = { .events = EPOLLIN, .data.fd = p->wake_fd };
  if (
    p->epoll_fd < 0 || p->wake_fd < 0
    || epoll_ctl(p->epoll_fd, EPOLL_CTL_ADD, p->wake_fd, &event) != 0) {
    llg_poller_free(p);
    return NULL;
  }
  return p;
}

/* Closing our copy of the epoll's descriptor leaves the parent's registrations alone. */
void llg_poller_abandon(struct llg_poller *p) {
  llg_poller_free(p);
}

void llg_poller_free(struct llg_poller *p) {
  if (p == NULL) return;
  if (p->epoll_fd >= 0) close(p->epoll_fd);
  if (p->wake_fd >= 0) close(p->wake_fd);
  if (p->alarm_fd >= 0) close(p->alarm_fd);
  llg_free(p->slots);
  llg_free(p);
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
  struct epoll_event event = { .data.fd = fd };
  if (events & LLG_POLL_IN) event.events |= EPOLLIN;
  if (events & LLG_POLL_OUT) event.events |= EPOLLOUT;
  if (events & HANG_UP) event.events |= EPOLLRDHUP;
  int failed = 0;
  int op = events == 0 ? EPOLL_CTL_DEL : slot->registered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  if (epoll_ctl(p->epoll_fd, op, fd, &event) != 0) {
    /* Our book and the kernel's differ where a descriptor was closed behind our back. */
    failed = -1;
    if (op == EPOLL_CTL_MOD && errno == ENOENT)
      failed = epoll_ctl(p->epoll_fd, EPOLL_CTL_ADD, fd, &event);
    else if (op == EPOLL_CTL_ADD && errno == EEXIST)
      failed = epoll_ctl(p->epoll_fd, EPOLL_CTL_MOD, fd, &event);
  }
  slot->registered = (uint8_t)events;
  return failed == 0;
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
  return rest(p, fd, HANG_UP);
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

/* One event of the kernel's as one of ours; false if nobody wants it. */
static bool
translate(struct llg_poller *p, const struct epoll_event *event, struct llg_ready *r) {
  struct slot *slot = &p->slots[event->data.fd];
  *r = (struct llg_ready){ .fd = event->data.fd, .owner = slot->owner };
  if (slot->wanted == 0) {
    if (slot->registered) register_events(p, event->data.fd, slot, 0);
    r->events = LLG_POLL_REST;
    return slot->owner != NULL;
  }
  if (event->events & (EPOLLIN | EPOLLHUP | EPOLLRDHUP)) r->events |= LLG_POLL_IN;
  if (event->events & EPOLLOUT) r->events |= LLG_POLL_OUT;
  if (event->events & EPOLLERR) r->events |= LLG_POLL_ERR;
  return true;
}

int llg_poller_wait(
  struct llg_poller *p, int timeout_ms, struct llg_ready *ready, bool *full,
  bool *woken) {
  struct epoll_event events[LLG_POLL_AT_ONCE];
  int n = epoll_wait(p->epoll_fd, events, LLG_POLL_AT_ONCE, timeout_ms);
  *woken = n < 0;
  *full = n == LLG_POLL_AT_ONCE;
  p->told = ready;
  p->n_told = 0;
  for (int i = 0; i < n; i++) {
    int fd = events[i].data.fd;
    uint64_t count;
    if (fd == p->wake_fd) {
      *woken = read(fd, &count, sizeof count) > 0;
    } else if (fd == p->alarm_fd) {
      ssize_t ignored = read(fd, &count, sizeof count);
      (void)ignored; /* it has done what it is for */
    } else if (translate(p, &events[i], &ready[p->n_told])) {
      p->n_told++;
    }
  }
  return p->n_told;
}

bool llg_poller_alarm(struct llg_poller *p, int64_t ms) {
  if (p->alarm_fd < 0 && ms < 0) return true;
  if (p->alarm_fd < 0) {
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
    if (fd < 0) return false;
    if (epoll_ctl(p->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
      close(fd);
      return false;
    }
    p->alarm_fd = fd;
  }
  struct itimerspec at = { 0 };
  if (ms >= 0) {
    at.it_value.tv_sec = (time_t)(ms / 1000);
    at.it_value.tv_nsec = ms == 0 ? 1
                                  : (long)(ms % 1000) * 1000000; /* 0 would mean never */
  }
  return timerfd_settime(p->alarm_fd, 0, &at, NULL) == 0;
}

void llg_poller_wake(struct llg_poller *p) {
  int saved = errno;
  uint64_t one = 1;
  ssize_t n = write(p->wake_fd, &one, sizeof one);
  (void)n; /* full means that a wake-up is under way already */
  errno = saved;
}

int llg_poller_fd(const struct llg_poller *p) {
  return p->epoll_fd;
}
