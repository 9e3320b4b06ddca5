/*
** black_hole.c - a port of this machine that answers to nobody: its queue is full, so that each
** further attempt to connect is dropped in silence. Prints the port and its own number, and ends with
** whoever started it, at the latest after five minutes.
*/
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FILLERS = 8 };

int main(void) {
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t len = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (
    listener < 0 || bind(listener, (struct sockaddr *)&address, len) != 0
    || listen(listener, 0) != 0
    || getsockname(listener, (struct sockaddr *)&address, &len) != 0)
    return 1;
  for (int i = 0; i < FILLERS; i++) {
    int filler = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (filler >= 0) (void)connect(filler, (struct sockaddr *)&address, len);
  }
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  printf("%d\n%d\n", ntohs(address.sin_port), (int)getpid());
  fflush(stdout);
  sleep(300);
  return 0;
}
