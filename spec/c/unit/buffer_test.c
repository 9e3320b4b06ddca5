#include "test.h"

#include <stdint.h>

#include "core/base/buffer.h"
#include "core/base/memory.h"

static int holds(const struct llg_buffer *b, const char *want) {
  return b->len == strlen(want) && memcmp(llg_buffer_bytes(b), want, b->len) == 0;
}

static void zeroed_memory_is_an_empty_buffer(void) {
  struct llg_buffer b = { .max_bytes = 10 };
  CHECK_INT(b.len, 0);
  CHECK(llg_buffer_bytes(&b) == NULL);
  llg_test_fail_at(1);
  CHECK_INT(llg_buffer_append(&b, NULL, 0), LLG_OK);
  llg_buffer_clear(&b);
  llg_buffer_consume(&b, 0);
  llg_buffer_free(&b);
  CHECK_INT(llg_test_allocations(), 0);
  llg_test_fail_at(0);
  enum llg_status status = LLG_OK;
  CHECK(llg_buffer_reserve(&b, 0, &status) != NULL);
  CHECK_INT(llg_buffer_append(&b, "0123456789", 10), LLG_OK);
  CHECK(holds(&b, "0123456789"));
  llg_buffer_free(&b);
  CHECK_INT(b.max_bytes, 10);
  CHECK_INT(llg_buffer_append(&b, "again", 5), LLG_OK);
  CHECK(holds(&b, "again"));
  llg_buffer_free(&b);
  llg_buffer_free(&b);
}

static void the_maximum_is_exact(void) {
  static const size_t maxima[] = { 1, 2, 255, 256, 257, 1000, 4096, 4097, 100000 };
  for (size_t i = 0; i < sizeof maxima / sizeof *maxima; i++) {
    struct llg_buffer b;
    llg_buffer_init(&b, maxima[i]);
    size_t n = 0;
    while (llg_buffer_append(&b, "x", 1) == LLG_OK)
      n++;
    CHECK_INT(n, maxima[i]);
    CHECK_INT(b.len, maxima[i]);
    CHECK(b.capacity <= (maxima[i] < 256 ? 256 : maxima[i]));
    CHECK_INT(llg_buffer_append(&b, "x", 1), LLG_LIMIT);
    llg_buffer_consume(&b, 1);
    CHECK_INT(llg_buffer_append(&b, "yz", 2), LLG_LIMIT);
    CHECK_INT(llg_buffer_append(&b, "y", 1), LLG_OK);
    CHECK_INT(llg_buffer_bytes(&b)[b.len - 1], 'y');
    llg_buffer_free(&b);
  }
  struct llg_buffer none;
  llg_buffer_init(&none, 0);
  CHECK_INT(llg_buffer_append(&none, "x", 1), LLG_LIMIT);
  CHECK_INT(llg_buffer_append(&none, "", 0), LLG_OK);
  llg_buffer_free(&none);
}

static void a_huge_length_does_not_wrap(void) {
  struct llg_buffer b;
  llg_buffer_init(&b, LLG_MIB);
  enum llg_status status = LLG_OK;
  CHECK_INT(llg_buffer_append(&b, "abc", 3), LLG_OK);
  CHECK(llg_buffer_reserve(&b, SIZE_MAX, &status) == NULL);
  CHECK_INT(status, LLG_LIMIT);
  CHECK(llg_buffer_reserve(&b, SIZE_MAX - 2, &status) == NULL);
  CHECK(holds(&b, "abc"));
  llg_buffer_free(&b);
  llg_buffer_init(&b, SIZE_MAX);
  CHECK_INT(llg_buffer_append(&b, "abc", 3), LLG_OK);
  llg_test_fail_at(1); /* doubling up to such a size must end, and ask only once */
  status = LLG_OK;
  CHECK(llg_buffer_reserve(&b, SIZE_MAX / 2 + 2, &status) == NULL);
  CHECK_INT(status, LLG_NOMEM);
  CHECK_INT(llg_test_allocations(), 1);
  llg_test_fail_at(0);
  CHECK(holds(&b, "abc"));
  llg_buffer_free(&b);
}

static void reserve_and_commit(void) {
  struct llg_buffer b;
  llg_buffer_init(&b, 1000);
  enum llg_status status = LLG_OK;
  char *at = llg_buffer_reserve(&b, 1000, &status);
  if (!CHECK(at != NULL)) return;
  memset(at, 'a', 1000);
  CHECK_INT(b.len, 0);
  llg_buffer_commit(&b, 3);
  CHECK(holds(&b, "aaa"));
  at = llg_buffer_reserve(&b, 2, &status);
  CHECK(at == llg_buffer_bytes(&b) + 3);
  memcpy(at, "bc", 2);
  llg_buffer_commit(&b, 2);
  CHECK(holds(&b, "aaabc"));
  llg_buffer_free(&b);
}

static void what_was_consumed_is_gone(void) {
  struct llg_buffer b;
  llg_buffer_init(&b, 100000);
  CHECK_INT(llg_buffer_append(&b, "one two three", 13), LLG_OK);
  llg_buffer_consume(&b, 4);
  CHECK(holds(&b, "two three"));
  llg_buffer_consume(&b, 4);
  CHECK_INT(llg_buffer_append(&b, " four", 5), LLG_OK);
  CHECK(holds(&b, "three four"));
  for (int i = 0; i < 300; i++)
    CHECK_INT(llg_buffer_append(&b, "0123456789", 10), LLG_OK);
  CHECK_INT(b.len, 3010);
  CHECK(memcmp(llg_buffer_bytes(&b), "three four012", 13) == 0);
  CHECK(memcmp(llg_buffer_bytes(&b) + 3000, "0123456789", 10) == 0);
  llg_buffer_consume(&b, 3010);
  CHECK_INT(b.len, 0);
  CHECK_INT(b.start, 0);
  CHECK_INT(llg_buffer_append(&b, "new", 3), LLG_OK);
  CHECK(holds(&b, "new"));
  llg_buffer_clear(&b);
  CHECK(holds(&b, ""));
  llg_buffer_free(&b);
}

/* A ring of use: as much goes as comes, so the block stays, and memory is asked for no
** more. */
static void a_steady_flow_needs_no_new_block(void) {
  struct llg_buffer b;
  llg_buffer_init(&b, LLG_MIB);
  char bytes[1024];
  for (size_t i = 0; i < sizeof bytes; i++)
    bytes[i] = (char)i;
  CHECK_INT(llg_buffer_append(&b, bytes, 1000), LLG_OK);
  llg_test_fail_at(0);
  size_t sent = 0, wrong = 0, refused = 0;
  for (int round = 0; round < 100000; round++) {
    refused += llg_buffer_append(&b, bytes + (sent + 1000) % 256, 300) != LLG_OK;
    for (size_t i = 0; i < 300; i += 37)
      wrong += llg_buffer_bytes(&b)[i] != (char)(sent + i);
    llg_buffer_consume(&b, 300);
    sent += 300;
  }
  CHECK_INT(refused, 0);
  CHECK_INT(wrong, 0);
  CHECK(llg_test_allocations() <= 3);
  CHECK(b.capacity <= 8192);
  llg_buffer_free(&b);
}

/* A million single bytes: a number of blocks that grows like the logarithm, so that what
** is copied is at most twice what is kept. */
static void growth_is_linear(void) {
  struct llg_buffer b;
  llg_buffer_init(&b, LLG_MIB);
  llg_test_fail_at(0);
  size_t copied = 0, failed = 0;
  for (size_t i = 0; i < LLG_MIB; i++) {
    long before = llg_test_allocations();
    size_t len = b.len;
    failed += llg_buffer_append(&b, "x", 1) != LLG_OK;
    if (llg_test_allocations() > before) copied += len;
  }
  CHECK_INT(failed, 0);
  CHECK(llg_test_allocations() <= 13);
  CHECK(copied < 2 * LLG_MIB);
  llg_buffer_free(&b);
}

/* Consuming while appending moves bytes within the block; count them by where they
** stand. */
static void moving_is_paid_for_by_consuming(void) {
  for (size_t kept = 0; kept <= 4000; kept += 250) {
    struct llg_buffer b;
    llg_buffer_init(&b, LLG_MIB);
    char bytes[4000] = "";
    CHECK_INT(llg_buffer_append(&b, bytes, kept), LLG_OK);
    size_t moved = 0, appended = 0;
    while (appended < 400000) {
      const char *block = b.data;
      size_t start = b.start, len = b.len;
      llg_buffer_append(&b, bytes, 100);
      if (len > 0 && (b.data != block || b.start != start)) moved += len;
      llg_buffer_consume(&b, 100);
      appended += 100;
    }
    CHECK(moved <= 2 * appended + 2 * kept);
    llg_buffer_free(&b);
  }
}

static void a_failed_append_keeps_the_contents(void) {
  for (int consumed = 0; consumed < 2; consumed++) {
    for (long nth = 1; nth < 8; nth++) {
      struct llg_buffer b;
      llg_buffer_init(&b, LLG_MIB);
      llg_test_fail_at(nth);
      size_t kept = 0;
      enum llg_status status = LLG_OK;
      for (int i = 0; i < 200 && status == LLG_OK; i++) {
        char line[101];
        snprintf(line, sizeof line, "%0100d", i);
        status = llg_buffer_append(&b, line, 100);
        if (status == LLG_OK) kept += 100;
        if (status == LLG_OK && consumed && kept > 100) {
          llg_buffer_consume(&b, 10);
          kept -= 10;
        }
      }
      CHECK(status == LLG_OK || status == LLG_NOMEM);
      CHECK(status == LLG_NOMEM || nth > 1);
      CHECK_INT(b.len, kept);
      size_t len = b.len;
      llg_test_fail_at(0);
      CHECK_INT(llg_buffer_append(&b, "end", 3), LLG_OK);
      CHECK_INT(b.len, len + 3);
      if (len >= 3) { /* the last line is there, down to its last digit */
        const char *end = llg_buffer_bytes(&b) + len;
        CHECK(end[-1] >= '0' && end[-1] <= '9' && memcmp(end, "end", 3) == 0);
      }
      llg_buffer_free(&b);
    }
  }
}

int main(void) {
  RUN(zeroed_memory_is_an_empty_buffer);
  RUN(the_maximum_is_exact);
  RUN(a_huge_length_does_not_wrap);
  RUN(reserve_and_commit);
  RUN(what_was_consumed_is_gone);
  RUN(a_steady_flow_needs_no_new_block);
  RUN(growth_is_linear);
  RUN(moving_is_paid_for_by_consuming);
  RUN(a_failed_append_keeps_the_contents);
  return TEST_END();
}
