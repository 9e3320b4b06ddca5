/*
** Bytes of any kind: encoded and decoded they are the same. Characters of any kind: they are
** refused, or what they decode to is encoded as the same characters, padding and the bits that
** nobody looks at aside.
*/
#include "core/vectors/base64.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REQUIRE(condition) \
  ((condition) ? (void)0 : (fprintf(stderr, "failed: %s\n", #condition), abort()))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void *of_size(size_t n) {
  void *p = malloc(n + (n == 0));
  REQUIRE(p != NULL);
  return p;
}

static void there_and_back(const uint8_t *data, size_t n) {
  char *text = of_size(LLG_BASE64_ENCODED(n));
  size_t len = llg_base64_encode(data, n, text);
  REQUIRE(len == LLG_BASE64_ENCODED(n));
  unsigned char *bytes = of_size(LLG_BASE64_DECODED(len));
  REQUIRE(llg_base64_decode(text, len, bytes) == (long long)n);
  REQUIRE(n == 0 || memcmp(bytes, data, n) == 0);
  free(bytes);
  free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
  there_and_back(data, n);
  char *text = of_size(n);
  if (n > 0) memcpy(text, data, n);
  unsigned char *bytes = of_size(LLG_BASE64_DECODED(n));
  long long n_bytes = llg_base64_decode(text, n, bytes);
  if (n_bytes >= 0) {
    size_t whole = (size_t)n_bytes / 3 * 4;
    char *again = of_size(LLG_BASE64_ENCODED((size_t)n_bytes));
    REQUIRE(whole <= n);
    REQUIRE(llg_base64_encode(bytes, (size_t)n_bytes, again) >= whole);
    REQUIRE(memcmp(again, text, whole) == 0);
    free(again);
  }
  free(bytes);
  free(text);
  return 0;
}
