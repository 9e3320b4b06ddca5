#include "base64_blocks.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

enum {
  BLOCK_CHARACTERS = 16,
  BLOCK_BYTES = 12,
  /* A block is stored as sixteen bytes: so many characters must be left for the room. */
  LEAST_CHARACTERS = 24,
};

/* The alphabet by the upper half of a byte: 2 has + and /, 3 the digits, 4 and 6 the
** first fifteen letters from 1 on, 5 and 7 the others up to A. Each is a bit; the last is
** for halves that have nothing. */
enum { SIGNS = 1, DIGITS = 2, FIRST = 4, OTHERS = 8, NONE = 16 };

/* The bits whose characters do not have this lower half: one in common is an error. */
enum {
  NOT_0 = SIGNS | FIRST | NONE,
  NOT_1_9 = SIGNS | NONE,
  NOT_A = SIGNS | DIGITS | NONE,
  NOT_B_F = DIGITS | OTHERS | NONE,
  NOT_C_E = SIGNS | DIGITS | OTHERS | NONE,
};

#define TARGET __attribute__((target("ssse3")))

/* The sextets of sixteen characters; *wrong gets a bit for each that is not one. */
TARGET static __m128i sextets(__m128i text, int *wrong) {
  const __m128i upper_bits = _mm_setr_epi8(
    NONE, NONE, SIGNS, DIGITS, FIRST, OTHERS, FIRST, OTHERS, NONE, NONE, NONE, NONE, NONE,
    NONE, NONE, NONE);
  const __m128i lower_bits = _mm_setr_epi8(
    NOT_0, NOT_1_9, NOT_1_9, NOT_1_9, NOT_1_9, NOT_1_9, NOT_1_9, NOT_1_9, NOT_1_9,
    NOT_1_9, NOT_A, NOT_B_F, NOT_C_E, NOT_C_E, NOT_C_E, NOT_B_F);
  /* What to add, by the upper half; '/' has taken the place of 1. */
  const __m128i shifts = _mm_setr_epi8(
    0, 63 - '/', 62 - '+', 52 - '0', -'A', -'A', 26 - 'a', 26 - 'a', 0, 0, 0, 0, 0, 0, 0,
    0);
  const __m128i half = _mm_set1_epi8(0x0f);
  __m128i upper = _mm_and_si128(_mm_srli_epi32(text, 4), half);
  __m128i lower = _mm_and_si128(text, half);
  __m128i bad = _mm_and_si128(
    _mm_shuffle_epi8(upper_bits, upper), _mm_shuffle_epi8(lower_bits, lower));
  *wrong = _mm_movemask_epi8(_mm_cmpgt_epi8(bad, _mm_setzero_si128()));
  __m128i is_slash = _mm_cmpeq_epi8(text, _mm_set1_epi8('/')); /* -1 where it is */
  return _mm_add_epi8(text, _mm_shuffle_epi8(shifts, _mm_add_epi8(upper, is_slash)));
}

/* Four sextets of each 32-bit lane to three bytes, all twelve in a row. */
TARGET static __m128i packed(__m128i sextet) {
  const __m128i in_order = _mm_setr_epi8(
    2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
  __m128i twelve_bits = _mm_maddubs_epi16(sextet, _mm_set1_epi16(0x0140));
  __m128i lanes = _mm_madd_epi16(twelve_bits, _mm_set1_epi32(0x00011000));
  return _mm_shuffle_epi8(lanes, in_order);
}

TARGET static size_t decode_blocks(const char *text, size_t n, unsigned char *out) {
  size_t at = 0;
  for (; n - at >= LEAST_CHARACTERS; at += BLOCK_CHARACTERS) {
    int wrong;
    __m128i block = sextets(
      _mm_loadu_si128((const __m128i *)(const void *)(text + at)), &wrong);
    if (wrong != 0) break;
    _mm_storeu_si128((__m128i *)(void *)out, packed(block));
    out += BLOCK_BYTES;
  }
  return at;
}

#undef TARGET
#define TARGET __attribute__((target("avx2")))

enum { WIDE_CHARACTERS = 32, WIDE_BYTES = 24, LEAST_WIDE_CHARACTERS = 44 };

/* The same for two blocks side by side. */
TARGET static __m256i twice(__m128i half) {
  return _mm256_broadcastsi128_si256(half);
}

TARGET static size_t decode_wide(const char *text, size_t n, unsigned char *out) {
  const __m256i upper_bits = twice(_mm_setr_epi8(
    NONE, NONE, SIGNS, DIGITS, FIRST, OTHERS, FIRST, OTHERS, NONE, NONE, NONE, NONE, NONE,
    NONE, NONE, NONE));
  const __m256i lower_bits = twice(_mm_setr_epi8(
    NOT_0, NOT_1_9, NOT_1_9, NOT_1_9, NOT_1_9, NOT_1_9, NOT_1_9, NOT_1_9, NOT_1_9,
    NOT_1_9, NOT_A, NOT_B_F, NOT_C_E, NOT_C_E, NOT_C_E, NOT_B_F));
  const __m256i shifts = twice(_mm_setr_epi8(
    0, 63 - '/', 62 - '+', 52 - '0', -'A', -'A', 26 - 'a', 26 - 'a', 0, 0, 0, 0, 0, 0, 0,
    0));
  const __m256i in_order = twice(
    _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));
  const __m256i in_a_row = _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 7, 7);
  const __m256i half = _mm256_set1_epi8(0x0f);
  size_t at = 0;
  for (; n - at >= LEAST_WIDE_CHARACTERS; at += WIDE_CHARACTERS, out += WIDE_BYTES) {
    __m256i block = _mm256_loadu_si256((const __m256i *)(const void *)(text + at));
    __m256i upper = _mm256_and_si256(_mm256_srli_epi32(block, 4), half);
    __m256i lower = _mm256_and_si256(block, half);
    __m256i bad = _mm256_and_si256(
      _mm256_shuffle_epi8(upper_bits, upper), _mm256_shuffle_epi8(lower_bits, lower));
    if (!_mm256_testz_si256(bad, bad)) break;
    __m256i is_slash = _mm256_cmpeq_epi8(block, _mm256_set1_epi8('/'));
    block = _mm256_add_epi8(
      block, _mm256_shuffle_epi8(shifts, _mm256_add_epi8(upper, is_slash)));
    block = _mm256_maddubs_epi16(block, _mm256_set1_epi16(0x0140));
    block = _mm256_madd_epi16(block, _mm256_set1_epi32(0x00011000));
    block = _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(block, in_order), in_a_row);
    _mm256_storeu_si256((__m256i *)(void *)out, block);
  }
  return at;
}

size_t llg_base64_blocks(const char *text, size_t n, unsigned char *out) {
  size_t at = __builtin_cpu_supports("avx2") ? decode_wide(text, n, out) : 0;
  if (!__builtin_cpu_supports("ssse3")) return at;
  return at + decode_blocks(text + at, n - at, out + at / 4 * 3);
}

#else

size_t llg_base64_blocks(const char *text, size_t n, unsigned char *out) {
  (void)text;
  (void)n;
  (void)out;
  return 0;
}

#endif
