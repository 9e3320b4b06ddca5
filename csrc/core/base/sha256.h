/*
** sha256.h - SHA-256 (FIPS 180-4), by which bytes are known.
*/
#ifndef LLG_SHA256_H
#define LLG_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define LLG_SHA256_BYTES 32
#define LLG_SHA256_BLOCK_BYTES 64

struct llg_sha256 {
  uint32_t state[8];
  uint64_t n_bytes;                            /* fed so far */
  unsigned char block[LLG_SHA256_BLOCK_BYTES]; /* the last n_bytes % 64 of them */
};

void llg_sha256_begin(struct llg_sha256 *s);
void llg_sha256_feed(struct llg_sha256 *s, const void *bytes, size_t n);
/* The digest of all that was fed; then it must begin anew. */
void llg_sha256_end(struct llg_sha256 *s, unsigned char digest[LLG_SHA256_BYTES]);

#endif
