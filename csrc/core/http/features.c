#include "features.h"

#include <curl/curl.h>
#include <pthread.h>

/* 7.88 leaves a request waiting for ever, or fails it, whose connection the server announces to
** close (GOAWAY). What became of that was rewritten until 8.10. */
static bool by_default;

static void find_out(void) {
  const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
  by_default = info->version_num >= 0x080a00
               && (info->features & CURL_VERSION_HTTP2) != 0;
}

bool llg_http2_by_default(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, find_out);
  return by_default;
}

void llg_features_get(struct llg_features *f) {
  const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
  f->libcurl = info->version;
  f->tls = info->ssl_version;
  f->http2 = (info->features & CURL_VERSION_HTTP2) != 0;
  f->http2_by_default = llg_http2_by_default();
  f->gzip = (info->features & CURL_VERSION_LIBZ) != 0;
  f->brotli = (info->features & CURL_VERSION_BROTLI) != 0;
  f->zstd = (info->features & CURL_VERSION_ZSTD) != 0;
  f->https_proxy = (info->features & CURL_VERSION_HTTPS_PROXY) != 0;
  f->unix_sockets = (info->features & CURL_VERSION_UNIX_SOCKETS) != 0;
  f->idn = (info->features & CURL_VERSION_IDN) != 0;
  f->async_dns = (info->features & CURL_VERSION_ASYNCHDNS) != 0;
  /* CURLOPT_QUICK_EXIT, both in the header we were built with and in what is loaded; c-ares
  ** has no thread to wait for. */
#if LIBCURL_VERSION_NUM >= 0x075700
  f->dns_never_blocks = f->async_dns && info->version_num >= 0x075700;
#else
  f->dns_never_blocks = f->async_dns && info->ares_num != 0;
#endif
}
