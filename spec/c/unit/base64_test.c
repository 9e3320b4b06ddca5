#include "core/vectors/base64.h"

#include "test.h"

#include <stdint.h>
#include <stdlib.h>

static const char ALPHABET[]
  = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Decode into a block of exactly the size that the contract asks for, so that a sanitizer
** sees one byte too many. */
static long long decode(const char *text, size_t n, unsigned char *result) {
  unsigned char *out = malloc(LLG_BASE64_DECODED(n));
  char *copy = malloc(n + (n == 0));
  memcpy(copy, text, n);
  long long n_bytes = llg_base64_decode(copy, n, out);
  if (n_bytes > 0) memcpy(result, out, (size_t)n_bytes);
  free(copy);
  free(out);
  return n_bytes;
}

static void check_text(const char *text, const char *want) {
  unsigned char out[64];
  long long n = decode(text, strlen(text), out);
  if (!CHECK_INT(n, strlen(want))) return;
  CHECK(memcmp(out, want, strlen(want)) == 0);
}

static void check_refused(const char *text) {
  unsigned char out[64];
  if (!CHECK_INT(decode(text, strlen(text), out), -1)) printf("  of [%s]\n", text);
}

static void test_rfc_vectors(void) {
  check_text("", "");
  check_text("Zg==", "f");
  check_text("Zm8=", "fo");
  check_text("Zm9v", "foo");
  check_text("Zm9vYg==", "foob");
  check_text("Zm9vYmE=", "fooba");
  check_text("Zm9vYmFy", "foobar");
}

static void test_padding_may_be_missing(void) {
  check_text("Zg", "f");
  check_text("Zm8", "fo");
  check_text("Zm9vYmFyZg", "foobarf");
  check_text("Zm9vYmFyZm8", "foobarfo");
}

static void test_bad_padding(void) {
  check_refused("=");
  check_refused("==");
  check_refused("===");
  check_refused("====");
  check_refused("Z===");
  check_refused("Zg=");
  check_refused("Zm8==");
  check_refused("Zm9v=");
  check_refused("Zm9v==");
  check_refused("Zm9v====");
  check_refused("Zg==Zm9v");
  check_refused("Zm8=Zm9v");
}

static void test_impossible_length(void) {
  check_refused("Z");
  check_refused("Zm9vY");
  check_refused("Zm9vYmFyZ");
}

/* Neither white space nor the alphabet of URLs nor anything above ASCII: in every place,
** every byte. */
static void test_every_byte_in_every_place(void) {
  unsigned char out[64];
  int n_wrong = 0;
  static const size_t lengths[] = { 2, 3, 4, 6, 7, 8, 11, 19, 24, 39, 40, 58, 72 };
  for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
    size_t n = lengths[l];
    for (size_t at = 0; at < n; at++)
      for (int byte = 0; byte < 256; byte++) {
        char text[72];
        memset(text, 'A', sizeof text);
        text[at] = (char)byte;
        int good = byte != 0 && strchr(ALPHABET, byte) != NULL;
        int pads = byte == '=' && at == n - 1 && n % 4 == 0;
        long long want = good ? (long long)(n * 6 / 8) : -1;
        if (pads) want = (long long)(n / 4 * 3 - 1);
        n_wrong += decode(text, n, out) != want;
      }
  }
  CHECK_INT(n_wrong, 0);
}

static size_t encode(const unsigned char *bytes, size_t n, char *text) {
  size_t to = 0;
  uint32_t bits = 0;
  int n_bits = 0;
  for (size_t i = 0; i < n; i++) {
    bits = bits << 8 | bytes[i];
    for (n_bits += 8; n_bits >= 6; n_bits -= 6)
      text[to++] = ALPHABET[bits >> (n_bits - 6) & 63];
  }
  if (n_bits > 0) text[to++] = ALPHABET[bits << (6 - n_bits) & 63];
  while (to % 4 != 0)
    text[to++] = '=';
  return to;
}

static void test_round_trip(void) {
  unsigned char bytes[300], out[300];
  char text[404];
  uint32_t seed = 1;
  for (size_t n = 0; n <= sizeof bytes; n++) {
    for (size_t i = 0; i < n; i++)
      bytes[i] = (unsigned char)((seed = seed * 1664525 + 1013904223) >> 24);
    size_t n_text = encode(bytes, n, text);
    if (!CHECK_INT(decode(text, n_text, out), n)) return;
    if (!CHECK(memcmp(bytes, out, n) == 0)) return;
    char *ours = malloc(LLG_BASE64_ENCODED(n) + (n == 0));
    size_t n_ours = llg_base64_encode(bytes, n, ours);
    int same = n_ours == n_text && memcmp(ours, text, n_text) == 0;
    free(ours);
    if (!CHECK(same)) return;
  }
}

int main(void) {
  RUN(test_rfc_vectors);
  RUN(test_padding_may_be_missing);
  RUN(test_bad_padding);
  RUN(test_impossible_length);
  RUN(test_every_byte_in_every_place);
  RUN(test_round_trip);
  return TEST_END();
}
