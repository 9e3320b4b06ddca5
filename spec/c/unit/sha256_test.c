#include "core/base/sha256.h"
#include "test.h"

#include <string.h>

/* The digest in hexadecimal, the bytes fed so many at a time. */
static void check(const char *bytes, size_t n, size_t at_once, const char *want) {
  struct llg_sha256 s;
  unsigned char digest[LLG_SHA256_BYTES];
  char text[2 * LLG_SHA256_BYTES + 1];
  llg_sha256_begin(&s);
  for (size_t at = 0; at < n; at += at_once)
    llg_sha256_feed(&s, bytes + at, n - at < at_once ? n - at : at_once);
  llg_sha256_end(&s, digest);
  for (size_t i = 0; i < sizeof digest; i++)
    snprintf(text + 2 * i, 3, "%02x", digest[i]);
  if (!CHECK(strcmp(text, want) == 0)) printf("  %s\n  %s\n", text, want);
}

/* The examples of FIPS 180-4 and of NIST's test vectors. */
static void test_published(void) {
  static char million[1000000];
  const char *two = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
  check("", 0, 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  check("abc", 3, 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  for (size_t at_once = 1; at_once <= 56; at_once += 11)
    check(
      two, 56, at_once,
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  memset(million, 'a', sizeof million);
  check(
    million, sizeof million, 999,
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

int main(void) {
  RUN(test_published);
  return TEST_END();
}
