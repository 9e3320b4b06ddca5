/*
** hmac.h - HMAC-SHA-256 (RFC 2104), by which the sender of bytes is known, and a comparison that
** takes as long whatever it finds.
**
** Ours on the SHA-256 of sha256.h, not OpenSSL's: libcurl may be built on another TLS library, and
** forty lines are no reason to depend on one.
*/
#ifndef LLG_HMAC_H
#define LLG_HMAC_H

#include <stdbool.h>

#include "sha256.h"

void llg_hmac_sha256(
  const void *key, size_t n_key, const void *bytes, size_t n,
  unsigned char digest[LLG_SHA256_BYTES]);

/* Whether n bytes are equal, in a time that depends on n alone. */
bool llg_same_bytes(const void *a, const void *b, size_t n);

#endif
