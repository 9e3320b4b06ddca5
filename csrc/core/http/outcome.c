#include "outcome.h"

#include <string.h>

#include "link.h"

static int64_t info_us(const struct llg_easy *e, CURLINFO info) {
  curl_off_t value = 0;
  return curl_easy_getinfo(e->curl, info, &value) == CURLE_OK ? (int64_t)value : 0;
}

static long info_long(const struct llg_easy *e, CURLINFO info) {
  long value = 0;
  return curl_easy_getinfo(e->curl, info, &value) == CURLE_OK ? value : 0;
}

int llg_outcome_status(const struct llg_easy *e) {
  if (e->player != NULL) return e->player->head_done ? e->player->tape->http_status : 0;
  return (int)info_long(e, CURLINFO_RESPONSE_CODE);
}

int64_t llg_outcome_length(const struct llg_easy *e) {
  curl_off_t length = -1;
  if (e->player != NULL) return (int64_t)e->player->tape->body.len;
  curl_easy_getinfo(e->curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  return (int64_t)length;
}

bool llg_outcome_spoke_two(const struct llg_easy *e) {
  return info_long(e, CURLINFO_HTTP_VERSION) == CURL_HTTP_VERSION_2_0;
}

const char *llg_outcome_redirect(const struct llg_easy *e) {
  char *target = NULL;
  if (e->player != NULL) return NULL;
  curl_easy_getinfo(e->curl, CURLINFO_REDIRECT_URL, &target);
  return target;
}

int64_t llg_outcome_sent_after_ms(const struct llg_easy *e) {
  if (e->player != NULL) return 0;
  int64_t us = info_us(e, CURLINFO_PRETRANSFER_TIME_T);
  return us > 0 ? us / 1000 : -1;
}

int64_t llg_outcome_left_to_send(const struct llg_easy *e, int64_t n) {
  if (e->player != NULL) return 0;
  int64_t left = n - info_us(e, CURLINFO_SIZE_UPLOAD_T);
  return (left > 0 ? left : 0) + llg_link_unconfirmed(e->sockets);
}

bool llg_outcome_was_cut(const struct llg_easy *e, const struct llg_buffer *headers) {
  size_t n = 0;
  if (e->player != NULL || info_long(e, CURLINFO_HTTP_VERSION) > CURL_HTTP_VERSION_1_1)
    return false;
  bool has_end = llg_headers_get(headers, "content-length", &n) != NULL
                 || llg_headers_get(headers, "transfer-encoding", &n) != NULL
                 || info_us(e, CURLINFO_SIZE_DOWNLOAD_T) == 0;
  return !has_end && llg_link_was_cut(e->sockets);
}

const char *llg_outcome_phase(const struct llg_easy *e, const char *url) {
  /* not HEADER_SIZE, which counts what a proxy said as well */
  if (llg_outcome_status(e) > 0) return "body";
  if (e->player != NULL) return "first_byte";
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
  { CURLE_PROXY, LLG_CONNECTION, false, "proxy" },
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

void llg_proxy_failure(struct llg_failure *failure, const char *host, int status) {
  if (status == 407)
    llg_failure_set(
      failure, LLG_CONNECTION, "proxy",
      "%s: the proxy wants a user and a password, or others (407): proxy = "
      "\"http://user:password@host:port\" (phase proxy)",
      host);
  else
    llg_failure_set(
      failure, LLG_CONNECTION, "proxy",
      "%s: the proxy refused to connect (%d) (phase proxy)", host, status);
}

/* Nobody we trust has signed it. Not so where the host or the time is wrong. */
static bool is_unknown_authority(const char *what) {
  return strstr(what, "issuer") != NULL || strstr(what, "self-signed") != NULL
         || strstr(what, "self signed") != NULL || strstr(what, "CAfile") != NULL;
}

void llg_outcome_failure(
  const struct llg_easy *e, CURLcode code, const char *url, struct llg_failure *failure,
  bool *transient) {
  enum llg_status status = LLG_CONNECTION;
  const char *phase = NULL;
  char host[256];
  if (e->player != NULL && code == CURLE_RECV_ERROR) {
    *failure = e->player->tape->failure;
    *transient = e->player->tape->transient;
    return;
  }
  *transient = true;
  for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
    if (meanings[i].code != code) continue;
    status = meanings[i].status;
    phase = meanings[i].phase;
    *transient = meanings[i].transient;
    break;
  }
  if (phase == NULL) phase = llg_outcome_phase(e, url);
  long connect_code = info_long(e, CURLINFO_HTTP_CONNECTCODE);
  if (code == CURLE_RECV_ERROR && connect_code >= 300) {
    llg_url_host(url, host, sizeof host);
    llg_proxy_failure(failure, host, (int)connect_code);
    *transient = connect_code >= 500;
    return;
  }
  if (e->no_descriptor && code == CURLE_COULDNT_CONNECT) {
    llg_url_host(url, host, sizeof host);
    llg_failure_set(
      failure, LLG_LIMIT, phase,
      "%s: no file descriptor is left for a connection: raise the process's limit "
      "(ulimit "
      "-n), or lower max_connections (phase %s)",
      host, phase);
    return;
  }
  bool not_http
    = code == CURLE_WEIRD_SERVER_REPLY
      || (code == CURLE_UNSUPPORTED_PROTOCOL && llg_outcome_sent_after_ms(e) >= 0);
  if (not_http) {
    phase = "headers";
    /* On a kept connection it may be what was left of the answer before. */
    *transient = info_long(e, CURLINFO_NUM_CONNECTS) == 0;
  }
  llg_url_host(url, host, sizeof host);
  const char *what = e->error[0] != '\0' ? e->error : curl_easy_strerror(code);
  const char *mend = "";
  /* It goes on with the whole URL, and a password may stand in that. */
  if (strncmp(what, "Unsupported proxy", strlen("Unsupported proxy")) == 0)
    what = "libcurl cannot read the URL of the proxy";
  if (code == CURLE_PEER_FAILED_VERIFICATION && is_unknown_authority(what))
    mend = "; ca_file names the authorities to trust";
  llg_failure_set(failure, status, phase, "%s: %s%s (phase %s)", host, what, mend, phase);
}

void llg_outcome_timing(const struct llg_easy *e, struct llg_timing *t) {
  if (e->player != NULL) {
    llg_player_timing(e->player, t);
    return;
  }
  t->dns_us = info_us(e, CURLINFO_NAMELOOKUP_TIME_T);
  t->connect_us = info_us(e, CURLINFO_CONNECT_TIME_T);
  t->tls_us = info_us(e, CURLINFO_APPCONNECT_TIME_T);
  /* Not libcurl's: with a body of more than 64 KB that is when its upload began. */
  t->first_byte_us = e->answered_us > 0 ? e->answered_us - e->begun_us : 0;
  t->total_us = info_us(e, CURLINFO_TOTAL_TIME_T);
  /* The first byte is timed by our clock, the rest by libcurl's, which began a little later. */
  if (t->total_us < t->first_byte_us) t->total_us = t->first_byte_us;
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
