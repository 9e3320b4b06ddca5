#include "link.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../base/memory.h"
#include "../base/platform.h"

/* ---- sockets ---- */

/* libcurl (7.88) closes one that is still connecting without a word: the loser of a race between
** addresses, or when the attempt is given up. */
static void sweep(struct llg_link *link) {
  for (int i = 0; i < 2 && link->n_open > 0; i++) {
    int fd = link->fds[i];
    if (fd < 0) continue;
    bool is_ours = llg_poller_is_of(link->poller, fd, link);
    if (is_ours && fcntl(fd, F_GETFD) >= 0) continue;
    if (is_ours) llg_poller_closing(link->poller, fd);
    link->fds[i] = -1;
    link->n_open--;
  }
}

/* Sockets are not inherited by what the host starts, and say when they are closed. */
static curl_socket_t
on_open(void *user, curlsocktype purpose, struct curl_sockaddr *address) {
  struct llg_link *link = user;
  (void)purpose;
  sweep(link);
  if (link->easy != NULL) llg_easy_reconnects(link->easy);
  int fd = llg_socket(address->family, address->socktype, address->protocol);
  if (fd < 0) {
    if (link->easy != NULL)
      link->easy->no_descriptor = errno == EMFILE || errno == ENFILE;
    return CURL_SOCKET_BAD;
  }
  if (!llg_poller_trust(link->poller, fd, link)) {
    close(fd);
    return CURL_SOCKET_BAD;
  }
  link->n_open++;
  link->tls_end = (struct llg_tls_end){ 0 };
  *link->last_fd = fd;
  link->fds[link->fds[0] < 0 ? 0 : 1] = fd;
  return fd;
}

static int on_close(void *user, curl_socket_t fd) {
  struct llg_link *link = user;
  link->n_open--;
  *link->last_fd = 0;
  for (int i = 0; i < 2; i++)
    if (link->fds[i] == fd) link->fds[i] = -1;
  llg_poller_closing(link->poller, fd);
  if (link->is_orphan && link->n_open == 0) llg_free(link);
  return close(fd);
}

/* The one socket of a link that is fit to rest; -1 if it has none, or more. */
static int only_fd(const struct llg_link *link) {
  if (link->n_open != 1) return -1;
  return link->fds[0] >= 0 ? link->fds[0] : link->fds[1];
}

int llg_link_unconfirmed(const struct llg_link *link) {
  int fd = only_fd(link);
  return fd >= 0 ? llg_unconfirmed_bytes(fd) : 0;
}

bool llg_link_was_cut(const struct llg_link *link) {
  return link->tls_end.watched && !link->tls_end.said;
}

bool llg_link_rest(struct llg_link *link, bool deaf) {
  if (link->n_open > 1) sweep(link);
  int fd = only_fd(link);
  if (fd < 0) return false;
  return deaf ? llg_poller_rest_deaf(link->poller, fd)
              : llg_poller_rest(link->poller, fd);
}

bool llg_link_is_quiet(const struct llg_link *link) {
  char byte;
  int fd = only_fd(link);
  if (fd < 0) return false;
  if (link->speaks_two) return !llg_peer_has_closed(fd);
  return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0
         && (errno == EAGAIN || errno == EWOULDBLOCK);
}

/* ---- life ---- */

static CURLSH *new_cache(void) {
  CURLSH *share = curl_share_init();
  if (
    share != NULL
    && curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT) == CURLSHE_OK)
    return share;
  curl_share_cleanup(share);
  return NULL;
}

struct llg_link *
llg_link_new(struct llg_poller *poller, int *last_fd, bool is_common, bool kept) {
  struct llg_link *link = llg_calloc(1, sizeof *link);
  if (link == NULL) return NULL;
  if (kept && (link->share = new_cache()) == NULL) {
    llg_free(link);
    return NULL;
  }
  link->poller = poller;
  link->last_fd = last_fd;
  link->is_common = is_common;
  link->fds[0] = link->fds[1] = -1;
  return link;
}

void llg_link_free(struct llg_link *link) {
  if (link->share != NULL) curl_share_cleanup(link->share); /* by way of on_close */
  link->easy = NULL;
  sweep(link);
  /* A libcurl that says goodbye without waiting for the answer (8.12) closes later. */
  link->is_orphan = link->n_open > 0;
  if (!link->is_orphan) llg_free(link);
}

void llg_link_bind(
  struct llg_link *link, struct llg_easy *easy, struct llg_easy_hooks *hooks) {
  link->easy = easy;
  bool keeps = link->share != NULL;
  CURLSH *cache = link->crowd != NULL ? link->crowd->share : link->share;
  llg_easy_share(easy, cache, keeps, link);
  easy->tls_end = &link->tls_end;
  hooks->on_open_socket = on_open;
  hooks->on_close_socket = on_close;
}
