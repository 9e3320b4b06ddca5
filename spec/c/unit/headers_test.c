#include "test.h"

#include <stdlib.h>

#include "core/http/headers.h"
#include "core/base/memory.h"

static enum llg_status feed(struct llg_buffer *headers, const char *line) {
  return llg_headers_feed(headers, line, strlen(line));
}

static int has(const struct llg_buffer *headers, const char *name, const char *want) {
  size_t n = 0;
  const char *value = llg_headers_get(headers, name, &n);
  if (value == NULL || want == NULL) return value == want;
  return n == strlen(want) && memcmp(value, want, n) == 0;
}

static void a_response_is_read_by_name(void) {
  struct llg_buffer h;
  llg_buffer_init(&h, LLG_MAX_HEADER_BYTES);
  CHECK_INT(feed(&h, "HTTP/1.1 200 OK\r\n"), LLG_OK);
  CHECK_INT(feed(&h, "X-Request-ID: req_1\r\n"), LLG_OK);
  CHECK_INT(feed(&h, "Content-Type:text/event-stream;charset=utf-8\n"), LLG_OK);
  CHECK_INT(feed(&h, "retry-after:  \t 20 \t\r\n"), LLG_OK);
  CHECK_INT(feed(&h, "empty:\r\n"), LLG_OK);
  CHECK_INT(feed(&h, "unterminated: yes"), LLG_OK);
  CHECK_INT(feed(&h, "Set-Cookie: a=b:c\r\n"), LLG_OK);
  CHECK_INT(feed(&h, "set-cookie: second\r\n"), LLG_OK);
  CHECK_INT(feed(&h, "\r\n"), LLG_OK);
  CHECK(has(&h, "x-request-id", "req_1"));
  CHECK(has(&h, "content-type", "text/event-stream;charset=utf-8"));
  CHECK(has(&h, "retry-after", "20"));
  CHECK(has(&h, "empty", ""));
  CHECK(has(&h, "unterminated", "yes"));
  CHECK(has(&h, "set-cookie", "a=b:c"));
  CHECK(has(&h, "request-id", NULL));
  CHECK(has(&h, "x-request", NULL));
  CHECK(has(&h, "", NULL));
  llg_buffer_free(&h);
}

static void only_the_last_response_counts(void) {
  struct llg_buffer h;
  llg_buffer_init(&h, LLG_MAX_HEADER_BYTES);
  CHECK_INT(feed(&h, "HTTP/1.1 307 Temporary Redirect\r\n"), LLG_OK);
  CHECK_INT(feed(&h, "location: /elsewhere\r\n"), LLG_OK);
  CHECK_INT(feed(&h, "\r\n"), LLG_OK);
  CHECK_INT(feed(&h, "HTTP/2 200\r\n"), LLG_OK);
  CHECK_INT(feed(&h, " folded: under a status line\r\n"), LLG_OK);
  CHECK_INT(feed(&h, "x: 1\r\n"), LLG_OK);
  CHECK(has(&h, "location", NULL));
  CHECK(has(&h, "x", "1"));
  llg_buffer_free(&h);
}

static void folded_lines_join_their_field(void) {
  struct llg_buffer h;
  llg_buffer_init(&h, LLG_MAX_HEADER_BYTES);
  CHECK_INT(feed(&h, "a: one\r\n"), LLG_OK);
  CHECK_INT(feed(&h, " two: \r\n"), LLG_OK);
  CHECK_INT(feed(&h, "\tthree\r\n"), LLG_OK);
  CHECK_INT(feed(&h, "   \r\n"), LLG_OK);
  CHECK_INT(feed(&h, "b:\r\n"), LLG_OK);
  CHECK_INT(feed(&h, " later\r\n"), LLG_OK);
  CHECK(has(&h, "a", "one two: three"));
  CHECK(has(&h, "b", "later"));
  llg_buffer_free(&h);
}

static void what_is_no_header_is_dropped(void) {
  struct llg_buffer h;
  llg_buffer_init(&h, LLG_MAX_HEADER_BYTES);
  CHECK_INT(feed(&h, " fold of nothing\r\n"), LLG_OK);
  CHECK_INT(feed(&h, "no colon\r\n"), LLG_OK);
  CHECK_INT(feed(&h, "good: 1\r\n"), LLG_OK);
  CHECK_INT(feed(&h, ": no name\r\n"), LLG_OK);
  CHECK_INT(feed(&h, " folded under what was dropped\r\n"), LLG_OK);
  CHECK_INT(feed(&h, "bad name: x\r\n"), LLG_OK);
  CHECK_INT(feed(&h, "b\xC3\xA9: x\r\n"), LLG_OK);
  CHECK_INT(feed(&h, "blank before colon : y\r\n"), LLG_OK);
  CHECK_INT(feed(&h, "Tolerated : y\r\n"), LLG_OK);
  CHECK_INT(llg_headers_feed(&h, "split: a\nb\rc\0d\r\n", 17), LLG_OK);
  CHECK(has(&h, "good", "1"));
  CHECK(has(&h, "tolerated", "y"));
  CHECK(has(&h, "split", "a b c d"));
  size_t at = 0, n_fields = 0, name_len, value_len;
  const char *name, *value;
  while (llg_headers_next(&h, &at, &name, &name_len, &value, &value_len))
    n_fields++;
  CHECK_INT(n_fields, 3);
  llg_buffer_free(&h);
}

static void all_fields_are_walked_in_order(void) {
  struct llg_buffer h;
  llg_buffer_init(&h, LLG_MAX_HEADER_BYTES);
  size_t at = 0, name_len, value_len;
  const char *name, *value;
  CHECK(!llg_headers_next(&h, &at, &name, &name_len, &value, &value_len));
  feed(&h, "One: 1\r\n");
  feed(&h, "TWO:\r\n");
  feed(&h, "one: again\r\n");
  CHECK(llg_headers_next(&h, &at, &name, &name_len, &value, &value_len));
  CHECK_BYTES(name, name_len, "one");
  CHECK_BYTES(value, value_len, "1");
  CHECK(llg_headers_next(&h, &at, &name, &name_len, &value, &value_len));
  CHECK_BYTES(name, name_len, "two");
  CHECK_BYTES(value, value_len, "");
  CHECK(llg_headers_next(&h, &at, &name, &name_len, &value, &value_len));
  CHECK_BYTES(name, name_len, "one");
  CHECK_BYTES(value, value_len, "again");
  CHECK(!llg_headers_next(&h, &at, &name, &name_len, &value, &value_len));
  CHECK(!llg_headers_next(&h, &at, &name, &name_len, &value, &value_len));
  llg_buffer_free(&h);
}

/* A server that sends header lines for ever meets the maximum; what came before is
** kept. */
static void the_block_is_bounded(void) {
  struct llg_buffer h;
  llg_buffer_init(&h, 40);
  CHECK_INT(feed(&h, "first: 0123456789\r\n"), LLG_OK);
  CHECK_INT(feed(&h, "second: 01234567890123456789\r\n"), LLG_LIMIT);
  CHECK_INT(feed(&h, " 01234567890123456789012345\r\n"), LLG_LIMIT);
  CHECK(has(&h, "first", "0123456789"));
  CHECK(has(&h, "second", NULL));
  CHECK_INT(feed(&h, " more\r\n"), LLG_OK);
  CHECK(has(&h, "first", "0123456789 more"));
  for (int i = 0; i < 1000; i++)
    CHECK_INT(feed(&h, "rubbish\r\n"), LLG_OK);
  CHECK(h.len <= 40);
  llg_buffer_free(&h);
}

static void a_failed_allocation_loses_no_field(void) {
  for (long nth = 1; nth < 10; nth++) {
    struct llg_buffer h;
    llg_buffer_init(&h, LLG_MAX_HEADER_BYTES);
    char line[600] = "big: ";
    memset(line + 5, 'x', 500);
    llg_test_fail_at(nth);
    int kept = 0;
    while (kept < 5) {
      line[0] = (char)('a' + kept);
      if (feed(&h, line) != LLG_OK) break;
      if (feed(&h, " folded") != LLG_OK) break;
      kept++;
    }
    llg_test_fail_at(0);
    for (int i = 0; i < kept; i++) {
      char name[] = { (char)('a' + i), 'i', 'g', '\0' };
      size_t n = 0;
      const char *value = llg_headers_get(&h, name, &n);
      CHECK(value != NULL && n == 507 && memcmp(value + 500, " folded", 7) == 0);
    }
    CHECK_INT(feed(&h, "after: it\r\n"), LLG_OK);
    CHECK(has(&h, "after", "it"));
    llg_buffer_free(&h);
  }
}

/* ---- of a request ---- */

static const char *flaw(const char *name, const char *value) {
  return llg_header_flaw(name, strlen(name), value, strlen(value));
}

static void unsafe_fields_are_refused(void) {
  CHECK(flaw("X-Title", "a title; with \"marks\"\tand \xC3\xA9") == NULL);
  CHECK(flaw("!#$%&'*+-.^_`|~09az", "") == NULL);
  CHECK(flaw("", "x") != NULL);
  static const char *const names[] = { "a b", "a:",   "a\r\nb", "a\n",   "\xC3\xA9",
                                       "a/b", "a(b)", "a=b",    "\"a\"", " a" };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    CHECK(flaw(names[i], "x") != NULL);
  CHECK(llg_header_flaw("a\0b", 3, "x", 1) != NULL);
  static const char *const values[]
    = { "a\r\nInjected: yes", "a\nb", "a\r", "\x01", "a\x7F", "\x1B[31m" };
  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    CHECK(flaw("X", values[i]) != NULL);
  CHECK(llg_header_flaw("X", 1, "a\0b", 3) != NULL);
  CHECK(strstr(flaw("X", "a\r"), "line break") != NULL);
  CHECK(strstr(flaw("X", "secret\n"), "secret") == NULL);
  char *big = calloc(1, LLG_MAX_HEADER_BYTES);
  memset(big, 'x', LLG_MAX_HEADER_BYTES);
  CHECK(llg_header_flaw("X", 1, big, LLG_MAX_HEADER_BYTES - 1) == NULL);
  CHECK(llg_header_flaw("X", 1, big, LLG_MAX_HEADER_BYTES) != NULL);
  free(big);
}

static enum llg_status
set(struct llg_header_list *l, const char *name, const char *value) {
  return llg_header_list_set(
    l, name, strlen(name), value, value == NULL ? 0 : strlen(value));
}

static int holds(const struct llg_header_list *l, size_t i, const char *want) {
  return i < l->count && strcmp(l->entries[i], want) == 0;
}

static void entries_are_added_replaced_and_removed(void) {
  struct llg_header_list l = { 0 };
  CHECK_INT(set(&l, "Nothing", NULL), LLG_OK);
  CHECK_INT(l.count, 0);
  CHECK_INT(set(&l, "Authorization", "Bearer one"), LLG_OK);
  CHECK_INT(set(&l, "X-Empty", ""), LLG_OK);
  CHECK_INT(set(&l, "X-Blank", " \t"), LLG_OK);
  CHECK_INT(set(&l, "X", "1"), LLG_OK);
  CHECK_INT(set(&l, "aUTHORIZATION", "Bearer two"), LLG_OK);
  CHECK_INT(set(&l, "x-empty", "now full"), LLG_OK);
  CHECK_INT(l.count, 4);
  CHECK(holds(&l, 0, "aUTHORIZATION: Bearer two"));
  CHECK(holds(&l, 1, "x-empty: now full"));
  CHECK(holds(&l, 2, "X-Blank;"));
  CHECK(holds(&l, 3, "X: 1"));
  CHECK_INT(set(&l, "x-blank", NULL), LLG_OK);
  CHECK_INT(set(&l, "X-BLAN", NULL), LLG_OK);
  CHECK_INT(l.count, 3);
  CHECK(holds(&l, 2, "X: 1"));
  llg_header_list_free(&l);
  CHECK_INT(l.count, 0);
  CHECK_INT(set(&l, "Again", "usable"), LLG_OK);
  CHECK(holds(&l, 0, "Again: usable"));
  llg_header_list_free(&l);
  llg_header_list_free(&l);
}

static void a_copy_stands_alone(void) {
  struct llg_header_list from = { 0 }, to = { 0 };
  CHECK_INT(llg_header_list_copy(&to, &from), LLG_OK);
  CHECK_INT(to.count, 0);
  for (int i = 0; i < 30; i++) {
    char name[16];
    snprintf(name, sizeof name, "X-%d", i);
    CHECK_INT(set(&from, name, i % 2 == 0 ? "even" : ""), LLG_OK);
  }
  CHECK_INT(llg_header_list_copy(&to, &from), LLG_OK);
  CHECK_INT(set(&to, "x-0", NULL), LLG_OK);
  CHECK_INT(set(&to, "X-New", "1"), LLG_OK);
  CHECK_INT(from.count, 30);
  CHECK(holds(&from, 0, "X-0: even"));
  llg_header_list_free(&from);
  CHECK_INT(to.count, 30);
  CHECK(holds(&to, 0, "X-1;"));
  CHECK(holds(&to, 28, "X-29;"));
  CHECK(holds(&to, 29, "X-New: 1"));
  llg_header_list_free(&to);
}

static void a_failed_allocation_leaves_the_list(void) {
  bool done = false;
  for (long nth = 1; !done; nth++) {
    struct llg_header_list l = { 0 }, copy = { 0 };
    llg_test_fail_at(0);
    set(&l, "Key", "old");
    llg_test_fail_at(nth);
    bool replaced = set(&l, "key", "new") == LLG_OK;
    CHECK(holds(&l, 0, replaced ? "key: new" : "Key: old"));
    size_t n_added = 0;
    for (char name[] = "A"; name[0] <= 'J'; name[0]++)
      if (set(&l, name, "x") == LLG_OK) n_added++;
    CHECK_INT(l.count, 1 + n_added);
    enum llg_status status = llg_header_list_copy(&copy, &l);
    done = status == LLG_OK;
    CHECK(done || status == LLG_NOMEM);
    CHECK_INT(copy.count, done ? 11 : 0);
    CHECK_INT(set(&l, "key", NULL), LLG_OK);
    CHECK_INT(l.count, n_added);
    llg_test_fail_at(0);
    llg_header_list_free(&l);
    llg_header_list_free(&copy);
  }
}

int main(void) {
  RUN(a_response_is_read_by_name);
  RUN(only_the_last_response_counts);
  RUN(folded_lines_join_their_field);
  RUN(what_is_no_header_is_dropped);
  RUN(all_fields_are_walked_in_order);
  RUN(the_block_is_bounded);
  RUN(a_failed_allocation_loses_no_field);
  RUN(unsafe_fields_are_refused);
  RUN(entries_are_added_replaced_and_removed);
  RUN(a_copy_stands_alone);
  RUN(a_failed_allocation_leaves_the_list);
  return TEST_END();
}
