/*
** test.h - the C unit tests' few lines of framework. A test is a function; CHECK counts and
** prints what failed, with its line, and goes on. The last line is "N passed, N failed",
** in tests; a test with one failed CHECK is a failed test.
*/
#ifndef LLG_TEST_H
#define LLG_TEST_H

#include <stdio.h>
#include <string.h>

static int checks_passed, checks_failed;
static int tests_passed, tests_failed;

#define CHECK(condition) test_check((condition), #condition, __FILE__, __LINE__)
#define CHECK_INT(got, want) \
  test_int((long long)(got), (long long)(want), #got, __FILE__, __LINE__)
/* Compare n bytes with a literal string. */
#define CHECK_BYTES(got, n, want) \
  test_bytes((got), (n), (want), sizeof(want) - 1, #got, __FILE__, __LINE__)
#define RUN(test) test_run(#test, (test))
#define TEST_END() test_end()

static const char *test_case = "";

static inline int test_check(int ok, const char *what, const char *file, int line) {
  if (ok) {
    checks_passed++;
  } else {
    checks_failed++;
    printf("%s:%d: %s: failed: %s\n", file, line, test_case, what);
  }
  return ok;
}

static inline int
test_int(long long got, long long want, const char *what, const char *file, int line) {
  if (got != want) printf("%s:%d: %s is %lld, not %lld\n", file, line, what, got, want);
  return test_check(got == want, what, file, line);
}

static inline int test_bytes(
  const char *got, size_t n, const char *want, size_t want_n, const char *what,
  const char *file, int line) {
  int ok = n == want_n && (n == 0 || memcmp(got, want, n) == 0);
  if (!ok) printf("%s:%d: got [%.*s], want [%s]\n", file, line, (int)n, got, want);
  return test_check(ok, what, file, line);
}

static inline void test_run(const char *name, void (*test)(void)) {
  int failed_before = checks_failed;
  test_case = name;
  test();
  if (checks_failed == failed_before)
    tests_passed++;
  else
    tests_failed++;
}

/* The exit status. A CHECK outside of any test counts as a test when it fails. */
static inline int test_end(void) {
  if (checks_failed > 0 && tests_failed == 0) tests_failed = 1;
  printf("%d checks\n", checks_passed + checks_failed);
  printf("%d passed, %d failed\n", tests_passed, tests_failed);
  return tests_failed != 0;
}

#endif
