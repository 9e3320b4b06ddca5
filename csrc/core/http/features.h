/*
** features.h - what the libcurl that is loaded can do.
*/
#ifndef LLG_FEATURES_H
#define LLG_FEATURES_H

#include <stdbool.h>

struct llg_features {
  const char *libcurl; /* its version, "7.88.1" */
  const char *tls;     /* its TLS library, "OpenSSL/3.0.15"; NULL: it has none */
  bool http2;
  bool http2_by_default; /* ... and it is asked for unasked: libcurl >= 8.10 */
  bool gzip;
  bool brotli;
  bool zstd;
  bool https_proxy;      /* a proxy may be spoken to over TLS */
  bool unix_sockets;     /* a server may be behind one */
  bool idn;              /* names may have letters beyond ASCII */
  bool async_dns;        /* names are resolved beside the loop */
  bool dns_never_blocks; /* ... and a cancel does not wait for them: libcurl >= 7.87 */
};

void llg_features_get(struct llg_features *features);

bool llg_http2_by_default(void);

#endif
