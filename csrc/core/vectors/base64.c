#include "base64.h"

#include <stdint.h>

#include "base64_blocks.h"

/* The six bits of each character, or -1. As a signed byte it fills every higher bit of a
** word into which it is shifted: one look at the top bit judges eight characters. */
static const signed char SIXTET[256] = {
  -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
  -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 62,
  -1, -1, -1, 63, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, -1, -1, -1, -1, -1, -1, -1, 0,
  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
  23, 24, 25, -1, -1, -1, -1, -1, -1, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38,
  39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, -1, -1, -1, -1, -1, -1, -1, -1, -1,
  -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
  -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
  -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
  -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
  -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
  -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
};

enum { BLOCK_CHARACTERS = 8, BLOCK_BYTES = 6 };

/* The value of a character at its place in a word. */
static inline uint64_t placed(const unsigned char *text, int i, int shift) {
  return (uint64_t)(int64_t)SIXTET[text[i]] << shift;
}

/* Eight characters to six bytes; 0 if one of them is not of the alphabet. */
static inline int decode_block(const unsigned char *text, unsigned char *out) {
  uint64_t word = placed(text, 0, 42) | placed(text, 1, 36) | placed(text, 2, 30)
                  | placed(text, 3, 24) | placed(text, 4, 18) | placed(text, 5, 12)
                  | placed(text, 6, 6) | placed(text, 7, 0);
  out[0] = (unsigned char)(word >> 40);
  out[1] = (unsigned char)(word >> 32);
  out[2] = (unsigned char)(word >> 24);
  out[3] = (unsigned char)(word >> 16);
  out[4] = (unsigned char)(word >> 8);
  out[5] = (unsigned char)word;
  return word >> 63 == 0;
}

/* The same for what is left: fewer than eight characters, never 1 more than a multiple of
** four. Returns the number of bytes or -1. */
static int decode_tail(const unsigned char *text, size_t n, unsigned char *out) {
  uint64_t word = 0;
  for (size_t i = 0; i < n; i++)
    word |= placed(text, (int)i, 42 - 6 * (int)i);
  if (word >> 63 != 0) return -1;
  int n_bytes = (int)(n * 6 / 8);
  for (int i = 0; i < n_bytes; i++)
    out[i] = (unsigned char)(word >> (40 - 8 * i));
  return n_bytes;
}

/* The length without its padding, which must complete a group of four if it is there. */
static size_t unpadded(const unsigned char *text, size_t n) {
  if (n == 0 || n % 4 != 0 || text[n - 1] != '=') return n;
  return text[n - 2] == '=' ? n - 2 : n - 1;
}

long long llg_base64_decode(const char *text, size_t n, unsigned char *out) {
  const unsigned char *from = (const unsigned char *)text;
  n = unpadded(from, n);
  if (n % 4 == 1) return -1;
  size_t n_taken = llg_base64_blocks(text, n, out);
  from += n_taken;
  n -= n_taken;
  unsigned char *to = out + n_taken / 4 * 3;
  for (; n >= BLOCK_CHARACTERS; n -= BLOCK_CHARACTERS) {
    if (!decode_block(from, to)) return -1;
    from += BLOCK_CHARACTERS;
    to += BLOCK_BYTES;
  }
  int n_tail = decode_tail(from, n, to);
  return n_tail < 0 ? -1 : (long long)(to - out) + n_tail;
}

size_t llg_base64_encode(const unsigned char *bytes, size_t n, char *out) {
  static const char alphabet[]
    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  char *to = out;
  for (; n >= 3; n -= 3, bytes += 3, to += 4) {
    uint32_t group = (uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2];
    to[0] = alphabet[group >> 18];
    to[1] = alphabet[group >> 12 & 63];
    to[2] = alphabet[group >> 6 & 63];
    to[3] = alphabet[group & 63];
  }
  if (n > 0) {
    uint32_t group = (uint32_t)bytes[0] << 16 | (n == 2 ? (uint32_t)bytes[1] << 8 : 0);
    to[0] = alphabet[group >> 18];
    to[1] = alphabet[group >> 12 & 63];
    to[2] = n == 2 ? alphabet[group >> 6 & 63] : '=';
    to[3] = '=';
    to += 4;
  }
  return (size_t)(to - out);
}
