#include "test.h"

#include <stdlib.h>

#include "core/events/event_scan.h"

/* The event in a block of its very size, so that a sanitizer sees a read too far. */
static bool scan(const char *event, size_t n, long choice, char *out, size_t *len) {
  char *copy = malloc(n + (n == 0));
  memcpy(copy, event, n);
  struct llg_event_text text = { 0 };
  bool plain = llg_event_scan(copy, n, &text) && text.choice == choice;
  if (plain) *len = llg_json_unescape(&text.string, out);
  free(copy);
  return plain;
}

static int
gives_bytes(const char *event, long choice, const char *want, size_t want_len) {
  char out[4096];
  size_t len = 0;
  int ok = scan(event, strlen(event), choice, out, &len) && len == want_len
           && memcmp(out, want, len) == 0;
  if (!ok) printf("  %s: [%.*s]\n", event, (int)len, out);
  return ok;
}

#define GIVES(event, want) CHECK(gives_bytes(event, 0, want, sizeof(want) - 1))

static int goes_the_full_way(const char *event, size_t n, long choice) {
  char out[4096];
  size_t len = 0;
  bool plain = scan(event, n, choice, out, &len);
  if (plain) printf("  %.*s: taken for plain\n", (int)n, event);
  return !plain;
}

#define FULL(event) CHECK(goes_the_full_way(event, sizeof(event) - 1, 0))

/* An event around a delta, a choice or a literal of a string. */
#define CHOICES(inside) "{\"choices\":[" inside "]}"
#define CHOICE(inside) CHOICES("{" inside "}")
#define DELTA(inside) CHOICE("\"index\":0,\"delta\":{" inside "}")
#define CONTENT(inside) DELTA("\"content\":\"" inside "\"")
#define TOP(inside) \
  "{" inside ",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}"

static void plain_chunks_give_their_text(void) {
  GIVES(
    "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1721075653,"
    "\"model\":\"gpt-4o\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_1\","
    "\"choices\":[{\"index\":0,\"delta\":{\"content\":\" Hello\"},\"logprobs\":null,"
    "\"finish_reason\":null}],\"usage\":null,\"obfuscation\":\"x9\"}",
    " Hello");
  GIVES(
    "{\"id\":1,\"provider\":\"p\",\"model\":\"m\",\"object\":\"chat.completion.chunk\","
    "\"created\":-1.5,\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\","
    "\"content\":\"a\",\"refusal\":null,\"reasoning\":null,\"tool_calls\":null,"
    "\"function_call\":null},\"finish_reason\":null,\"native_finish_reason\":null}],"
    "\"error\":null}",
    "a");
  GIVES(
    " {\n \"choices\" :\t[ { \"delta\" : { \"content\" :\r\n\"w s\" } } ] } \r\n", "w s");
  GIVES(CONTENT(""), "");
  GIVES(DELTA("\"role\":\"assistant\",\"content\":\"\""), "");
  GIVES(DELTA("\"content\":\"x\",\"role\":null"), "x");
  GIVES(CHOICE("\"index\":null,\"delta\":{\"content\":\"x\"}"), "x");
  GIVES(
    CONTENT("caf\xC3\xA9 \xF0\x9F\x98\x80 \xE2\x80\xA8"),
    "caf\xC3\xA9 \xF0\x9F\x98\x80 \xE2\x80\xA8");
  GIVES(CONTENT("good \x7F"), "good \x7F");
  FULL(CONTENT("bad \xFF"));
  FULL(CONTENT("bad \xC0\x80"));
  FULL(CONTENT("half of \xE2\x98"));
  FULL(TOP("\"id\":\"\xFF\""));
  GIVES(CONTENT("} ] , : {[ 'x'"), "} ] , : {[ 'x'");
}

static void skipped_fields_may_hold_any_scalar(void) {
  GIVES(TOP("\"id\":null,\"created\":0,\"model\":true,\"provider\":false"), "x");
  GIVES(TOP("\"id\":\"\",\"created\":-0.50,\"model\":\"a\\u00e9\\\"b\\\\\""), "x");
  GIVES(TOP("\"id\":1234567890,\"created\":-98.76,\"model\":0,\"provider\":0.90"), "x");
  GIVES(TOP("\"object\":null,\"made_up\":null"), "x");
  FULL(TOP("\"id\":{}"));
  FULL(TOP("\"id\":[]"));
  FULL(TOP("\"model\":\"\\ud83d\""));
  FULL(TOP("\"model\":\"\\x\""));
  FULL(TOP("\"model\":\"a\tb\""));
  FULL(TOP("\"object\":\"chat.completion\""));
  FULL(TOP("\"object\":\"\""));
  FULL(TOP("\"object\":\"chat.completion.chunk\\u0000\""));
  FULL(TOP("\"object\":n\"chat.completion.chunk\""));
  FULL(TOP("\"object\":1"));
}

static void numbers_are_strict(void) {
  static const char *const numbers[] = { "01",    "-",    "+1",    ".5",  "1.",
                                         "-.5",   "1e5",  "1E999", "nan", "Infinity",
                                         "0x10",  "1 2",  "--1",   "00",  "-01",
                                         "1.2.3", "1-",   "true1", "nul", "nulll",
                                         "True",  "fals", "" };
  GIVES(TOP("\"created\":-12345678901.12345678901"), "x");
  FULL(TOP("\"created\":1234567890123456789012345"));
  FULL(TOP("\"created\":0.12345678901234567890123"));
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    char event[200];
    snprintf(event, sizeof event, TOP("\"created\":%s"), numbers[i]);
    CHECK(goes_the_full_way(event, strlen(event), 0));
  }
}

static void what_matters_goes_the_full_way(void) {
  FULL(TOP("\"error\":{\"message\":\"x\"}"));
  FULL(TOP("\"error\":\"x\""));
  FULL(TOP("\"citations\":[]"));
  FULL(TOP("\"made_up\":false"));
  FULL(CHOICE("\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\""));
  FULL(CHOICE("\"delta\":{\"content\":\"x\"},\"finish_reason\":\"\""));
  FULL(CHOICE("\"delta\":{\"content\":\"x\"},\"logprobs\":{\"content\":[]}"));
  FULL(CHOICE("\"delta\":{\"content\":\"x\"},\"stop_reason\":1"));
  FULL(CHOICE("\"message\":{\"content\":\"x\"}"));
  FULL(DELTA("\"content\":\"x\",\"tool_calls\":[]"));
  FULL(DELTA("\"content\":\"x\",\"reasoning_content\":\"\""));
  FULL(DELTA("\"content\":\"x\",\"refusal\":\"no\""));
  FULL(DELTA("\"content\":\"x\",\"role\":\"user\""));
  FULL(DELTA("\"content\":\"x\",\"role\":\"\""));
  FULL(DELTA("\"content\":null"));
  FULL(DELTA("\"content\":[{\"type\":\"text\",\"text\":\"x\"}]"));
  FULL(DELTA("\"content\":1"));
  FULL(DELTA("\"role\":\"assistant\""));
  FULL(DELTA(""));
  FULL(CHOICE("\"delta\":null"));
  FULL(CHOICE(""));
  FULL(CHOICES(""));
  FULL(CHOICES("null"));
  FULL(CHOICES("{\"delta\":{\"content\":\"x\"}},{\"index\":1}"));
  FULL(CHOICES("{\"delta\":{\"content\":\"x\"}},null"));
  FULL("{\"choices\":null}");
  FULL("{\"choices\":{\"delta\":{\"content\":\"x\"}}}");
  FULL("{}");
}

static bool has_counts(const char *event) {
  struct llg_event_text text;
  return llg_event_scan(event, strlen(event), &text) && text.has_counts;
}

static void counts_are_said(void) {
  CHECK(has_counts(TOP("\"usage\":{\"total_tokens\":1}")));
  CHECK(has_counts(TOP("\"timings\":{\"a\":[0.5,{\"b\":\"c\"}],\"d\":{}}")));
  CHECK(!has_counts(TOP("\"usage\":null")));
  FULL(TOP("\"usage\":1"));
  FULL(TOP("\"usage\":[]"));
  FULL(TOP("\"usage\":{\"a\":}"));
  FULL(TOP("\"usage\":{\"a\":1e5}"));
  FULL(TOP("\"usage\":[[[[[[[[[[[[]]]]]]]]]]]]"));
  FULL(TOP("\"timings\":{\"a\":[[[[[[[[[1]]]]]]]]]}"));
}

static void only_the_wanted_choice_is_given(void) {
  static const char second[] = CHOICE("\"index\":12,\"delta\":{\"content\":\"x\"}");
  CHECK(gives_bytes(second, 12, "x", 1));
  CHECK(goes_the_full_way(second, sizeof second - 1, 0));
  CHECK(goes_the_full_way(second, sizeof second - 1, 1));
  static const char last[] = CHOICE("\"index\":123456789,\"delta\":{\"content\":\"x\"}");
  CHECK(gives_bytes(last, 123456789, "x", 1));
  static const char absent[] = CHOICE("\"delta\":{\"content\":\"x\"}");
  CHECK(gives_bytes(absent, 0, "x", 1));
  CHECK(goes_the_full_way(absent, sizeof absent - 1, 1));
  FULL(CHOICE("\"index\":-0,\"delta\":{\"content\":\"x\"}"));
  FULL(CHOICE("\"index\":0.0,\"delta\":{\"content\":\"x\"}"));
  FULL(CHOICE("\"index\":00,\"delta\":{\"content\":\"x\"}"));
  FULL(CHOICE("\"index\":\"0\",\"delta\":{\"content\":\"x\"}"));
  FULL(CHOICE("\"index\":18446744073709551616,\"delta\":{\"content\":\"x\"}"));
}

static void a_field_twice_goes_the_full_way(void) {
  FULL(DELTA("\"content\":\"x\",\"content\":\"y\""));
  FULL(DELTA("\"role\":\"assistant\",\"content\":\"x\",\"role\":\"assistant\""));
  FULL(CHOICE("\"index\":0,\"delta\":{\"content\":\"x\"},\"index\":0"));
  FULL(CHOICE("\"delta\":{\"content\":\"x\"},\"delta\":{\"content\":\"y\"}"));
  FULL(TOP("\"choices\":[{\"delta\":{\"content\":\"y\"}}]"));
  FULL(TOP("\"id\":1,\"id\":1"));
  FULL(DELTA("\"content\":\"x\",\"\\u0063ontent\":null"));
  FULL(DELTA("\"\\u0063ontent\":\"x\""));
}

static void escapes_are_resolved(void) {
  GIVES(CONTENT("\\\"\\\\\\/\\b\\f\\n\\r\\t"), "\"\\/\b\f\n\r\t");
  GIVES(
    CONTENT("a\\u0041b\\u00e9c\\u20ACd\\uD83D\\ude00e"), "aAb\xC3\xA9"
                                                         "c\xE2\x82\xAC"
                                                         "d\xF0\x9F\x98\x80"
                                                         "e");
  GIVES(CONTENT("\\u0000"), "\0");
  GIVES(
    CONTENT("\\u007f\\u0080\\u07ff\\u0800\\uffff"),
    "\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF");
  GIVES(CONTENT("\\ud800\\udc00\\udbff\\udfff"), "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF");
  GIVES(
    CONTENT("a long text with its only escape at the end\\n"),
    "a long text with its only escape at the end\n");
  GIVES(
    CONTENT("\\uabcd\\uABCD\\u0fF9\\u9a0A"),
    "\xEA\xAF\x8D\xEA\xAF\x8D\xE0\xBF\xB9\xE9\xA8\x8A");
  FULL(CONTENT("\\ud83d"));
  FULL(CONTENT("\\ud800"));
  FULL(CONTENT("\\udfff"));
  FULL(CONTENT("\\ude00"));
  FULL(CONTENT("\\ud83d\\u0041"));
  FULL(CONTENT("\\ud83d\\ud83d"));
  FULL(CONTENT("\\ud83dx\\ude00"));
  FULL(CONTENT("\\x"));
  FULL(CONTENT("\\v"));
  FULL(CONTENT("\\'"));
  FULL(CONTENT("\\U0041"));
  FULL(CONTENT("\\u004"));
  FULL(CONTENT("\\u00g0"));
  FULL(CONTENT("\\\0"));
}

static void control_characters_go_the_full_way(void) {
  for (int offset = 0; offset < 20; offset++) {
    for (int c = 0; c < 0x20; c++) {
      char event[] = CONTENT("01234567890123456789");
      strstr(event, "0123")[offset] = (char)c;
      CHECK(goes_the_full_way(event, sizeof event - 1, 0));
    }
  }
}

/* Every place in a word of eight bytes: quotes, escapes, bytes above 0x7F. */
static void text_of_every_length_and_place(void) {
  for (size_t n = 0; n < 70; n++) {
    for (size_t at = 0; at <= n; at++) {
      char event[300], want[100];
      memset(want, 'x', n);
      if (at + 1 < n) memcpy(want + at, "\xC3\xA9", 2);
      want[n] = '\0';
      snprintf(event, sizeof event, CONTENT("%s"), want);
      CHECK(gives_bytes(event, 0, want, n));
      memset(want, 'x', n);
      if (at == n) continue;
      want[at] = '\n';
      snprintf(event, sizeof event, CONTENT("%.*s\\n%s"), (int)at, want, want + at + 1);
      CHECK(gives_bytes(event, 0, want, n));
    }
  }
}

/* Nothing short of the whole event is ever taken for it, nor is anything behind it. */
static void the_whole_event_is_read(void) {
  static const char event[]
    = "{\"id\":\"a\",\"object\":\"chat.completion.chunk\",\"created\":17,\"choices\":[{"
      "\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":"
      "\"x\\u00e9\\ud83d\\ude00y\"},"
      "\"finish_reason\":null}],\"usage\":null}";
  for (size_t n = 0; n < sizeof event - 1; n++)
    CHECK(goes_the_full_way(event, n, 0));
  CHECK(gives_bytes(event, 0, "x\xC3\xA9\xF0\x9F\x98\x80y", 8));
  FULL(CONTENT("x") "x");
  FULL(CONTENT("x") "{}");
  FULL(CONTENT("x") "\0");
  FULL(CONTENT("x") "\f");
  FULL("\xEF\xBB\xBF" CONTENT("x"));
  FULL("[" CONTENT("x") "]");
  FULL(DELTA("\"content\":\"x\","));
  FULL(DELTA(",\"content\":\"x\""));
  FULL(DELTA("\"content\" \"x\""));
  FULL(DELTA("content:\"x\""));
  FULL(DELTA("\"content\":'x'"));
  FULL(DELTA("\"content\":\"x\"\"y\":null"));
  FULL(DELTA("\"content\":\"x\",\"y\":nul"));
  FULL(DELTA("\"content\":\"x\",\"y\":nullnull"));
  FULL(CHOICES("{\"delta\":{\"content\":\"x\"}},"));
  FULL("[DONE]");
  FULL("");
  FULL(" ");
}

int main(void) {
  RUN(plain_chunks_give_their_text);
  RUN(skipped_fields_may_hold_any_scalar);
  RUN(numbers_are_strict);
  RUN(what_matters_goes_the_full_way);
  RUN(counts_are_said);
  RUN(only_the_wanted_choice_is_given);
  RUN(a_field_twice_goes_the_full_way);
  RUN(escapes_are_resolved);
  RUN(control_characters_go_the_full_way);
  RUN(text_of_every_length_and_place);
  RUN(the_whole_event_is_read);
  return TEST_END();
}
