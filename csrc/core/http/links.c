#include "links.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "../base/memory.h"
#include "outcome.h"

/* Where connections go, by one way and on one set of terms. */
struct llg_server {
  struct llg_ring in_bucket;
  struct llg_ring at_rest; /* its links, the last one used first */
  struct llg_ring waiting; /* whose turn comes when one of its links is free */
  struct llg_link *common; /* the one that all share, where HTTP/2 is wanted */
  size_t n_links;
  bool held; /* it stays, even without links */
  size_t key_len;
  char key[];
};

/* ---- servers ---- */

/* What two requests must have in common to share a connection. */
static size_t write_key(
  char *key, size_t size, const struct llg_request *r, const char *url, bool common) {
  const char *authority = strstr(url, "://");
  size_t n_url = authority != NULL
                   ? (size_t)(authority - url) + 3 + strcspn(authority + 3, "/?#")
                   : strlen(url);
  const char *transport = r->settings->transport.key;
  int n = snprintf(
    key, size, "%c%.*s %s", common ? '2' : '1', (int)n_url, url,
    transport != NULL ? transport : "");
  return n < 0 ? 0 : (size_t)n < size ? (size_t)n : size - 1;
}

static struct llg_ring *bucket_of(struct llg_links *l, const char *key, size_t n) {
  uint32_t hash = 2166136261u; /* FNV-1a */
  for (size_t i = 0; i < n; i++)
    hash = (hash ^ (unsigned char)key[i]) * 16777619u;
  return &l->servers[hash % LLG_SERVER_BUCKETS];
}

/* NULL if there is none and `add` is false, or when out of memory. */
static struct llg_server *server_of(
  struct llg_links *l, const struct llg_request *request, const char *url, bool add) {
  char key[LLG_MAX_KEY_BYTES];
  size_t n = write_key(key, sizeof key, request, url, llg_easy_wants_two(request, url));
  struct llg_ring *bucket = bucket_of(l, key, n);
  for (struct llg_ring *at = bucket->next; at != bucket; at = at->next) {
    struct llg_server *s = LLG_RING_OWNER(at, struct llg_server, in_bucket);
    if (s->key_len == n && memcmp(s->key, key, n) == 0) return s;
  }
  struct llg_server *s = add ? llg_calloc(1, sizeof *s + n) : NULL;
  if (s == NULL) return NULL;
  memcpy(s->key, key, n);
  s->key_len = n;
  llg_ring_open(&s->at_rest);
  llg_ring_open(&s->waiting);
  llg_ring_append(bucket, &s->in_bucket);
  return s;
}

static void free_unused(struct llg_server *s) {
  if (s->held || s->n_links > 0 || !llg_ring_is_empty(&s->waiting)) return;
  llg_ring_remove(&s->in_bucket);
  llg_wipe(s->key, s->key_len); /* the password of a proxy may stand in it */
  llg_free(s);
}

/* ---- whose turn it is ---- */

static bool wake_one(struct llg_links *l, struct llg_ring *waiting) {
  struct llg_ring *first = waiting->next;
  if (first == waiting) return false;
  llg_ring_remove(first);
  llg_ring_append(l->startable->next, first); /* in front: it has waited */
  return true;
}

static void wake(struct llg_links *l, struct llg_server *s) {
  if (!wake_one(l, &s->waiting)) wake_one(l, &l->waiting);
}

void llg_links_pass_on(
  struct llg_links *l, const struct llg_request *request, const char *url) {
  struct llg_server *s = server_of(l, request, url, false);
  if (s == NULL) {
    wake_one(l, &l->waiting);
    return;
  }
  wake(l, s);
  free_unused(s);
}

/* ---- handles without a connection ---- */

static void spare_easy(struct llg_links *l, struct llg_easy *easy) {
  llg_easy_share(easy, NULL, false, NULL);
  if (l->n_spare == LLG_IDLE_HANDLES) {
    llg_easy_free(easy);
    return;
  }
  easy->next = l->spare;
  l->spare = easy;
  l->n_spare++;
}

/* One that carries the options of these settings already, else any, else a new one. */
static struct llg_easy *take_spare(struct llg_links *l, uint64_t serial) {
  struct llg_easy **best = &l->spare;
  for (struct llg_easy **at = &l->spare; *at != NULL; at = &(*at)->next) {
    if ((*at)->serial != serial) continue;
    best = at;
    break;
  }
  struct llg_easy *easy = *best;
  if (easy == NULL) return llg_easy_new();
  *best = easy->next;
  l->n_spare--;
  return easy;
}

/* ---- links ---- */

static void leave_rest(struct llg_links *l, struct llg_link *link) {
  if (llg_ring_is_in(&link->of_all)) l->n_at_rest--;
  llg_ring_remove(&link->of_all);
  llg_ring_remove(&link->of_server);
}

static void end_link(struct llg_links *l, struct llg_link *link) {
  struct llg_server *s = link->server;
  leave_rest(l, link);
  if (link->easy != NULL) spare_easy(l, link->easy);
  if (s->common == link) s->common = NULL;
  if (link->share != NULL) l->n_kept--;
  struct llg_crowd *crowd = link->crowd;
  llg_link_free(link);
  llg_crowd_leave(&l->crowd, crowd);
  s->n_links--;
  l->n--;
  wake(l, s);
  free_unused(s);
}

static void end_longest_at_rest(struct llg_links *l) {
  end_link(l, LLG_RING_OWNER(l->at_rest.next, struct llg_link, of_all));
}

void llg_links_forget(struct llg_links *l, uint64_t serial) {
  for (struct llg_ring *at = l->at_rest.next, *next; at != &l->at_rest; at = next) {
    struct llg_link *link = LLG_RING_OWNER(at, struct llg_link, of_all);
    next = at->next;
    if (link->last_serial == serial) end_link(l, link);
  }
}

void llg_links_limit(
  struct llg_links *l, size_t max, size_t max_host, size_t max_at_rest) {
  l->max = max;
  l->max_host = max_host;
  l->max_at_rest = max_at_rest;
  while (l->n_at_rest > 0 && (l->n_at_rest > l->max_at_rest || l->n > l->max))
    end_longest_at_rest(l);
  while (wake_one(l, &l->waiting)) /* all may ask again */
    ;
  for (size_t i = 0; i < LLG_SERVER_BUCKETS; i++)
    for (struct llg_ring *at = l->servers[i].next; at != &l->servers[i]; at = at->next)
      while (wake_one(l, &LLG_RING_OWNER(at, struct llg_server, in_bucket)->waiting))
        ;
}

void llg_links_heard(struct llg_links *l, struct llg_link *link) {
  if (!llg_ring_is_in(&link->of_all)) return; /* taken again since */
  if (!llg_link_is_quiet(link) || !llg_link_rest(link, link->speaks_two))
    end_link(l, link);
}

/* ---- who asks for one ---- */

/* So few descriptors are left that the host could hardly open a file. */
static bool is_short(const struct llg_links *l) {
  struct rlimit limit;
  if (l->last_fd == 0 || getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
  return limit.rlim_cur != RLIM_INFINITY
         && (rlim_t)l->last_fd + LLG_SPARE_DESCRIPTORS >= limit.rlim_cur;
}

/* One at rest that has kept quiet. */
static struct llg_link *rested(struct llg_links *l, struct llg_server *s) {
  while (!llg_ring_is_empty(&s->at_rest)) {
    struct llg_link *link = LLG_RING_OWNER(s->at_rest.next, struct llg_link, of_server);
    if (llg_link_is_quiet(link)) {
      leave_rest(l, link);
      return link;
    }
    end_link(l, link);
  }
  return NULL;
}

static enum llg_status find_link(
  struct llg_links *l, struct llg_server *s, const struct llg_request *r, bool common,
  struct llg_link **link, struct llg_ring **queue) {
  size_t own = r->settings->max_connections;
  size_t most = own > 0 && own < l->max_host ? own : l->max_host;
  *link = s->common != NULL && s->common->n_users > 0 ? s->common : rested(l, s);
  if (*link != NULL) return LLG_OK;
  *queue = &s->waiting;
  if (s->n_links >= most) return LLG_MORE;
  if (l->n >= l->max || is_short(l)) {
    *queue = &l->waiting;
    if (l->n_at_rest > 0)
      end_longest_at_rest(l);
    else if (l->n > 0)
      return LLG_MORE;
  }
  /* Of very many streams not all connections could be kept. */
  bool kept = common
              || (l->max_at_rest > 0 && (!r->stream || l->n_kept < l->max_at_rest));
  *link = llg_link_new(l->poller, &l->last_fd, common, kept);
  if (*link == NULL) return LLG_NOMEM;
  if (kept)
    l->n_kept++;
  else
    (*link)->crowd = llg_crowd_join(&l->crowd);
  (*link)->server = s;
  if (common) s->common = *link;
  s->n_links++;
  l->n++;
  return LLG_OK;
}

enum llg_status llg_links_take(
  struct llg_links *l, const struct llg_request *request, const char *url,
  struct llg_easy **easy, struct llg_easy_hooks *hooks, struct llg_ring **queue) {
  struct llg_link *link = NULL;
  struct llg_server *s = server_of(l, request, url, true);
  if (s == NULL) return LLG_NOMEM;
  s->held = true;
  enum llg_status status = find_link(
    l, s, request, llg_easy_wants_two(request, url), &link, queue);
  s->held = false;
  if (status != LLG_OK) {
    if (status == LLG_NOMEM || *queue != &s->waiting) free_unused(s);
    return status;
  }
  *easy = link->n_users == 0 ? link->easy : NULL;
  if (*easy == NULL) *easy = take_spare(l, request->settings->serial);
  if (*easy == NULL) {
    if (link->n_users == 0) end_link(l, link);
    return LLG_NOMEM;
  }
  link->n_users++;
  llg_link_bind(link, *easy, hooks);
  return LLG_OK;
}

/* ---- and gives it back ---- */

static void lay_to_rest(struct llg_links *l, struct llg_link *link) {
  bool kept = link->share != NULL && l->max_at_rest > 0 && l->n <= l->max;
  if (!kept || !llg_link_rest(link, false)) {
    end_link(l, link);
    return;
  }
  if (l->n_at_rest >= l->max_at_rest) end_longest_at_rest(l);
  llg_ring_append(link->server->at_rest.next, &link->of_server);
  llg_ring_append(&l->at_rest, &link->of_all);
  l->n_at_rest++;
  wake(l, link->server);
}

void llg_links_give(struct llg_links *l, struct llg_easy *easy) {
  struct llg_link *link = easy->sockets;
  if (easy->player != NULL) { /* it never had one */
    llg_easy_free(easy);
    return;
  }
  link->last_serial = easy->serial;
  llg_easy_rest(easy);
  if (link->is_common) {
    link->speaks_two = llg_outcome_spoke_two(easy);
    if (link->easy == easy) link->easy = NULL;
    spare_easy(l, easy);
  }
  if (--link->n_users == 0) lay_to_rest(l, link);
}

/* ---- life ---- */

void llg_links_open(
  struct llg_links *l, struct llg_poller *poller, struct llg_ring *startable) {
  memset(l, 0, sizeof *l);
  l->poller = poller;
  l->startable = startable;
  l->max = LLG_MAX_CONNECTIONS;
  l->max_host = LLG_MAX_HOST_CONNECTIONS;
  l->max_at_rest = LLG_MAX_IDLE_CONNECTIONS;
  llg_ring_open(&l->at_rest);
  llg_ring_open(&l->waiting);
  for (size_t i = 0; i < LLG_SERVER_BUCKETS; i++)
    llg_ring_open(&l->servers[i]);
}

void llg_links_close(struct llg_links *l) {
  while (l->n_at_rest > 0)
    end_longest_at_rest(l);
  while (l->spare != NULL) {
    struct llg_easy *next = l->spare->next;
    llg_easy_free(l->spare);
    l->spare = next;
  }
  llg_crowd_free(l->crowd);
  for (size_t i = 0; i < LLG_SERVER_BUCKETS; i++)
    while (!llg_ring_is_empty(&l->servers[i])) /* who waited there has given up */
      free_unused(LLG_RING_OWNER(l->servers[i].next, struct llg_server, in_bucket));
}
