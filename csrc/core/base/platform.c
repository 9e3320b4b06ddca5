#include "platform.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#if defined(__linux__)
#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>

bool llg_pipe(int ends[2]) {
  return pipe2(ends, O_CLOEXEC) == 0;
}

int llg_socket(int family, int type, int protocol) {
  return socket(family, type | SOCK_CLOEXEC, protocol);
}

int llg_unconfirmed_bytes(int fd) {
  int n = 0;
  return ioctl(fd, SIOCOUTQ, &n) == 0 ? n : 0;
}

bool llg_peer_has_closed(int fd) {
  struct pollfd p = { .fd = fd, .events = POLLRDHUP };
  return poll(&p, 1, 0) != 0;
}
#else
/* Between the two calls another thread may start a program: there is no better way here. */
static bool not_inherited(int fd) {
  return fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

bool llg_pipe(int ends[2]) {
  if (pipe(ends) != 0) return false;
  if (not_inherited(ends[0]) && not_inherited(ends[1])) return true;
  (void)close(ends[0]);
  (void)close(ends[1]);
  return false;
}

int llg_socket(int family, int type, int protocol) {
  int fd = socket(family, type, protocol);
  if (fd >= 0 && !not_inherited(fd)) {
    (void)close(fd);
    return -1;
  }
  return fd;
}

int llg_unconfirmed_bytes(int fd) {
#if defined(SO_NWRITE)
  int n = 0;
  socklen_t size = sizeof n;
  return getsockopt(fd, SOL_SOCKET, SO_NWRITE, &n, &size) == 0 ? n : 0;
#else
  (void)fd;
  return 0;
#endif
}

/* Behind bytes that are unread it is not seen. */
bool llg_peer_has_closed(int fd) {
  char byte;
  return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}
#endif

const char *llg_why(int number, char *text, size_t n_bytes) {
#if defined(__GLIBC__)
  return strerror_r(number, text, n_bytes);
#else
  return strerror_r(number, text, n_bytes) == 0 ? text : "unknown error";
#endif
}
