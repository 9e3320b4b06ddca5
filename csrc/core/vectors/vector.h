/*
** vector.h - arithmetic on float32 vectors. Sums are kept in double; both vectors have n
** elements.
*/
#ifndef LLG_VECTOR_H
#define LLG_VECTOR_H

#include <stddef.h>

double llg_vector_dot(const float *a, const float *b, size_t n);
/* The Euclidean length. */
double llg_vector_norm(const float *a, size_t n);
/* dot(a, b) / (norm(a) * norm(b)); 0 where either has no length. */
double llg_vector_cosine(const float *a, const float *b, size_t n);

/* n floats from 4 * n little-endian bytes, whatever the host's order; `bytes` may be
** `out`. */
void llg_vector_from_le(float *out, const unsigned char *bytes, size_t n);

/* One candidate of a search. */
struct llg_scored {
  double score;
  size_t index; /* as given by the caller */
};

/* Offer a candidate to `best`, a list of the k highest scores kept in descending order
** with *count used so far; of equal scores the lower index comes first. NaN is never
** taken. */
void llg_top_k_offer(
  struct llg_scored *best, size_t *count, size_t k, struct llg_scored candidate);

#endif
