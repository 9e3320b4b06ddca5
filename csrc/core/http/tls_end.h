/*
** tls_end.h - whether a TLS connection was closed with the words that TLS has for it. libcurl takes
** one that ended without them for closed properly (7.88), so that anyone on the way could cut a
** body whose length was not announced. OpenSSL tells us; with another TLS library nobody does.
*/
#ifndef LLG_TLS_END_H
#define LLG_TLS_END_H

#include <curl/curl.h>
#include <stdbool.h>

struct llg_tls_end {
  bool watched; /* there was a handshake, and we would be told */
  bool said;    /* the peer has said that it closes (close_notify) */
};

/* Fill in *end for the connections that this handle opens. It must outlive them. */
void llg_tls_end_watch(CURL *curl, struct llg_tls_end *end);

#endif
