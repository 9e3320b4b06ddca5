#include "core/vectors/vector.h"

#include "test.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { N = 70 };

static float random_float(void) {
  return (float)rand() / (float)RAND_MAX - 0.5f;
}

static void fill(float *a, size_t n) {
  for (size_t i = 0; i < n; i++)
    a[i] = random_float();
}

static void test_dot_at_every_length(void) {
  for (size_t n = 0; n <= N; n++) {
    /* Blocks of the exact size: a sanitizer sees an element too many. */
    float *a = malloc(n * sizeof *a + (n == 0));
    float *b = malloc(n * sizeof *b + (n == 0));
    fill(a, n);
    fill(b, n);
    double want = 0;
    for (size_t i = 0; i < n; i++)
      want += (double)a[i] * (double)b[i];
    CHECK(fabs(llg_vector_dot(a, b, n) - want) < 1e-12);
    free(a);
    free(b);
  }
}

/* In float32, 16777216 + 1 is 16777216. */
static void test_sums_are_double(void) {
  float a[N], ones[N];
  for (int i = 0; i < N; i++)
    a[i] = ones[i] = 1;
  a[0] = 16777216;
  CHECK(llg_vector_dot(a, ones, N) == 16777216.0 + N - 1);
  float huge[2] = { FLT_MAX, FLT_MAX };
  CHECK(isfinite(llg_vector_norm(huge, 2)));
  CHECK(llg_vector_cosine(huge, huge, 2) == 1);
}

static void test_norm(void) {
  float a[9] = { 3, 0, 0, 0, 0, 0, 0, 0, 4 };
  CHECK(llg_vector_norm(a, 9) == 5);
  CHECK(llg_vector_norm(a, 0) == 0);
}

static void test_cosine(void) {
  float x[2] = { 1, 0 }, y[2] = { 0, 2 }, minus[2] = { -3, 0 }, none[2] = { 0, 0 };
  CHECK(llg_vector_cosine(x, x, 2) == 1);
  CHECK(llg_vector_cosine(x, y, 2) == 0);
  CHECK(llg_vector_cosine(x, minus, 2) == -1);
  CHECK(llg_vector_cosine(x, none, 2) == 0);
  CHECK(llg_vector_cosine(none, none, 2) == 0);
  CHECK(llg_vector_cosine(NULL, NULL, 0) == 0);
  float tiny[2] = { FLT_TRUE_MIN, 0 };
  CHECK(llg_vector_cosine(tiny, x, 2) == 1);
}

/* acos(cosine) must not be NaN: rounding may not lead beyond 1. */
static void test_cosine_stays_between(void) {
  float a[N], b[N];
  for (int round = 0; round < 2000; round++) {
    fill(a, N);
    float factor = 1 + (float)round / 7;
    for (int i = 0; i < N; i++)
      b[i] = a[i] * (round % 2 == 0 ? factor : -factor);
    double cosine = llg_vector_cosine(a, b, N);
    if (!CHECK(fabs(cosine) <= 1 && fabs(cosine) > 0.999999)) return;
    if (!CHECK(llg_vector_cosine(a, a, N) == 1)) return;
  }
}

static void test_not_a_number_shows(void) {
  float a[2] = { NAN, 1 }, b[2] = { 1, 1 };
  CHECK(isnan(llg_vector_dot(a, b, 2)));
  CHECK(isnan(llg_vector_cosine(a, b, 2)));
}

static void test_from_little_endian(void) {
  static const unsigned char bytes[] = { 0xff, 0, 0, 0x80, 0x3f, 0,    0,    0x20, 0xc0,
                                         0,    0, 0, 0,    0xff, 0xff, 0x7f, 0x7f };
  float out[4];
  llg_vector_from_le(out, bytes + 1, 4); /* at an odd address */
  CHECK(out[0] == 1.0f);
  CHECK(out[1] == -2.5f);
  CHECK(out[2] == 0.0f);
  CHECK(out[3] == FLT_MAX);

  float in_place[4];
  memcpy(in_place, bytes + 1, sizeof in_place);
  llg_vector_from_le(in_place, (const unsigned char *)in_place, 4);
  CHECK(memcmp(in_place, out, sizeof out) == 0);
}

static int by_score(const void *left, const void *right) {
  const struct llg_scored *a = left, *b = right;
  if (a->score != b->score) return a->score > b->score ? -1 : 1;
  return a->index < b->index ? -1 : a->index > b->index;
}

/* Few distinct scores, so that there are many ties; offered in no order of the index. */
static void test_top_k_is_a_sort(void) {
  struct llg_scored all[N], best[N];
  for (size_t k = 1; k <= N; k++) {
    for (size_t i = 0; i < N; i++)
      all[i] = (struct llg_scored){ rand() % 9, i * 37 % N };
    size_t count = 0;
    for (size_t i = 0; i < N; i++)
      llg_top_k_offer(best, &count, k, all[i]);
    qsort(all, N, sizeof *all, by_score);
    if (!CHECK_INT(count, k)) return;
    for (size_t i = 0; i < k; i++)
      if (!CHECK(best[i].score == all[i].score && best[i].index == all[i].index)) return;
  }
}

static void test_top_k_edges(void) {
  struct llg_scored best[2];
  size_t count = 0;
  llg_top_k_offer(best, &count, 0, (struct llg_scored){ 1, 0 });
  CHECK_INT(count, 0);
  llg_top_k_offer(best, &count, 2, (struct llg_scored){ NAN, 0 });
  CHECK_INT(count, 0);
  llg_top_k_offer(best, &count, 2, (struct llg_scored){ -1, 1 });
  llg_top_k_offer(best, &count, 2, (struct llg_scored){ NAN, 2 });
  CHECK_INT(count, 1);
  CHECK_INT(best[0].index, 1);
}

int main(void) {
  srand(1);
  RUN(test_dot_at_every_length);
  RUN(test_sums_are_double);
  RUN(test_norm);
  RUN(test_cosine);
  RUN(test_cosine_stays_between);
  RUN(test_not_a_number_shows);
  RUN(test_from_little_endian);
  RUN(test_top_k_is_a_sort);
  RUN(test_top_k_edges);
  return TEST_END();
}
