#include "features.h"

#include <curl/curl.h>

void llg_features_get(struct llg_features *f) {
  const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
  f->libcurl = info->version;
  f->tls = info->ssl_version;
  f->http2 = (info->features & CURL_VERSION_HTTP2) != 0;
  f->gzip = (info->features & CURL_VERSION_LIBZ) != 0;
  f->brotli = (info->features & CURL_VERSION_BROTLI) != 0;
  f->zstd = (info->features & CURL_VERSION_ZSTD) != 0;
  f->async_dns = (info->features & CURL_VERSION_ASYNCHDNS) != 0;
  /* CURLOPT_QUICK_EXIT, both in the header we were built with and in what is loaded; c-ares
  ** has no thread to wait for. */
#if LIBCURL_VERSION_NUM >= 0x075700
  f->dns_never_blocks = f->async_dns && info->version_num >= 0x075700;
#else
  f->dns_never_blocks = f->async_dns && info->ares_num != 0;
#endif
}
