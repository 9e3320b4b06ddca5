#include "test.h"

#include "core/base/memory.h"
#include "core/base/status.h"

enum { MOST = LLG_MAX_MESSAGE_BYTES - 1 };

static void every_status_has_its_word(void) {
  static const struct {
    enum llg_status status;
    const char *kind;
  } want[] = {
    { LLG_API, "api" },
    { LLG_CONNECTION, "connection" },
    { LLG_TLS, "tls" },
    { LLG_TIMEOUT, "timeout" },
    { LLG_CANCELLED, "cancelled" },
    { LLG_TRUNCATED, "truncated" },
    { LLG_PROTOCOL, "protocol" },
    { LLG_DECODE, "decode" },
    { LLG_LIMIT, "limit" },
    { LLG_KEY, "key" },
    { LLG_FILE, "file" },
    { LLG_NOMEM, "limit" },
  };
  for (size_t i = 0; i < sizeof want / sizeof *want; i++)
    CHECK(strcmp(llg_status_kind(want[i].status), want[i].kind) == 0);
  for (int status = LLG_OK; status <= LLG_NOMEM; status++) {
    CHECK(llg_status_kind((enum llg_status)status)[0] != '\0');
    CHECK(llg_status_text((enum llg_status)status)[0] != '\0');
    for (int other = LLG_OK; other < status; other++)
      CHECK(
        strcmp(
          llg_status_text((enum llg_status)status),
          llg_status_text((enum llg_status)other))
        != 0);
  }
}

static void a_failure_is_filled_in(void) {
  struct llg_failure f = { 0 };
  CHECK_INT(f.status, LLG_OK);
  llg_failure_set(&f, LLG_TIMEOUT, "connect", "no answer from %s in %d ms", "host", 5000);
  CHECK_INT(f.status, LLG_TIMEOUT);
  CHECK(strcmp(f.phase, "connect") == 0);
  CHECK(strcmp(f.message, "no answer from host in 5000 ms") == 0);
  llg_failure_set(&f, LLG_API, NULL, "%s", "");
  CHECK_INT(f.status, LLG_API);
  CHECK(f.phase == NULL);
  CHECK(strcmp(f.message, "") == 0);
}

/* A message of `n_before` letters and many times `character`, cut. */
static size_t cut(size_t n_before, const char *character, struct llg_failure *f) {
  char text[2 * LLG_MAX_MESSAGE_BYTES] = "";
  memset(text, 'a', n_before);
  while (strlen(text) < LLG_MAX_MESSAGE_BYTES + 10)
    strcat(text, character);
  llg_failure_set(f, LLG_API, NULL, "%s", text);
  size_t n = strlen(f->message);
  CHECK(memcmp(f->message, text, n) == 0);
  return n;
}

static void a_long_message_is_cut_between_characters(void) {
  static const char *const characters[] = { "b", "\xC3\xA9", "\xE2\x82\xAC",
                                            "\xE0\xA0\x80", "\xF0\x9F\x98\x80" };
  struct llg_failure f;
  for (size_t i = 0; i < sizeof characters / sizeof *characters; i++) {
    size_t size = strlen(characters[i]);
    for (size_t n_before = 0; n_before < 8; n_before++) {
      size_t room = MOST - n_before;
      CHECK_INT(cut(n_before, characters[i], &f), n_before + room - room % size);
    }
  }
}

static void what_just_fits_is_not_cut(void) {
  char text[LLG_MAX_MESSAGE_BYTES] = "";
  memset(text, 'a', MOST - 2);
  strcat(text, "\xC3\xA9");
  struct llg_failure f;
  llg_failure_set(&f, LLG_API, NULL, "%s", text);
  CHECK(strcmp(f.message, text) == 0);
  char longer[LLG_MAX_MESSAGE_BYTES + 1] = "";
  memset(longer, 'a', MOST - 1);
  strcat(longer, "\xC3\xA9"); /* one byte too many */
  llg_failure_set(&f, LLG_API, NULL, "%s", longer);
  CHECK_INT(strlen(f.message), MOST - 1);
}

/* What a server sent need not be UTF-8: it is cut at the maximum, and nothing is lost. */
static void what_is_not_utf8_is_cut_as_well(void) {
  struct llg_failure f;
  CHECK_INT(cut(0, "\x80", &f), MOST);
  CHECK_INT(cut(5, "\xBF\xBF\xBF\xBF\xBF", &f), MOST);
  CHECK_INT(cut(0, "\xFF", &f), MOST - 1);
}

static void nothing_is_allocated(void) {
  struct llg_failure f;
  llg_test_fail_at(1);
  CHECK_INT(cut(0, "\xE2\x82\xAC", &f), MOST - MOST % 3);
  CHECK(strcmp(llg_status_kind(LLG_NOMEM), "limit") == 0);
  CHECK_INT(llg_test_allocations(), 0);
  llg_test_fail_at(0);
}

int main(void) {
  RUN(every_status_has_its_word);
  RUN(a_failure_is_filled_in);
  RUN(a_long_message_is_cut_between_characters);
  RUN(what_just_fits_is_not_cut);
  RUN(what_is_not_utf8_is_cut_as_well);
  RUN(nothing_is_allocated);
  return TEST_END();
}
