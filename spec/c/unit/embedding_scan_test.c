#include "core/vectors/embedding_scan.h"
#include "core/base/memory.h"

#include "test.h"

#include <stdlib.h>

/* Thirty-two characters, the shortest that is handed out. */
#define A32 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define B36 "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB="
#define LIST33 "[1,-2.5, 3e0 ,4,5,6,7,8,9,10,0.5]"
#define SHORT "AACAPw=="

/* The body in a block of its exact size, so that a sanitizer sees a byte too many. */
static enum llg_status
scan_text(struct llg_embedding_scan *scan, const char *text, size_t n) {
  char *body = malloc(n + (n == 0));
  memcpy(body, text, n);
  enum llg_status status = llg_embedding_scan(scan, body, n);
  free(body);
  return status;
}

static void check_rest(const char *body, const char *rest, size_t n_spans) {
  struct llg_embedding_scan scan;
  if (CHECK_INT(scan_text(&scan, body, strlen(body)), LLG_OK)) {
    CHECK_INT(scan.n_spans, n_spans);
    int same = scan.rest.len == strlen(rest)
               && memcmp(scan.rest.data, rest, scan.rest.len) == 0;
    if (!CHECK(same))
      printf("  got [%.*s], want [%s]\n", (int)scan.rest.len, scan.rest.data, rest);
  }
  llg_embedding_scan_free(&scan);
}

/* Nothing is taken out: the body itself is the rest. */
static void check_untouched(const char *body) {
  check_rest(body, body, 0);
}

static void check_full_way(const char *body) {
  struct llg_embedding_scan scan;
  if (!CHECK_INT(scan_text(&scan, body, strlen(body)), LLG_DECODE))
    printf("  of [%s]\n", body);
  CHECK(scan.spans == NULL && scan.rest.data == NULL);
  llg_embedding_scan_free(&scan);
}

static void test_spans(void) {
  const char *body = "{\"object\": \"list\", \"data\": [\n"
                     "  {\"index\": 0, \"embedding\": \"" A32
                     "\", \"object\": \"embedding\"},\n"
                     "  {\"embedding\" :\t\"" B36 "\",\"index\":1}],\n"
                     " \"model\": \"m\"}\n";
  struct llg_embedding_scan scan;
  CHECK_INT(llg_embedding_scan(&scan, body, strlen(body)), LLG_OK);
  CHECK_INT(scan.n_spans, 2);
  CHECK_BYTES(body + scan.spans[0].offset, scan.spans[0].n, A32);
  CHECK_BYTES(body + scan.spans[1].offset, scan.spans[1].n, B36);
  CHECK_BYTES(
    scan.rest.data, scan.rest.len,
    "{\"object\": \"list\", \"data\": [\n"
    "  {\"index\": 0, \"embedding\": 0 , \"object\": \"embedding\"},\n"
    "  {\"embedding\" :\t1 ,\"index\":1}],\n"
    " \"model\": \"m\"}\n");
  llg_embedding_scan_free(&scan);
  llg_embedding_scan_free(&scan);
}

static void test_lists(void) {
  const char *body = "{\"data\":[{\"embedding\":\"" A32 "\"},{\"embedding\":\n" LIST33
                     " },{\"embedding\":" LIST33 "}]}";
  struct llg_embedding_scan scan;
  CHECK_INT(llg_embedding_scan(&scan, body, strlen(body)), LLG_OK);
  CHECK_INT(scan.n_spans, 3);
  CHECK_INT(scan.spans[0].n_numbers, 0);
  CHECK_INT(scan.numbers.len, 22 * sizeof(float));
  for (size_t i = 1; i < scan.n_spans; i++) {
    CHECK_BYTES(body + scan.spans[i].offset, scan.spans[i].n, LIST33);
    CHECK_INT(scan.spans[i].first, 11 * (i - 1));
    CHECK_INT(scan.spans[i].n_numbers, 11);
    const float *numbers = (const float *)scan.numbers.data + scan.spans[i].first;
    CHECK(numbers[0] == 1 && numbers[1] == -2.5f && numbers[10] == 0.5f);
  }
  CHECK_BYTES(
    scan.rest.data, scan.rest.len,
    "{\"data\":[{\"embedding\":0 },{\"embedding\":\n1  },{\"embedding\":2 }]}");
  llg_embedding_scan_free(&scan);
}

/* A digit right behind must not make another number of ours. */
static void test_what_follows_stays_apart(void) {
  check_rest(
    "{\"data\":[{\"embedding\":\"" A32 "\"1}]}", "{\"data\":[{\"embedding\":0 1}]}", 1);
  check_rest(
    "{\"data\":[{\"embedding\":" LIST33 "1}]}", "{\"data\":[{\"embedding\":0 1}]}", 1);
}

static void test_short_ones_stay(void) {
  check_untouched("{\"data\":[{\"embedding\":\"" SHORT "\"}]}");
  check_untouched("{\"data\":[{\"embedding\":\"\"}]}");
  check_untouched("{\"data\":[{\"embedding\":[1,2]},{\"embedding\":[]}]}");
  check_rest(
    "{\"data\":[{\"embedding\":\"" SHORT "\"},{\"embedding\":\"" A32 "\"}]}",
    "{\"data\":[{\"embedding\":\"" SHORT "\"},{\"embedding\":0 }]}", 1);
}

static void test_nothing_to_find(void) {
  check_untouched("{}");
  check_untouched("{\"data\":[]}");
  check_untouched("{\"data\":[{\"index\":0}]}");
  check_untouched("{\"data\":\"" A32 "\"}");
}

/* The words `"embedding":"..."` inside another string. */
static void test_texts_that_quote_the_key(void) {
  check_untouched("{\"data\":[{\"text\":\"\\\"embedding\\\":\\\"" A32 "\\\"\"}]}");
  check_untouched("{\"data\":[{\"text\":\"{\\\"embedding\\\": \",\"x\":\"" A32 "\"}]}");
  check_untouched("{\"data\":[{\"text\":\"\\\\\",\"x\":\"\\\\\\\"embedding\\\":\"}]}");
  check_rest(
    "{\"data\":[{\"text\":\"\\\\\\\\\",\"embedding\":\"" A32 "\"}]}",
    "{\"data\":[{\"text\":\"\\\\\\\\\",\"embedding\":0 }]}", 1);
  /* `embedding` as a value, before a key of another name */
  check_untouched("{\"data\":[{\"object\":\"embedding\",\"x\":\"" A32 "\"}]}");
}

/* Only data[i].embedding is one; the same key elsewhere belongs to someone else. */
static void test_other_places(void) {
  check_untouched("{\"embedding\":\"" A32 "\"}");
  check_untouched("{\"data\":{\"embedding\":\"" A32 "\"}}");
  check_untouched("{\"data\":{\"x\":{\"embedding\":\"" A32 "\"}}}");
  check_untouched("{\"data\":[[{\"embedding\":\"" A32 "\"}]]}");
  check_untouched("{\"data\":[{\"x\":{\"embedding\":\"" A32 "\"}}]}");
  check_untouched("{\"data\":[],\"x\":[{\"embedding\":\"" A32 "\"}]}");
  check_untouched("{\"x\":{\"data\":[{\"embedding\":\"" A32 "\"}]}}");
  check_untouched("{\"data\":[{\"embeddings\":\"" A32 "\",\"embeddin\":\"" A32 "\"}]}");
  check_rest(
    "{\"data\":[{\"x\":[{\"a\":\"}\"}],\"embedding\":\"" A32 "\"}],\"usage\":{}}",
    "{\"data\":[{\"x\":[{\"a\":\"}\"}],\"embedding\":0 }],\"usage\":{}}", 1);
}

/* A number there could be taken for one of ours, and whatever else no server sends. */
static void test_full_way(void) {
  check_full_way("");
  check_full_way("  ");
  check_full_way("[{\"embedding\":\"" A32 "\"}]");
  check_full_way("\"embedding\"");
  check_full_way("{\"data\":[{\"embedding\":0}]}");
  check_full_way("{\"data\":[{\"embedding\":\"" A32 "\"},{\"embedding\":0 }]}");
  check_full_way("{\"data\":[{\"embedding\":[1,2,3,4,5,6,7,8,9,10,11,12,null]}]}");
  check_full_way("{\"data\":[{\"embedding\":[[1,2,3,4,5,6,7,8,9,10,11,12,13]]}]}");
  check_full_way("{\"data\":[{\"embedding\":[                              ]}]}");
  check_full_way("{\"data\":[{\"embedding\":[0.1");
  check_full_way("{\"data\":[{\"embedding\":null}]}");
  check_full_way("{\"data\":[{\"embedding\":");
  check_full_way("{\"data\":[{\"embedding\":\"");
  check_full_way("{\"data\":[{\"embedding\":\"" A32 "\\/" A32 "\"}]}");
  check_full_way("{\"data\":[{\"embed\\u0064ing\":7}]}");
  check_full_way("{\"d\\u0061ta\":[{\"embedding\":7}]}");
}

static void test_brackets_that_do_not_match(void) {
  check_full_way("{");
  check_full_way("{\"data\":[");
  check_full_way("{}}");
  check_full_way("{\"data\":[{\"embedding\":\"" A32 "\"}]");
  check_full_way("{\"data\":[{\"embedding\":\"" A32 "\"}]}}");
}

/* Every beginning of a good body: no byte is read behind it, none is a success. */
static void test_cut_anywhere(void) {
  static const char body[] = "{\"data\":[{\"embedding\":\"" A32
                             "\",\"x\":\"\\\\\\\"\"},{\"embedding\":" LIST33
                             "}],\"model\":\"m\"}";
  for (size_t n = 0; n < sizeof body - 1; n++) {
    struct llg_embedding_scan scan;
    CHECK_INT(scan_text(&scan, body, n), LLG_DECODE);
    llg_embedding_scan_free(&scan);
  }
}

static char *many(size_t n_items, size_t *n) {
  static const char item[] = "{\"embedding\":\"" A32 "\"},{\"embedding\":" LIST33 "},";
  char *body = malloc(n_items * (sizeof item - 1) + 32);
  size_t at = (size_t)sprintf(body, "{\"data\":[");
  for (size_t i = 0; i < n_items; i++) {
    memcpy(body + at, item, sizeof item - 1);
    at += sizeof item - 1;
  }
  memcpy(body + at - 1, "]}", 2);
  *n = at + 1;
  return body;
}

static void test_many(void) {
  size_t n, n_items = 3000;
  char *body = many(n_items, &n);
  struct llg_embedding_scan scan;
  CHECK_INT(llg_embedding_scan(&scan, body, n), LLG_OK);
  CHECK_INT(scan.n_spans, 2 * n_items);
  CHECK(scan.rest.len < n / 2);
  CHECK_BYTES(scan.rest.data + scan.rest.len - 21, 21, "{\"embedding\":5999 }]}");
  llg_embedding_scan_free(&scan);
  free(body);
}

static void test_out_of_memory(void) {
  size_t n;
  char *body = many(100, &n);
  struct llg_embedding_scan scan;
  llg_test_fail_at(0);
  CHECK_INT(llg_embedding_scan(&scan, body, n), LLG_OK);
  long n_allocations = llg_test_allocations();
  llg_embedding_scan_free(&scan);
  CHECK(n_allocations > 4);
  for (long i = 1; i <= n_allocations; i++) {
    llg_test_fail_at(i);
    CHECK_INT(llg_embedding_scan(&scan, body, n), LLG_NOMEM);
    CHECK(scan.spans == NULL && scan.rest.data == NULL && scan.numbers.data == NULL);
  }
  llg_test_fail_at(0);
  free(body);
}

int main(void) {
  RUN(test_spans);
  RUN(test_lists);
  RUN(test_what_follows_stays_apart);
  RUN(test_short_ones_stay);
  RUN(test_nothing_to_find);
  RUN(test_texts_that_quote_the_key);
  RUN(test_other_places);
  RUN(test_full_way);
  RUN(test_brackets_that_do_not_match);
  RUN(test_cut_anywhere);
  RUN(test_many);
  RUN(test_out_of_memory);
  return TEST_END();
}
