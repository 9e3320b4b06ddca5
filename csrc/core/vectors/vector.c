#include "vector.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* A sum that waits for its last addition takes four cycles per element: independent ones
** run side by side, and in pairs where the compiler sees the pairs. */
enum { LANES = 8 };

static double total(const double sum[LANES]) {
  return ((sum[0] + sum[1]) + (sum[2] + sum[3]))
         + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

double llg_vector_dot(const float *a, const float *b, size_t n) {
  double sum[LANES] = { 0 };
  size_t i = 0;
  for (; n - i >= LANES; i += LANES)
    for (size_t lane = 0; lane < LANES; lane++)
      sum[lane] += (double)a[i + lane] * (double)b[i + lane];
  for (; i < n; i++)
    sum[0] += (double)a[i] * (double)b[i];
  return total(sum);
}

double llg_vector_norm(const float *a, size_t n) {
  return sqrt(llg_vector_dot(a, a, n));
}

double llg_vector_cosine(const float *a, const float *b, size_t n) {
  double aa = llg_vector_dot(a, a, n);
  double bb = llg_vector_dot(b, b, n);
  if (aa == 0 || bb == 0) return 0;
  /* One root of the product: a vector is exactly 1 with itself. */
  double cosine = llg_vector_dot(a, b, n) / sqrt(aa * bb);
  return cosine > 1 ? 1 : cosine < -1 ? -1 : cosine;
}

static int host_is_little_endian(void) {
  const uint16_t one = 1;
  unsigned char first;
  memcpy(&first, &one, 1);
  return first;
}

void llg_vector_from_le(float *out, const unsigned char *bytes, size_t n) {
  if (host_is_little_endian()) {
    if ((const unsigned char *)out != bytes) memmove(out, bytes, n * sizeof *out);
    return;
  }
  for (size_t i = 0; i < n; i++, bytes += 4) {
    uint32_t bits = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8
                    | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
    memcpy(&out[i], &bits, sizeof bits);
  }
}

static int is_better(const struct llg_scored *a, const struct llg_scored *b) {
  return a->score > b->score || (a->score == b->score && a->index < b->index);
}

void llg_top_k_offer(
  struct llg_scored *best, size_t *count, size_t k, struct llg_scored candidate) {
  if (k == 0 || isnan(candidate.score)) return;
  if (*count == k && !is_better(&candidate, &best[k - 1])) return;
  size_t low = 0;
  for (size_t high = *count; low < high;) {
    size_t middle = low + (high - low) / 2;
    if (is_better(&candidate, &best[middle]))
      high = middle;
    else
      low = middle + 1;
  }
  if (*count < k) ++*count;
  memmove(&best[low + 1], &best[low], (*count - low - 1) * sizeof *best);
  best[low] = candidate;
}
