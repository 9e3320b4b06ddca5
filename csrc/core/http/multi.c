#include "multi.h"

#include <pthread.h>
#include <string.h>

#include "../base/clock.h"

/* ---- what curl asks of us ---- */

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *ignored) {
  struct llg_multi *m = user;
  (void)easy;
  (void)ignored;
  int events = 0;
  if (what == CURL_POLL_IN || what == CURL_POLL_INOUT) events |= LLG_POLL_IN;
  if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT) events |= LLG_POLL_OUT;
  return llg_poller_want(m->poller, fd, events) ? 0 : -1;
}

static int on_timer(CURLM *curl, long timeout_ms, void *user) {
  struct llg_multi *m = user;
  (void)curl;
  m->curl_due_ms = timeout_ms < 0    ? INT64_MAX
                   : timeout_ms == 0 ? 0
                                     : llg_now_ms() + timeout_ms;
  return 0;
}

/* ---- life ---- */

static void init_libcurl(void) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
}

bool llg_multi_open(struct llg_multi *m, struct llg_ring *startable) {
  /* Never cleaned up: a resolver's thread may outlive every Lua state. */
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, init_libcurl);
  memset(m, 0, sizeof *m);
  m->curl_due_ms = m->players_due_ms = INT64_MAX;
  llg_ring_open(&m->playing);
  llg_ring_open(&m->finished);
  m->poller = llg_poller_new();
  m->curl = curl_multi_init();
  if (m->poller == NULL || m->curl == NULL) {
    curl_multi_cleanup(m->curl);
    llg_poller_free(m->poller);
    return false;
  }
  llg_links_open(&m->links, m->poller, startable);
  curl_multi_setopt(m->curl, CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(m->curl, CURLMOPT_SOCKETDATA, m);
  curl_multi_setopt(m->curl, CURLMOPT_TIMERFUNCTION, on_timer);
  curl_multi_setopt(m->curl, CURLMOPT_TIMERDATA, m);
  return true;
}

void llg_multi_close(struct llg_multi *m) {
  llg_links_close(&m->links);
  curl_multi_cleanup(m->curl);
  llg_poller_free(m->poller);
}

void llg_multi_abandon(struct llg_multi *m) {
  llg_poller_abandon(m->poller);
}

/* ---- transfers ---- */

bool llg_multi_add(struct llg_multi *m, struct llg_easy *easy) {
  if (easy->player != NULL) {
    llg_ring_append(&m->playing, &easy->player->ring);
    m->players_due_ms = 0;
    return true;
  }
  return curl_multi_add_handle(m->curl, easy->curl) == CURLM_OK;
}

void llg_multi_remove(struct llg_multi *m, struct llg_easy *easy) {
  if (easy->player != NULL)
    llg_ring_remove(&easy->player->ring);
  else
    curl_multi_remove_handle(m->curl, easy->curl);
}

CURLcode llg_multi_resume(struct llg_multi *m, struct llg_easy *easy) {
  if (easy->player != NULL) {
    easy->player->paused = false;
    m->players_due_ms = 0;
    return CURLE_OK;
  }
  return curl_easy_pause(easy->curl, CURLPAUSE_CONT);
}

/* ---- the work ---- */

static void act(struct llg_multi *m, curl_socket_t fd, int events) {
  int running;
  if (curl_multi_socket_action(m->curl, fd, events, &running) != CURLM_OK)
    m->broken = true;
}

static void run_players(struct llg_multi *m, int64_t now_ms) {
  m->players_due_ms = INT64_MAX;
  struct llg_ring *at = m->playing.next, *next;
  for (; at != &m->playing; at = next) {
    next = at->next;
    struct llg_player *p = LLG_RING_OWNER(at, struct llg_player, ring);
    llg_player_run(p, now_ms);
    int64_t due_ms = llg_player_due_ms(p);
    if (due_ms < m->players_due_ms) m->players_due_ms = due_ms;
    if (!p->ended) continue;
    llg_ring_remove(at);
    llg_ring_append(&m->finished, at);
  }
}

int64_t llg_multi_due_ms(const struct llg_multi *m) {
  if (!llg_ring_is_empty(&m->finished)) return 0;
  return m->curl_due_ms < m->players_due_ms ? m->curl_due_ms : m->players_due_ms;
}

void llg_multi_run_timer(struct llg_multi *m, int64_t now_ms) {
  if (m->players_due_ms <= now_ms) run_players(m, now_ms);
  if (m->curl_due_ms > now_ms) return;
  m->curl_due_ms = INT64_MAX;
  act(m, CURL_SOCKET_TIMEOUT, 0);
}

/* Close what was at rest and has spoken or was closed; how many there were. */
static int hear(struct llg_multi *m) {
  int n = 0;
  for (int i = 0; i < m->n_ready; i++) {
    if (m->ready[i].fd < 0 || (m->ready[i].events & LLG_POLL_REST) == 0) continue;
    llg_links_heard(&m->links, m->ready[i].owner);
    n++;
  }
  return n;
}

/* Ask the poller, unless something is left from the last time. What was at rest is closed at once,
** however much: what else was ready is so once more. */
static bool poll_sockets(struct llg_multi *m, int timeout_ms, int64_t *stop_us) {
  if (m->n_acted < m->n_ready) return true;
  bool waits = timeout_ms != 0 && *stop_us != INT64_MAX, woken;
  int64_t begun_us = waits ? llg_now_us() : 0;
  m->n_acted = 0;
  m->n_ready = llg_poller_wait(m->poller, timeout_ms, m->ready, &m->was_full, &woken);
  m->n_polls++;
  if (waits) *stop_us += llg_now_us() - begun_us;
  while (hear(m) > 0 && m->was_full
         && (*stop_us == INT64_MAX || llg_now_us() < *stop_us)) {
    bool also;
    m->n_ready = llg_poller_wait(m->poller, 0, m->ready, &m->was_full, &also);
    woken = woken || also;
  }
  return !woken;
}

bool llg_multi_wait(
  struct llg_multi *m, int timeout_ms, int64_t *stop_us, int64_t *now_ms) {
  bool undisturbed = poll_sockets(m, timeout_ms, stop_us);
  *now_ms = llg_now_ms();
  while (m->n_acted < m->n_ready) {
    struct llg_ready ready = m->ready[m->n_acted++];
    m->n_acts++;
    int events = 0;
    if (ready.events & LLG_POLL_IN) events |= CURL_CSELECT_IN;
    if (ready.events & LLG_POLL_OUT) events |= CURL_CSELECT_OUT;
    if (ready.events & LLG_POLL_ERR) events |= CURL_CSELECT_ERR;
    if (ready.fd >= 0 && events != 0) act(m, ready.fd, events);
    if (*stop_us != INT64_MAX && llg_now_us() >= *stop_us) break;
  }
  return undisturbed;
}

bool llg_multi_has_more(const struct llg_multi *m) {
  return m->n_acted < m->n_ready || m->was_full;
}

bool llg_multi_next_done(struct llg_multi *m, void **transfer, CURLcode *code) {
  CURLMsg *message;
  int ignored;
  if (!llg_ring_is_empty(&m->finished)) {
    struct llg_player *p = LLG_RING_OWNER(m->finished.next, struct llg_player, ring);
    llg_ring_remove(&p->ring);
    *transfer = p->transfer;
    *code = p->code;
    return true;
  }
  while ((message = curl_multi_info_read(m->curl, &ignored)) != NULL) {
    if (message->msg != CURLMSG_DONE) continue;
    *code = message->data.result;
    return curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, transfer)
           == CURLE_OK;
  }
  return false;
}
