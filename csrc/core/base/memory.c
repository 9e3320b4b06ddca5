#include "memory.h"

char *llg_strndup(const char *s, size_t n) {
  char *copy = llg_malloc(n + 1);
  if (copy == NULL) return NULL;
  if (n > 0) memcpy(copy, s, n);
  copy[n] = '\0';
  return copy;
}

/* The compiler must not leave it out because nobody reads what is wiped. */
void llg_wipe(void *p, size_t n_bytes) {
#if defined(__GNUC__)
  if (n_bytes > 0) memset(p, 0, n_bytes);
  __asm__ __volatile__("" : : "r"(p) : "memory");
#else
  volatile unsigned char *byte = p;
  while (n_bytes-- > 0)
    *byte++ = 0;
#endif
}

#ifdef LLG_TEST_ALLOCATOR
static long countdown; /* 0: never fail; 1: this one fails, and all behind it */
static long n_seen;

void llg_test_fail_at(long n) {
  countdown = n;
  n_seen = 0;
}

long llg_test_allocations(void) {
  return n_seen;
}

static int must_fail(void) {
  n_seen++;
  if (countdown == 0) return 0;
  if (countdown > 1) {
    countdown--;
    return 0;
  }
  return 1;
}

void *llg_malloc(size_t n_bytes) {
  return must_fail() ? NULL : malloc(n_bytes);
}

void *llg_calloc(size_t n, size_t n_bytes) {
  return must_fail() ? NULL : calloc(n, n_bytes);
}

void *llg_realloc(void *p, size_t n_bytes) {
  return must_fail() ? NULL : realloc(p, n_bytes);
}

void llg_free(void *p) {
  free(p);
}
#endif
