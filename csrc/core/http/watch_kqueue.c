#include "watch.h"

/* macOS and the BSDs. Each direction of a descriptor is a filter of its own; wake-ups and the
** alarm are filters as well, and need no descriptors. */
#if !defined(__linux__)
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <sys/event.h>
#include <sys/time.h>
#include <sys/types.h>
#include <unistd.h>

enum { WAKE = 1, ALARM = 2 }; /* of the filters that have no descriptor */

static bool put(
  const struct llg_watch *w, uintptr_t id, int filter, int flags, int fflags,
  int64_t data) {
  struct kevent change;
  EV_SET(&change, id, filter, flags, fflags, data, NULL);
  return kevent(w->fd, &change, 1, NULL, 0, NULL) == 0;
}

bool llg_watch_open(struct llg_watch *w) {
  w->wake_fd = w->alarm_fd = -1;
  w->fd = kqueue();
  if (w->fd < 0) return false;
  if (
    fcntl(w->fd, F_SETFD, FD_CLOEXEC) == 0
    && put(w, WAKE, EVFILT_USER, EV_ADD | EV_CLEAR, NOTE_FFNOP, 0))
    return true;
  llg_watch_close(w);
  return false;
}

void llg_watch_close(struct llg_watch *w) {
  if (w->fd >= 0) close(w->fd);
  w->fd = -1;
}

/* A child has not inherited it: whatever has its number there is somebody else's. */
void llg_watch_abandon(struct llg_watch *w) {
  w->fd = -1;
}

/* Who only wants to know that the peer has closed it waits for more bytes than can come: the end
** is told all the same. */
static bool watch_reading(struct llg_watch *w, int fd, int events) {
  int flags = EV_ADD, note = 0;
  if (!(events & LLG_WATCH_IN)) note = NOTE_LOWAT;
  return put(w, (uintptr_t)fd, EVFILT_READ, flags, note, note ? INT_MAX : 0);
}

bool llg_watch_change(struct llg_watch *w, int fd, int before, int events) {
  const int reading = LLG_WATCH_IN | LLG_WATCH_CLOSED;
  bool good = true;
  /* A filter keeps its low-water mark when it is added again: so it is taken out first. One of a
  ** descriptor that was closed meanwhile is gone already. */
  if ((before & reading) && (before & reading) != (events & reading))
    put(w, (uintptr_t)fd, EVFILT_READ, EV_DELETE, 0, 0);
  if ((before & LLG_WATCH_OUT) && !(events & LLG_WATCH_OUT))
    put(w, (uintptr_t)fd, EVFILT_WRITE, EV_DELETE, 0, 0);
  if (events & reading) good = watch_reading(w, fd, events);
  if (events & LLG_WATCH_OUT)
    good = put(w, (uintptr_t)fd, EVFILT_WRITE, EV_ADD, 0, 0) && good;
  return good;
}

int llg_watch_wait(
  struct llg_watch *w, int timeout_ms, struct llg_seen *seen, bool *full, bool *woken) {
  struct kevent events[LLG_WATCH_AT_ONCE];
  struct timespec limit = { timeout_ms / 1000, (long)(timeout_ms % 1000) * 1000000 };
  int n = kevent(
    w->fd, NULL, 0, events, LLG_WATCH_AT_ONCE, timeout_ms < 0 ? NULL : &limit);
  int n_seen = 0;
  *woken = n < 0;
  *full = n == LLG_WATCH_AT_ONCE;
  for (int i = 0; i < n; i++) {
    int is = 0;
    switch (events[i].filter) {
    case EVFILT_USER: *woken = true; continue;
    case EVFILT_TIMER: continue; /* it has done what it is for */
    case EVFILT_READ: is = LLG_WATCH_IN; break;
    case EVFILT_WRITE: is = LLG_WATCH_OUT; break;
    default: continue;
    }
    if ((events[i].flags & EV_EOF) && events[i].fflags != 0) is |= LLG_WATCH_ERR;
    seen[n_seen++] = (struct llg_seen){ (int)events[i].ident, is };
  }
  return n_seen;
}

void llg_watch_wake(const struct llg_watch *w) {
  int saved = errno;
  put(w, WAKE, EVFILT_USER, 0, NOTE_TRIGGER, 0);
  errno = saved;
}

bool llg_watch_alarm(struct llg_watch *w, int64_t ms) {
  put(w, ALARM, EVFILT_TIMER, EV_DELETE, 0, 0); /* there may be none */
  if (ms < 0) return true;
  /* 0 is refused, or means never, on some. */
  return put(w, ALARM, EVFILT_TIMER, EV_ADD | EV_ONESHOT, 0, ms > 0 ? ms : 1);
}
#endif
