#include "secrets.h"

#include <string.h>

#include "../core/base/memory.h"

#define MASK "[key]"

enum { BATCH = 32, BASIC_BYTES = 512 };

struct secret {
  const char *at;
  size_t n;
  bool encoded; /* it is from a URL: %XX stands for a byte */
};

/* As many as fit, from number `skip` on. */
struct list {
  size_t skip, seen, n;
  struct secret secrets[BATCH];
  bool is_cut;                   /* the text may end within a secret */
  bool first[256];               /* what one of them begins with */
  char basic[BASIC_BYTES];       /* user and password in base64, if one of them is that */
  char proxy_basic[BASIC_BYTES]; /* likewise */
};

/* ---- how a secret may be written ---- */

static int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte that s stands for, of which *n are taken. */
static unsigned char decode(const char *s, size_t left, bool encoded, size_t *n) {
  *n = 1;
  if (encoded && s[0] == '%' && left > 2 && hex(s[1]) >= 0 && hex(s[2]) >= 0) {
    *n = 3;
    return (unsigned char)(hex(s[1]) * 16 + hex(s[2]));
  }
  if (encoded && s[0] == '\\' && left > 1 && strchr("/\\\"", s[1]) != NULL) {
    *n = 2;
    return (unsigned char)s[1];
  }
  return (unsigned char)s[0];
}

static size_t decoded_bytes(const struct secret *s) {
  size_t n = 0, taken;
  for (size_t i = 0; i < s->n; i += taken, n++)
    decode(s->at + i, s->n - i, s->encoded, &taken);
  return n;
}

/* How many bytes of the text are the secret; 0: it does not stand there. */
static size_t match(const struct secret *s, const char *text, size_t n, bool is_cut) {
  size_t at = 0, taken, i, step;
  if (n >= s->n && memcmp(text, s->at, s->n) == 0) return s->n;
  for (i = 0; i < s->n; i += step, at += taken) {
    if (at >= n) return is_cut && i >= LLG_SECRET_BYTES ? at : 0;
    unsigned char wanted = decode(s->at + i, s->n - i, s->encoded, &step);
    if (decode(text + at, n - at, true, &taken) != wanted) {
      if ((unsigned char)text[at] != wanted) return 0;
      taken = 1; /* a '%' or a '\' that stands for itself */
    }
  }
  return at;
}

/* ---- which there are ---- */

static void add(struct list *list, const char *at, size_t n, bool encoded) {
  const struct secret s = { at, n, encoded };
  size_t ignored;
  if (n < LLG_SECRET_BYTES || decoded_bytes(&s) < LLG_SECRET_BYTES) return;
  if (list->seen++ < list->skip || list->n == BATCH) return;
  list->secrets[list->n++] = s;
  list->first[(unsigned char)at[0]] = true;
  list->first[decode(at, n, encoded, &ignored)] = true;
}

/* Whether the entry ("Name: value") is of this field, whose name is in lower case. */
static bool is_field(const char *entry, const char *name) {
  for (; *name != '\0'; entry++, name++) {
    bool upper = *entry >= 'A' && *entry <= 'Z';
    if ((upper ? *entry - 'A' + 'a' : *entry) != *name) return false;
  }
  return *entry == ':';
}

static bool is_any_field(const char *entry, const char *const *names) {
  for (; *names != NULL; names++)
    if (is_field(entry, *names)) return true;
  return false;
}

/* "Bearer sk-..." and "a=secret; b=secret": the parts by themselves. */
static void add_parts(struct list *list, const char *value) {
  while (*value != '\0') {
    size_t n = strcspn(value, " ;,");
    const char *equals = memchr(value, '=', n);
    add(list, value, n, false);
    if (equals != NULL) add(list, equals + 1, n - (size_t)(equals + 1 - value), false);
    value += n;
    value += strspn(value, " ;,");
  }
}

/* Servers repeat these for good reasons, and nothing is lost when they do. */
static const char *const public_fields[] = { "accept",
                                             "accept-encoding",
                                             "accept-language",
                                             "content-type",
                                             "openai-beta",
                                             "openai-organization",
                                             "openai-project",
                                             "user-agent",
                                             "x-request-id",
                                             "x-client-request-id",
                                             NULL };
static const char *const composed_fields[] = { "authorization", "proxy-authorization",
                                               "cookie", NULL };

static void add_headers(struct list *list, const struct llg_header_list *headers) {
  for (size_t i = 0; i < headers->count; i++) {
    const char *entry = headers->entries[i];
    const char *colon = strchr(entry, ':');
    if (colon == NULL || is_any_field(entry, public_fields)) continue;
    const char *value = colon + 1 + strspn(colon + 1, " ");
    if (is_any_field(entry, composed_fields))
      add_parts(list, value);
    else
      add(list, value, strlen(value), false);
  }
}

static void add_query(struct list *list, const char *query) {
  static const char version[] = "api-version=";
  while (*query != '\0') {
    size_t n = strcspn(query, "&");
    const char *equals = memchr(query, '=', n);
    bool is_version = strncmp(query, version, sizeof version - 1) == 0;
    if (equals != NULL && !is_version)
      add(list, equals + 1, n - (size_t)(equals + 1 - query), true);
    query += n;
    if (*query == '&') query++;
  }
}

/* What libcurl makes of user and password: the value of "Authorization: Basic", in `basic`. */
static void add_basic(struct list *list, const char *user, size_t n, char *basic) {
  static const char digits[]
    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  unsigned bits = 0, n_bits = 0;
  size_t len = 0, taken;
  for (size_t i = 0; i < n; i += taken) {
    bits = (bits << 8 | decode(user + i, n - i, true, &taken)) & 0xFFFF;
    for (n_bits += 8; n_bits >= 6; n_bits -= 6)
      if (len < BASIC_BYTES) basic[len++] = digits[bits >> (n_bits - 6) & 63];
  }
  if (n_bits > 0 && len < BASIC_BYTES) basic[len++] = digits[bits << (6 - n_bits) & 63];
  if (len < BASIC_BYTES) add(list, basic, len, false);
}

/* "user:password@" before the host of a URL; a proxy's may lack the scheme. */
static void add_user(struct list *list, const char *url, char *basic) {
  const char *from = strstr(url, "://");
  from = from != NULL ? from + 3 : url;
  size_t n = strcspn(from, "/?#");
  while (n > 0 && from[n - 1] != '@')
    n--;
  if (n == 0) return;
  n--;
  const char *colon = memchr(from, ':', n);
  size_t user_n = colon != NULL ? (size_t)(colon - from) : n;
  add(list, from, user_n, true);
  if (colon != NULL) add(list, colon + 1, n - user_n - 1, true);
  add_basic(list, from, n, basic);
}

static void collect(struct list *list, const struct llg_request *r, size_t skip) {
  const struct llg_settings *s = r->settings;
  memset(list, 0, sizeof *list);
  list->skip = skip;
  if (r->own_headers)
    add_headers(list, &r->headers);
  else if (s != NULL)
    add_headers(list, &s->headers);
  if (r->url != NULL) {
    add_query(list, r->url + strcspn(r->url, "?") + (strchr(r->url, '?') != NULL));
    add_user(list, r->url, list->basic);
  }
  if (s != NULL && s->transport.proxy != NULL)
    add_user(list, s->transport.proxy, list->proxy_basic);
}

/* Go over all of them: `list` begins zeroed. False behind the last. */
static bool next_batch(struct list *list, const struct llg_request *r) {
  if (list->seen > 0 && list->seen <= list->skip + BATCH) return false;
  collect(list, r, list->seen > 0 ? list->skip + BATCH : 0);
  return list->n > 0;
}

/* ---- where they stand ---- */

/* The quick way to see that there is none, as nearly always: written as they are they do not stand
** there, and nothing is written in another way. */
static bool is_free(const struct list *list, const char *text, size_t n) {
  if (n == 0) return true;
  if (list->is_cut) return false;
  if (memchr(text, '%', n) != NULL || memchr(text, '\\', n) != NULL) return false;
  for (size_t i = 0; i < list->n; i++) {
    const struct secret *s = &list->secrets[i];
    if (s->encoded && memchr(s->at, '%', s->n) != NULL) return false;
    if (memmem(text, n, s->at, s->n) != NULL) return false;
  }
  return true;
}

/* The next one in the text from `at` on, the longest of those that begin there; n: none. */
static size_t
find(const struct list *list, const char *text, size_t at, size_t n, size_t *len) {
  for (; at < n; at++) {
    unsigned char c = (unsigned char)text[at];
    if (!list->first[c] && c != '%' && c != '\\') continue;
    *len = 0;
    for (size_t i = 0; i < list->n; i++) {
      size_t matched = match(&list->secrets[i], text + at, n - at, list->is_cut);
      if (matched > *len) *len = matched;
    }
    if (*len > 0) break;
  }
  return at;
}

bool llg_holds_secret(const struct llg_request *r, const char *text, size_t n) {
  struct list list = { 0 };
  size_t len;
  while (next_batch(&list, r))
    if (!is_free(&list, text, n) && find(&list, text, 0, n, &len) < n) return true;
  return false;
}

/* A secret is longer than what is put in its place. */
static size_t replace(const struct list *list, char *text, size_t n) {
  size_t to = 0, from = 0, len = 0;
  if (is_free(list, text, n)) return n;
  while (from < n) {
    size_t at = find(list, text, from, n, &len);
    memmove(text + to, text + from, at - from);
    to += at - from;
    from = at;
    if (at == n) break;
    memcpy(text + to, MASK, sizeof MASK - 1);
    to += sizeof MASK - 1;
    from += len;
  }
  llg_wipe(text + to, n - to);
  return to;
}

static size_t redact(const struct llg_request *r, char *text, size_t n, bool is_cut) {
  struct list list = { 0 };
  while (next_batch(&list, r)) {
    list.is_cut = is_cut;
    n = replace(&list, text, n);
  }
  return n;
}

size_t llg_redact(const struct llg_request *r, char *text, size_t n) {
  return redact(r, text, n, false);
}

void llg_redact_failure(const struct llg_request *r, struct llg_failure *failure) {
  size_t n = strlen(failure->message);
  bool is_cut = n + 8 > sizeof failure->message;
  failure->message[redact(r, failure->message, n, is_cut)] = '\0';
}

static void redact_buffer(const struct llg_request *r, struct llg_buffer *b) {
  if (b->len > 0) b->len = llg_redact(r, llg_buffer_bytes(b), b->len);
}

void llg_forget_secrets(struct llg_exchange *x, bool all) {
  redact_buffer(&x->request, &x->headers);
  if (all) {
    redact_buffer(&x->request, &x->body);
    llg_redact_failure(&x->request, &x->failure);
  }
  llg_exchange_forget(x);
}
