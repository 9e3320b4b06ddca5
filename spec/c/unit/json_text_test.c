#include "core/events/json_text.h"
#include "test.h"

#include <stdlib.h>

static bool number(const char *s, struct llg_json_number *value) {
  const char *end = s + strlen(s);
  return llg_json_read_number(s, end) == end && llg_json_number_of(s, strlen(s), value);
}

static void whole_numbers(void) {
  static const struct {
    const char *text;
    int64_t value;
  } rows[] = { { "0", 0 },
               { "-7", -7 },
               { "12.000", 12 },
               { "-0.0", 0 },
               { "999999999999999", 999999999999999 } };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct llg_json_number value = { 0 };
    bool zero = rows[i].text[0] == '-' && rows[i].value == 0;
    CHECK_INT(number(rows[i].text, &value), !zero); /* -0 is left to the full way */
    if (zero) continue;
    CHECK(value.is_whole);
    CHECK(value.whole == rows[i].value);
  }
}

static void fractions(void) {
  static const char *const rows[] = { "0.5", "-12.25", "6.846666666666667", "0.1",
                                      "123456789012345.5" };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct llg_json_number value = { 0 };
    CHECK(number(rows[i], &value));
    CHECK(!value.is_whole);
    CHECK(value.fraction == strtod(rows[i], NULL));
  }
}

static void what_goes_another_way(void) {
  static const char *const rows[] = { "",    "-",   ".5",   "1.",  "01",
                                      "1e5", "1E5", "0x10", "nan", "1234567890123456" };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct llg_json_number value;
    CHECK(!number(rows[i], &value));
  }
}

/* In its own place, as it is used. */
static void unescaped(void) {
  char text[] = "a\\nb\\u00e9\\ud83d\\ude00z\"";
  struct llg_json_string string;
  CHECK(
    llg_json_read_string(text, text + strlen(text), &string) == text + strlen(text) - 1);
  CHECK(string.escaped);
  size_t n = llg_json_unescape(&string, text);
  CHECK_BYTES(text, n, "a\nb\xC3\xA9\xF0\x9F\x98\x80z");
}

int main(void) {
  RUN(whole_numbers);
  RUN(fractions);
  RUN(what_goes_another_way);
  RUN(unescaped);
  return TEST_END();
}
