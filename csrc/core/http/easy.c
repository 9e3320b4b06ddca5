#include "easy.h"

#include <stdio.h>
#include <string.h>

#include "../base/clock.h"
#include "../base/memory.h"
#include "features.h"
#include "tls_end.h"

#define PLAIN_BUFFER_BYTES 65536L

struct llg_easy *llg_easy_new(void) {
  struct llg_easy *e = llg_calloc(1, sizeof *e);
  if (e == NULL) return NULL;
  e->curl = curl_easy_init();
  if (e->curl == NULL) {
    llg_free(e);
    return NULL;
  }
  return e;
}

struct llg_easy *llg_easy_play(struct llg_tape *tape, const struct llg_deck *deck) {
  struct llg_easy *e = llg_calloc(1, sizeof *e);
  if (e != NULL) e->player = llg_player_new(tape, deck);
  if (e != NULL && e->player == NULL) {
    llg_free(e);
    return NULL;
  }
  return e;
}

/* Wiped: a key may stand in the query. */
static void forget_url(struct llg_easy *e) {
  if (e->url != NULL) llg_wipe(e->url, strlen(e->url));
  llg_free(e->url);
  e->url = NULL;
  curl_url_cleanup(
    e->parts); /* libcurl was told of another one before, or is told none */
  e->parts = NULL;
}

void llg_easy_free(struct llg_easy *e) {
  if (e == NULL) return;
  curl_easy_cleanup(e->curl);
  llg_player_free(e->player);
  forget_url(e);
  llg_free(e);
}

/* The first CURLcode that is not OK wins; a chain of these needs no ladder of ifs. */
#define SET(option, value) \
  do { \
    if (code == CURLE_OK) code = curl_easy_setopt(e->curl, option, value); \
  } while (0)

/* The libcurl that is loaded may be older than the header that we were built with. */
static CURLcode set_protocols(struct llg_easy *e) {
  const CURLoption before_7_85 = (CURLoption)(CURLOPTTYPE_LONG + 181);
#if LIBCURL_VERSION_NUM >= 0x075500
  CURLcode code = curl_easy_setopt(e->curl, CURLOPT_PROTOCOLS_STR, "http,https");
  if (code != CURLE_UNKNOWN_OPTION) return code;
#endif
  return curl_easy_setopt(e->curl, before_7_85, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
}

/* What depends on the client alone. */
static CURLcode set_settings(struct llg_easy *e, const struct llg_settings *s) {
  CURLcode code = CURLE_OK;
  curl_easy_reset(e->curl);
  SET(CURLOPT_NOSIGNAL, 1L);
  SET(CURLOPT_NOPROGRESS, 1L);
  SET(CURLOPT_ERRORBUFFER, e->error);
  SET(CURLOPT_ACCEPT_ENCODING, "");
  SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L); /* a proxy's answer is not the server's */
  if (code == CURLE_OK) code = (CURLcode)llg_transport_apply(&s->transport, e->curl);
  if (code == CURLE_OK) code = set_protocols(e);
#if LIBCURL_VERSION_NUM >= 0x075700
  /* A cancel never waits for a resolver; where libcurl is older, llg_features says so. */
  curl_easy_setopt(e->curl, CURLOPT_QUICK_EXIT, 1L);
#endif
  return code;
}

/* libcurl takes a URL apart for each transfer, unless it is given its parts. One that it cannot read
** it is to refuse in its own words, and older ones lose the zone of an IPv6 address in the parts. */
static CURLcode set_url(struct llg_easy *e, const char *url) {
  const unsigned int as_libcurl_does = CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME;
  CURLcode code = CURLE_OK;
  if (e->url != NULL && strcmp(e->url, url) == 0) return CURLE_OK;
  SET(CURLOPT_CURLU, NULL);
  forget_url(e);
  e->url = llg_strndup(url, strlen(url));
  e->parts = curl_url();
  if (e->url == NULL || e->parts == NULL) return CURLE_OUT_OF_MEMORY;
  bool is_read = strchr(url, '[') == NULL
                 && curl_url_set(e->parts, CURLUPART_URL, url, as_libcurl_does)
                      == CURLUE_OK;
  SET(
    CURLOPT_URL,
    is_read ? NULL : url); /* NULL: what it made of the last one's parts goes */
  if (is_read) SET(CURLOPT_CURLU, e->parts);
  return code;
}

static CURLcode set_method(struct llg_easy *e, const struct llg_request *r) {
  CURLcode code = CURLE_OK;
  const char *body = llg_buffer_bytes(&r->body);
  bool posts = strcmp(r->method, "POST") == 0, is_read = r->upload.n_files > 0;
  curl_off_t n = r->has_body ? (curl_off_t)llg_request_body_bytes(r) : 0;
  SET(CURLOPT_POSTFIELDSIZE_LARGE, n);
  /* Makes it a POST, whose body is asked for where it is NULL. */
  SET(CURLOPT_POSTFIELDS, is_read ? NULL : body != NULL ? body : "");
  if (posts && e->plain_post) return code;
  bool heads = strcmp(r->method, "HEAD") == 0;
  /* These say how long their body is even if it is empty: some servers insist. */
  bool sends = posts || r->has_body || strcmp(r->method, "PUT") == 0
               || strcmp(r->method, "PATCH") == 0;
  const char *libcurls_name = heads ? "HEAD" : sends ? "POST" : "GET";
  bool other_name = strcmp(r->method, libcurls_name) != 0;
  SET(CURLOPT_NOBODY, heads ? 1L : 0L);
  if (!heads) SET(sends ? CURLOPT_POST : CURLOPT_HTTPGET, 1L);
  SET(CURLOPT_CUSTOMREQUEST, other_name ? r->method : NULL);
  e->plain_post = posts;
  return code;
}

/* libcurl takes no more, and a long may hold no more. */
static long curl_ms(int64_t ms) {
  return ms < INT32_MAX ? (long)ms : INT32_MAX;
}

/* Without TLS it is 1.1 in any case, and a wait for more would put requests that could run side
** by side into a row. */
bool llg_easy_wants_two(const struct llg_request *r, const char *url) {
  if (!curl_strnequal(url, "https:", 6)) return false;
  if (r->http_version == LLG_HTTP_DEFAULT) return !r->stream && llg_http2_by_default();
  return r->http_version == LLG_HTTP_2;
}

void llg_easy_share(struct llg_easy *e, CURLSH *cache, bool keeps, void *sockets) {
  if (e->sockets == sockets) return;
  e->sockets = sockets;
  e->tls_end = NULL;
  e->keeps = keeps;
  curl_easy_setopt(e->curl, CURLOPT_SHARE, cache);
}

void llg_easy_reconnects(struct llg_easy *e) {
  e->error[0] = '\0';
}

static CURLcode set_sockets(struct llg_easy *e) {
  CURLcode code = CURLE_OK;
  e->no_descriptor = false;
  if (e->told_sockets == e->sockets) return code;
  SET(CURLOPT_OPENSOCKETDATA, e->sockets);
  SET(CURLOPT_CLOSESOCKETDATA, e->sockets);
  if (e->tls_end != NULL) llg_tls_end_watch(e->curl, e->tls_end);
  e->told_sockets = e->sockets;
  if (e->told_keeps == e->keeps) return code;
  SET(CURLOPT_FRESH_CONNECT, e->keeps ? 0L : 1L);
  SET(CURLOPT_FORBID_REUSE, e->keeps ? 0L : 1L);
  e->told_keeps = e->keeps;
  return code;
}

static CURLcode set_version(struct llg_easy *e, const struct llg_request *r) {
  CURLcode code = CURLE_OK;
  bool two = llg_easy_wants_two(r, e->url);
  long version = two ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1;
  if (version != e->curl_http_version) {
    /* A libcurl that was built without HTTP/2 refuses the wish. */
    if (two && curl_easy_setopt(e->curl, CURLOPT_HTTP_VERSION, version) != CURLE_OK) {
      two = false;
      version = CURL_HTTP_VERSION_1_1;
    }
    if (!two) SET(CURLOPT_HTTP_VERSION, version);
    /* Wait a moment for a connection that can take one more stream, rather than open many. */
    SET(CURLOPT_PIPEWAIT, two ? 1L : 0L);
    e->curl_http_version = version;
  }
  if (r->stream != e->streams) {
    /* A body that comes as one is read in fewer, larger pieces. A stream comes in small
    ** ones anyway, and there may be hundreds of them. A handle whose last attempt ended
    ** before it was connected still holds its buffer and refuses another: then the old size
    ** has to do. */
    long bytes = r->stream ? (long)CURL_MAX_WRITE_SIZE : PLAIN_BUFFER_BYTES;
    if (curl_easy_setopt(e->curl, CURLOPT_BUFFERSIZE, bytes) == CURLE_OK)
      e->streams = r->stream;
  }
  if (r->clocks.connect_ms != e->connect_ms) {
    /* libcurl shares the time out between the addresses of a name; a second longer, so that
    ** ours runs out first. Its own default would be 300 s, hence a day for "off". */
    int64_t ms = r->clocks.connect_ms > 0 ? r->clocks.connect_ms + 1000 : 86400000;
    SET(CURLOPT_CONNECTTIMEOUT_MS, curl_ms(ms));
    e->connect_ms = r->clocks.connect_ms;
  }
  return code;
}

enum llg_status llg_easy_prepare(
  struct llg_easy *e, const struct llg_request *request, const char *url,
  struct curl_slist *headers, const struct llg_easy_hooks *hooks) {
  CURLcode code = CURLE_OK;
  if (e->player != NULL) {
    e->player->on_body = hooks->on_body;
    e->player->on_header = hooks->on_header;
    e->player->transfer = hooks->transfer;
    return LLG_OK;
  }
  if (e->serial != request->settings->serial) {
    e->serial = 0;
    e->curl_http_version = -1;
    e->connect_ms = -1;
    e->plain_post = false;
    e->raw = false;
    e->streams = true; /* libcurl's own buffer size is that of streams */
    forget_url(e);
    code = set_settings(e, request->settings);
    SET(CURLOPT_WRITEFUNCTION, hooks->on_body);
    SET(CURLOPT_HEADERFUNCTION, hooks->on_header);
    SET(CURLOPT_READFUNCTION, hooks->on_send);
    SET(CURLOPT_SEEKFUNCTION, hooks->on_send_again);
    SET(CURLOPT_OPENSOCKETFUNCTION, hooks->on_open_socket);
    SET(CURLOPT_CLOSESOCKETFUNCTION, hooks->on_close_socket);
    e->told_sockets = NULL;
    e->told_keeps = true;
  }
  if (code == CURLE_OK) code = set_sockets(e);
  if (code == CURLE_OK) code = set_url(e, url);
  if (code == CURLE_OK) code = set_method(e, request);
  if (code == CURLE_OK) code = set_version(e, request);
  if (request->raw != e->raw) {
    SET(CURLOPT_ACCEPT_ENCODING, request->raw ? "identity" : "");
    e->raw = request->raw;
  }
  SET(CURLOPT_HTTPHEADER, headers);
  SET(CURLOPT_WRITEDATA, hooks->transfer);
  SET(CURLOPT_HEADERDATA, hooks->transfer);
  SET(CURLOPT_READDATA, hooks->transfer);
  SET(CURLOPT_SEEKDATA, hooks->transfer);
  SET(CURLOPT_PRIVATE, hooks->transfer);
  if (code != CURLE_OK) { /* all values are ours: it can only be memory */
    e->serial = 0; /* what is set is not what we noted: the next attempt sets all */
    return LLG_NOMEM;
  }
  e->serial = request->settings->serial;
  e->begun_us = llg_now_us();
  e->answered_us = 0;
  return LLG_OK;
}

void llg_easy_rest(struct llg_easy *e) {
  /* A key may stand there. Without one the URL stays, since the next call's is the same. */
  if (e->url != NULL && strpbrk(e->url, "?@") != NULL) {
    curl_easy_setopt(e->curl, CURLOPT_URL, NULL);
    curl_easy_setopt(e->curl, CURLOPT_CURLU, NULL);
    forget_url(e);
  }
  curl_easy_setopt(e->curl, CURLOPT_POSTFIELDS, NULL);
  curl_easy_setopt(e->curl, CURLOPT_HTTPHEADER, NULL);
  curl_easy_setopt(e->curl, CURLOPT_PRIVATE, NULL);
}

void llg_easy_extend_connect(struct llg_easy *e, int64_t ms) {
  if (e->player != NULL || e->connect_ms <= 0 || ms <= e->connect_ms) return;
  curl_easy_setopt(e->curl, CURLOPT_CONNECTTIMEOUT_MS, curl_ms(ms));
  e->connect_ms = ms;
}
