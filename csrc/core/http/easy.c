#include "easy.h"

#include <stdio.h>
#include <string.h>

#include "../base/memory.h"

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

/* Wiped: a key may stand in the query. */
static void forget_url(struct llg_easy *e) {
  if (e->url != NULL) llg_wipe(e->url, strlen(e->url));
  llg_free(e->url);
  e->url = NULL;
}

void llg_easy_free(struct llg_easy *e) {
  if (e == NULL) return;
  curl_easy_cleanup(e->curl);
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

static bool is_loopback(const char *url);

static CURLcode set_url(struct llg_easy *e, const char *url) {
  CURLcode code = CURLE_OK;
  if (e->url != NULL && strcmp(e->url, url) == 0) return CURLE_OK;
  forget_url(e);
  e->url = llg_strndup(url, strlen(url));
  if (e->url == NULL) return CURLE_OUT_OF_MEMORY;
  SET(CURLOPT_URL, url);
  /* A server on this machine is never asked for through the environment's proxy. */
  SET(CURLOPT_PROXY, is_loopback(url) ? "" : NULL);
  return code;
}

static CURLcode set_method(struct llg_easy *e, const struct llg_request *r) {
  CURLcode code = CURLE_OK;
  const char *body = llg_buffer_bytes(&r->body);
  bool posts = strcmp(r->method, "POST") == 0;
  SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)(r->has_body ? r->body.len : 0));
  SET(CURLOPT_POSTFIELDS, body != NULL ? body : ""); /* makes it a POST */
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

static CURLcode set_version(struct llg_easy *e, const struct llg_request *r) {
  CURLcode code = CURLE_OK;
  /* Without TLS it is 1.1 in any case, and a wait for more would put requests that could run
  ** side by side into a row. */
  bool wanted = r->http_version == LLG_HTTP_2
                || (r->http_version == LLG_HTTP_DEFAULT && !r->stream);
  bool two = wanted && curl_strnequal(e->url, "https:", 6);
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
  if (e->serial != request->settings->serial) {
    e->serial = 0;
    e->curl_http_version = -1;
    e->connect_ms = -1;
    e->plain_post = false;
    e->streams = true; /* libcurl's own buffer size is that of streams */
    forget_url(e);
    code = set_settings(e, request->settings);
    SET(CURLOPT_WRITEFUNCTION, hooks->on_body);
    SET(CURLOPT_HEADERFUNCTION, hooks->on_header);
    SET(CURLOPT_OPENSOCKETFUNCTION, hooks->on_open_socket);
    SET(CURLOPT_OPENSOCKETDATA, hooks->sockets);
    SET(CURLOPT_CLOSESOCKETFUNCTION, hooks->on_close_socket);
    SET(CURLOPT_CLOSESOCKETDATA, hooks->sockets);
  }
  if (code == CURLE_OK) code = set_url(e, url);
  if (code == CURLE_OK) code = set_method(e, request);
  if (code == CURLE_OK) code = set_version(e, request);
  SET(CURLOPT_HTTPHEADER, headers);
  SET(CURLOPT_WRITEDATA, hooks->transfer);
  SET(CURLOPT_HEADERDATA, hooks->transfer);
  SET(CURLOPT_PRIVATE, hooks->transfer);
  if (code != CURLE_OK) { /* all values are ours: it can only be memory */
    e->serial = 0; /* what is set is not what we noted: the next attempt sets all */
    return LLG_NOMEM;
  }
  e->serial = request->settings->serial;
  return LLG_OK;
}

void llg_easy_rest(struct llg_easy *e) {
  /* A key may stand there. Without one the URL stays, since the next call's is the same. */
  if (e->url != NULL && strpbrk(e->url, "?@") != NULL) {
    curl_easy_setopt(e->curl, CURLOPT_URL, NULL);
    forget_url(e);
  }
  curl_easy_setopt(e->curl, CURLOPT_POSTFIELDS, NULL);
  curl_easy_setopt(e->curl, CURLOPT_HTTPHEADER, NULL);
  curl_easy_setopt(e->curl, CURLOPT_PRIVATE, NULL);
}

void llg_easy_extend_connect(struct llg_easy *e, int64_t ms) {
  if (e->connect_ms <= 0 || ms <= e->connect_ms) return;
  curl_easy_setopt(e->curl, CURLOPT_CONNECTTIMEOUT_MS, curl_ms(ms));
  e->connect_ms = ms;
}

static bool is_loopback(const char *url) {
  char host[256];
  llg_url_host(url, host, sizeof host);
  if (strncmp(host, "[::1]", 5) == 0) return true;
  host[strcspn(host, ":")] = '\0';
  return strncmp(host, "127.", 4) == 0 || curl_strequal(host, "localhost");
}

static int64_t info_us(const struct llg_easy *e, CURLINFO info) {
  curl_off_t value = 0;
  return curl_easy_getinfo(e->curl, info, &value) == CURLE_OK ? (int64_t)value : 0;
}

static long info_long(const struct llg_easy *e, CURLINFO info) {
  long value = 0;
  return curl_easy_getinfo(e->curl, info, &value) == CURLE_OK ? value : 0;
}

int64_t llg_easy_sent_after_ms(const struct llg_easy *e) {
  int64_t us = info_us(e, CURLINFO_PRETRANSFER_TIME_T);
  return us > 0 ? us / 1000 : -1;
}

const char *llg_easy_phase(const struct llg_easy *e, const char *url) {
  /* not HEADER_SIZE, which counts what a proxy said as well */
  if (info_long(e, CURLINFO_RESPONSE_CODE) > 0) return "body";
  if (info_us(e, CURLINFO_PRETRANSFER_TIME_T) > 0) return "first_byte";
  if (info_us(e, CURLINFO_NAMELOOKUP_TIME_T) == 0) return "dns";
  /* CONNECT_TIME is only set once TLS is done as well (seen with 7.88) */
  if (info_long(e, CURLINFO_NUM_CONNECTS) == 0) return "connect";
  return curl_strnequal(url, "https:", 6) ? "tls" : "first_byte";
}

/* What libcurl's codes mean to a caller; every other one is a broken connection. */
static const struct {
  CURLcode code;
  enum llg_status status;
  bool transient;
  const char *phase; /* NULL: ask the handle */
} meanings[] = {
  { CURLE_UNSUPPORTED_PROTOCOL, LLG_PROTOCOL, false, "request" },
  { CURLE_URL_MALFORMAT, LLG_PROTOCOL, false, "request" },
  { CURLE_OUT_OF_MEMORY, LLG_NOMEM, false, NULL },
  { CURLE_COULDNT_RESOLVE_HOST, LLG_CONNECTION, true, "dns" },
  { CURLE_COULDNT_RESOLVE_PROXY, LLG_CONNECTION, true, "dns" },
  { CURLE_COULDNT_CONNECT, LLG_CONNECTION, true, "connect" },
  { CURLE_OPERATION_TIMEDOUT, LLG_TIMEOUT, true, NULL },
  { CURLE_WEIRD_SERVER_REPLY, LLG_PROTOCOL, false, "headers" },
  { CURLE_BAD_CONTENT_ENCODING, LLG_PROTOCOL, false, "body" },
  { CURLE_HTTP2, LLG_CONNECTION, true, NULL },
  { CURLE_SSL_CONNECT_ERROR, LLG_TLS, true, "tls" }, /* also a reset in the handshake */
  { CURLE_PEER_FAILED_VERIFICATION, LLG_TLS, false, "tls" },
  { CURLE_SSL_CERTPROBLEM, LLG_TLS, false, "tls" },
  { CURLE_SSL_CIPHER, LLG_TLS, false, "tls" },
  { CURLE_SSL_CACERT_BADFILE, LLG_TLS, false, "tls" },
  { CURLE_SSL_ISSUER_ERROR, LLG_TLS, false, "tls" },
  { CURLE_SSL_INVALIDCERTSTATUS, LLG_TLS, false, "tls" },
  { CURLE_SSL_ENGINE_NOTFOUND, LLG_TLS, false, "tls" },
  { CURLE_SSL_ENGINE_SETFAILED, LLG_TLS, false, "tls" },
  { CURLE_SSL_CRL_BADFILE, LLG_TLS, false, "tls" },
  { CURLE_SSL_PINNEDPUBKEYNOTMATCH, LLG_TLS, false, "tls" },
};

/* Nobody we trust has signed it. Not so where the host or the time is wrong. */
static bool is_unknown_authority(const char *what) {
  return strstr(what, "issuer") != NULL || strstr(what, "self-signed") != NULL
         || strstr(what, "self signed") != NULL || strstr(what, "CAfile") != NULL;
}

void llg_easy_failure(
  const struct llg_easy *e, CURLcode code, const char *url, struct llg_failure *failure,
  bool *transient) {
  enum llg_status status = LLG_CONNECTION;
  const char *phase = NULL;
  char host[256];
  *transient = true;
  for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
    if (meanings[i].code != code) continue;
    status = meanings[i].status;
    phase = meanings[i].phase;
    *transient = meanings[i].transient;
    break;
  }
  if (phase == NULL) phase = llg_easy_phase(e, url);
  bool not_http
    = code == CURLE_WEIRD_SERVER_REPLY
      || (code == CURLE_UNSUPPORTED_PROTOCOL && llg_easy_sent_after_ms(e) >= 0);
  if (not_http) {
    phase = "headers";
    /* On a kept connection it may be what was left of the answer before. */
    *transient = info_long(e, CURLINFO_NUM_CONNECTS) == 0;
  }
  llg_url_host(url, host, sizeof host);
  const char *what = e->error[0] != '\0' ? e->error : curl_easy_strerror(code);
  const char *mend = "";
  if (code == CURLE_PEER_FAILED_VERIFICATION && is_unknown_authority(what))
    mend = "; ca_file names the authorities to trust";
  llg_failure_set(failure, status, phase, "%s: %s%s (phase %s)", host, what, mend, phase);
}

void llg_easy_timing(const struct llg_easy *e, struct llg_timing *t) {
  t->dns_us = info_us(e, CURLINFO_NAMELOOKUP_TIME_T);
  t->connect_us = info_us(e, CURLINFO_CONNECT_TIME_T);
  t->tls_us = info_us(e, CURLINFO_APPCONNECT_TIME_T);
  t->first_byte_us = info_us(e, CURLINFO_STARTTRANSFER_TIME_T);
  t->total_us = info_us(e, CURLINFO_TOTAL_TIME_T);
  t->sent_bytes = info_us(e, CURLINFO_SIZE_UPLOAD_T);
  t->received_bytes = info_us(e, CURLINFO_SIZE_DOWNLOAD_T);
  t->reused = info_long(e, CURLINFO_NUM_CONNECTS) == 0;
  switch (info_long(e, CURLINFO_HTTP_VERSION)) {
  case CURL_HTTP_VERSION_1_0: t->http_version = 10; break;
  case CURL_HTTP_VERSION_1_1: t->http_version = 11; break;
  case CURL_HTTP_VERSION_2_0: t->http_version = 20; break;
  case CURL_HTTP_VERSION_3: t->http_version = 30; break;
  default: t->http_version = 0;
  }
}
