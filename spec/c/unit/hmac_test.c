#include "core/base/hmac.h"
#include "test.h"

#include <stdlib.h>

static void
check(const void *key, size_t n_key, const void *bytes, size_t n, const char *want) {
  unsigned char digest[LLG_SHA256_BYTES];
  char text[2 * LLG_SHA256_BYTES + 1];
  llg_hmac_sha256(key, n_key, bytes, n, digest);
  for (size_t i = 0; i < sizeof digest; i++)
    snprintf(text + 2 * i, 3, "%02x", digest[i]);
  if (!CHECK(strcmp(text, want) == 0)) printf("  %s\n  %s\n", text, want);
}

/* A key of n times the same byte, and a text. */
static void check_text(int byte, size_t n_key, const char *text, const char *want) {
  unsigned char key[131];
  memset(key, byte, n_key);
  check(key, n_key, text, strlen(text), want);
}

/* RFC 4231, sections 4.2 to 4.8; of 4.6 the whole digest. */
static void test_published(void) {
  unsigned char key[25], bytes[50];
  check_text(
    0x0b, 20, "Hi There",
    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  check(
    "Jefe", 4, "what do ya want for nothing?", 28,
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  memset(key, 0xaa, 20);
  memset(bytes, 0xdd, sizeof bytes);
  check(
    key, 20, bytes, sizeof bytes,
    "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  for (size_t i = 0; i < sizeof key; i++)
    key[i] = (unsigned char)(i + 1);
  memset(bytes, 0xcd, sizeof bytes);
  check(
    key, sizeof key, bytes, sizeof bytes,
    "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
  check_text(
    0x0c, 20, "Test With Truncation",
    "a3b6167473100ee06e0c796c2955552bfa6f7c0a6a8aef8b93f860aab0cd20c5");
  check_text(
    0xaa, 131, "Test Using Larger Than Block-Size Key - Hash Key First",
    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  check_text(
    0xaa, 131,
    "This is a test using a larger than block-size key and a larger than block-size "
    "data. "
    "The key needs to be hashed before being used by the HMAC algorithm.",
    "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

/* HMAC of nothing with no key, as openssl has it. */
static void test_empty(void) {
  check("", 0, "", 0, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static void test_keys_about_a_block(void) {
  unsigned char key[65], a[LLG_SHA256_BYTES], b[LLG_SHA256_BYTES];
  memset(key, 0, sizeof key);
  llg_hmac_sha256(key, 63, "x", 1, a); /* zeros at the end are no part of it */
  llg_hmac_sha256(key, 64, "x", 1, b);
  CHECK(memcmp(a, b, sizeof a) == 0);
  llg_hmac_sha256(key, 65, "x", 1, b);
  CHECK(memcmp(a, b, sizeof a) != 0);
}

static void test_comparison(void) {
  CHECK(llg_same_bytes("", "", 0));
  CHECK(llg_same_bytes("abc", "abc", 3));
  CHECK(llg_same_bytes("abcd", "abce", 3));
  for (int i = 0; i < 3; i++) {
    char other[] = "abc";
    other[i] ^= 1;
    CHECK(!llg_same_bytes("abc", other, 3));
  }
}

int main(void) {
  RUN(test_published);
  RUN(test_empty);
  RUN(test_keys_about_a_block);
  RUN(test_comparison);
  return TEST_END();
}
