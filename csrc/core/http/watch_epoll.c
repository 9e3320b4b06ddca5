#include "watch.h"

#if defined(__linux__)
#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

bool llg_watch_open(struct llg_watch *w) {
  w->alarm_fd = -1;
  w->fd = epoll_create1(EPOLL_CLOEXEC);
  w->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  struct epoll_event event = { .events = EPOLLIN, .data.fd = w->wake_fd };
  if (
    w->fd >= 0 && w->wake_fd >= 0
    && epoll_ctl(w->fd, EPOLL_CTL_ADD, w->wake_fd, &event) == 0)
    return true;
  llg_watch_close(w);
  return false;
}

void llg_watch_close(struct llg_watch *w) {
  if (w->fd >= 0) close(w->fd);
  if (w->wake_fd >= 0) close(w->wake_fd);
  if (w->alarm_fd >= 0) close(w->alarm_fd);
  w->fd = w->wake_fd = w->alarm_fd = -1;
}

/* Closing our copy of the epoll's descriptor leaves the parent's registrations alone. */
void llg_watch_abandon(struct llg_watch *w) {
  llg_watch_close(w);
}

bool llg_watch_change(struct llg_watch *w, int fd, int before, int events) {
  struct epoll_event event = { .data.fd = fd };
  if (events & LLG_WATCH_IN) event.events |= EPOLLIN;
  if (events & LLG_WATCH_OUT) event.events |= EPOLLOUT;
  if (events & LLG_WATCH_CLOSED) event.events |= EPOLLRDHUP;
  int op = events == 0 ? EPOLL_CTL_DEL : before ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  if (epoll_ctl(w->fd, op, fd, &event) == 0) return true;
  /* Our book and the kernel's differ where a descriptor was closed behind our back. */
  if (op == EPOLL_CTL_MOD && errno == ENOENT)
    return epoll_ctl(w->fd, EPOLL_CTL_ADD, fd, &event) == 0;
  if (op == EPOLL_CTL_ADD && errno == EEXIST)
    return epoll_ctl(w->fd, EPOLL_CTL_MOD, fd, &event) == 0;
  return false;
}

int llg_watch_wait(
  struct llg_watch *w, int timeout_ms, struct llg_seen *seen, bool *full, bool *woken) {
  struct epoll_event events[LLG_WATCH_AT_ONCE];
  int n = epoll_wait(w->fd, events, LLG_WATCH_AT_ONCE, timeout_ms), n_seen = 0;
  *woken = n < 0;
  *full = n == LLG_WATCH_AT_ONCE;
  for (int i = 0; i < n; i++) {
    int fd = events[i].data.fd;
    uint32_t is = events[i].events;
    uint64_t count;
    if (fd == w->wake_fd) {
      *woken = read(fd, &count, sizeof count) > 0;
    } else if (fd == w->alarm_fd) {
      ssize_t ignored = read(fd, &count, sizeof count);
      (void)ignored; /* it has done what it is for */
    } else {
      int in = is & (EPOLLIN | EPOLLHUP | EPOLLRDHUP) ? LLG_WATCH_IN : 0;
      int out = is & EPOLLOUT ? LLG_WATCH_OUT : 0;
      int err = is & EPOLLERR ? LLG_WATCH_ERR : 0;
      seen[n_seen++] = (struct llg_seen){ fd, in | out | err };
    }
  }
  return n_seen;
}

void llg_watch_wake(const struct llg_watch *w) {
  int saved = errno;
  uint64_t one = 1;
  ssize_t n = write(w->wake_fd, &one, sizeof one);
  (void)n; /* full means that a wake-up is under way already */
  errno = saved;
}

static bool open_alarm(struct llg_watch *w) {
  int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
  if (fd < 0) return false;
  if (epoll_ctl(w->fd, EPOLL_CTL_ADD, fd, &event) != 0) {
    close(fd);
    return false;
  }
  w->alarm_fd = fd;
  return true;
}

bool llg_watch_alarm(struct llg_watch *w, int64_t ms) {
  struct itimerspec at = { 0 };
  if (w->alarm_fd < 0) {
    if (ms < 0) return true;
    if (!open_alarm(w)) return false;
  }
  if (ms >= 0) {
    at.it_value.tv_sec = (time_t)(ms / 1000);
    at.it_value.tv_nsec = (long)(ms % 1000) * 1000000;
    if (ms == 0) at.it_value.tv_nsec = 1; /* 0 would mean never */
  }
  return timerfd_settime(w->alarm_fd, 0, &at, NULL) == 0;
}
#endif
