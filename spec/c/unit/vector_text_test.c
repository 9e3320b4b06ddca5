#include "core/vectors/vector_text.h"
#include "core/base/memory.h"

#include "test.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

enum { MAX_BYTES = 1 << 20 };

/* Parse a text in a block of its exact size; the number of floats or -1. */
static int parse(const char *text, float *numbers, size_t *n_text) {
  size_t n = strlen(text);
  char *copy = malloc(n + (n == 0));
  memcpy(copy, text, n);
  struct llg_buffer out;
  llg_buffer_init(&out, MAX_BYTES);
  enum llg_status status = llg_vector_from_text(copy, n, &out, n_text);
  int count = status == LLG_OK ? (int)(out.len / sizeof(float)) : -1;
  if (count > 0) memcpy(numbers, llg_buffer_bytes(&out), out.len);
  llg_buffer_free(&out);
  free(copy);
  return count;
}

static void check_one(const char *number, float want) {
  char text[100];
  float got = 0;
  size_t n_text = 0;
  snprintf(text, sizeof text, "[%s]", number);
  if (!CHECK_INT(parse(text, &got, &n_text), 1)) printf("  of %s\n", text);
  CHECK_INT(n_text, strlen(text));
  if (!CHECK(got == want && signbit(got) == signbit(want)))
    printf("  %s: %.9g, not %.9g\n", number, (double)got, (double)want);
}

static void check_left(const char *text) {
  float numbers[8];
  size_t n_text;
  if (!CHECK_INT(parse(text, numbers, &n_text), -1)) printf("  of %s\n", text);
}

static void test_numbers(void) {
  check_one("0", 0);
  check_one("-0", -0.0f);
  check_one("-0.0e400", -0.0f);
  check_one("1", 1);
  check_one("-1", -1);
  check_one("10", 10);
  check_one("0.5", 0.5f);
  check_one("-2.50", -2.5f);
  check_one("1e2", 100);
  check_one("1E+2", 100);
  check_one("25e-1", 2.5f);
  check_one("0.1", 0.1f);
  check_one("-0.006929283495992422", -0.006929283495992422f);
  check_one("0.012345679104328156", 0.012345679104328156f);
  check_one("9223372036854775807", 9223372036854775807.0f);
  check_one("9999999999999999999", 1e19f);
  check_one("1.2345e-20", 1.2345e-20f);
  check_one("1.2345678901234567e-28", 1.2345678901234567e-28f);
  check_one("1e-44", 1e-44f);
  check_one("3.3e38", 3.3e38f);
}

static void test_lists(void) {
  float numbers[8];
  size_t n_text = 0;
  CHECK_INT(parse("[]", numbers, &n_text), 0);
  CHECK_INT(n_text, 2);
  CHECK_INT(parse("[ \n]x", numbers, &n_text), 0);
  CHECK_INT(n_text, 4);
  CHECK_INT(parse("[1,2 , 3\t,\r\n4 ] ]", numbers, &n_text), 4);
  CHECK_INT(n_text, 15);
  CHECK(numbers[0] == 1 && numbers[1] == 2 && numbers[2] == 3 && numbers[3] == 4);
}

static void test_what_is_left_to_others(void) {
  static const char *const texts[] = {
    "",          "1",        "[",      "[1",         "[1,",    "[1,]",
    "[,]",       "[1 2]",    "[null]", "[\"1\"]",    "[[1]]",  "[nan]",
    "[-]",       "[+1]",     "[01]",   "[-01]",      "[.5]",   "[1.]",
    "[1.e1]",    "[1e]",     "[1e+]",  "[1e-]",      "[0x10]", "[Infinity]",
    "[1,5",      "[1e]5]",   "[--1]",  "[1e00001]",  "[1e40]", "[1e-45]",
    "[3.5e22e]", "[1e10e1]", "[1..5]", "[340e20e0]", "[1e45]", "[1/2]",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    check_left(texts[i]);
  /* between two floats, within what two roundings may be wrong by */
  check_left("[16777217]");
  check_left("[12345678901234567890]"); /* one digit more than fits */
  check_left("[3410000000000000000e20]");
}

/* Whatever the bits, whatever the number of digits: the float is strtod's. */
static void test_same_as_strtod(void) {
  uint32_t seed = 1;
  long n_read = 0, n_wrong = 0, n_left = 0;
  for (int i = 0; i < 200000; i++) {
    seed = seed * 1664525 + 1013904223;
    uint32_t bits = (seed & 0x807fffffu)
                    | (uint32_t)(0x7f - (int)(seed >> 25) % 40) << 23;
    float x;
    memcpy(&x, &bits, sizeof x);
    static const char *const formats[] = { "[%.9g]", "[%.17g]", "[%.6f]", "[%.12e]",
                                           "[%.18f]" };
    char text[64];
    /* half of them floats, half of them doubles near one */
    double written = i % 2 == 0 ? (double)x
                                : (double)x * (1 + (double)(seed >> 8) * 1e-15);
    snprintf(text, sizeof text, formats[seed >> 16 & 3], written);
    float got;
    size_t n_text;
    int count = parse(text, &got, &n_text);
    n_left += count < 0;
    if (count != 1) continue;
    n_read++;
    n_wrong += got != (float)strtod(text + 1, NULL);
  }
  CHECK_INT(n_wrong, 0);
  CHECK(n_read > 190000);
  if (!CHECK(n_left < 100)) printf("  %ld left\n", n_left);
}

static void test_long_lists(void) {
  for (int n = 254; n <= 770; n += 129) {
    char *text = malloc((size_t)n * 5 + 3), *at = text;
    *at++ = '[';
    for (int i = 0; i < n; i++)
      at += snprintf(at, 6, "%d,", i);
    at[-1] = ']';
    float numbers[800];
    size_t n_text = 0;
    CHECK_INT(parse(text, numbers, &n_text), n);
    CHECK_INT(n_text, at - text);
    CHECK(numbers[0] == 0 && (n <= 255 || numbers[255] == 255));
    CHECK(numbers[n - 1] == (float)(n - 1));
    free(text);
  }
}

static void test_room(void) {
  struct llg_buffer out;
  size_t n_text;
  llg_buffer_init(&out, 16);
  CHECK_INT(llg_vector_from_text("[1]", 3, &out, &n_text), LLG_LIMIT);
  llg_buffer_init(&out, MAX_BYTES);
  llg_test_fail_at(1);
  CHECK_INT(llg_vector_from_text("[1]", 3, &out, &n_text), LLG_NOMEM);
  llg_test_fail_at(0);
  llg_buffer_free(&out);
}

int main(void) {
  RUN(test_numbers);
  RUN(test_lists);
  RUN(test_what_is_left_to_others);
  RUN(test_same_as_strtod);
  RUN(test_long_lists);
  RUN(test_room);
  return TEST_END();
}
