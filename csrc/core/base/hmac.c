#include "hmac.h"

#include <string.h>

#include "memory.h"

enum { INNER = 0x36, OUTER = 0x5C };

/* Begin with the key, each byte of the block xor `with`. */
static void begin(
  struct llg_sha256 *s, const unsigned char block[LLG_SHA256_BLOCK_BYTES],
  unsigned char with) {
  unsigned char padded[LLG_SHA256_BLOCK_BYTES];
  for (size_t i = 0; i < sizeof padded; i++)
    padded[i] = block[i] ^ with;
  llg_sha256_begin(s);
  llg_sha256_feed(s, padded, sizeof padded);
  llg_wipe(padded, sizeof padded);
}

void llg_hmac_sha256(
  const void *key, size_t n_key, const void *bytes, size_t n,
  unsigned char digest[LLG_SHA256_BYTES]) {
  unsigned char block[LLG_SHA256_BLOCK_BYTES] = { 0 };
  struct llg_sha256 s;
  if (n_key > sizeof block) {
    llg_sha256_begin(&s);
    llg_sha256_feed(&s, key, n_key);
    llg_sha256_end(&s, block); /* the first half of it */
  } else if (n_key > 0) {
    memcpy(block, key, n_key);
  }
  begin(&s, block, INNER);
  llg_sha256_feed(&s, bytes, n);
  llg_sha256_end(&s, digest);
  begin(&s, block, OUTER);
  llg_sha256_feed(&s, digest, LLG_SHA256_BYTES);
  llg_sha256_end(&s, digest);
  llg_wipe(block, sizeof block);
  llg_wipe(&s, sizeof s);
}

bool llg_same_bytes(const void *a, const void *b, size_t n) {
  const volatile unsigned char *x = a,
                               *y = b; /* else it might stop at the first difference */
  unsigned char difference = 0;
  for (size_t i = 0; i < n; i++)
    difference |= x[i] ^ y[i];
  return difference == 0;
}
