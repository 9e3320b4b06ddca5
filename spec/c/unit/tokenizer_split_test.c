#include "test.h"

#include "core/tokenizer/split.h"
#include "core/tokenizer/unicode.h"

/* What a text is split into, with "|" between the pieces. */
static const char *pieces(llg_split *split, const char *s, size_t n) {
  static char out[512];
  size_t length = 0;
  for (size_t at = 0; at < n;) {
    size_t end = split((const unsigned char *)s, at, n);
    if (end <= at || end > n || length + (end - at) + 2 > sizeof out)
      return "no progress";
    if (at > 0) out[length++] = '|';
    memcpy(out + length, s + at, end - at);
    length += end - at;
    at = end;
  }
  out[length] = '\0';
  return out;
}

static void check(llg_split *split, const char *s, const char *want) {
  const char *got = pieces(split, s, strlen(s));
  if (!CHECK(strcmp(got, want) == 0)) printf("  got [%s], want [%s]\n", got, want);
}

static void o200k_words(void) {
  llg_split *o = llg_split_o200k;
  check(o, "Hello world", "Hello| world");
  check(o, "HelloWorld fooBar HTMLParser", "Hello|World| foo|Bar| HTMLParser");
  check(o, "ABC abc ABCdef", "ABC| abc| ABCdef");
  check(o, "_name(self.x)", "_name|(self|.x|)");
  check(o, "\tx \xC2\xA0y", "\tx| |\xC2\xA0y");
  check(o, "don't DON'T it'S we'Ll 'tis", "don't| DON'T| it'S| we'Ll| '|tis");
  check(o, "it'\xC5\xBF x", "it'\xC5\xBF| x"); /* U+017F is an s */
  check(o, "'\xC5\xBF", "'\xC5\xBF");          /* and a letter */
  check(o, "I'll've I'd", "I'll|'ve| I'd");
  check(o, "it's's", "it's|'s");
  check(
    o,
    "\xE4\xB8\xAD"
    "A",
    "\xE4\xB8\xAD|A"); /* the capital is left */
  check(
    o,
    "A\xE4\xB8\xAD"
    "B",
    "A\xE4\xB8\xAD|B");
  check(
    o, "\xE4\xB8\xAD\xE6\x96\x87\xE3\x80\x82", "\xE4\xB8\xAD\xE6\x96\x87|\xE3\x80\x82");
  check(o, "\xC7\x85x", "\xC7\x85x"); /* U+01C5 is titlecase */
}

static void o200k_marks(void) {
  llg_split *o = llg_split_o200k;
  check(o, "\xCC\x81", "\xCC\x81");
  check(
    o,
    "\xCC\x81"
    "a",
    "\xCC\x81"
    "a");
  check(
    o,
    "\xCC\x81"
    "A",
    "\xCC\x81|A"); /* alone: the first alternative takes it */
  check(
    o,
    "\xCC\x81\xCC\x81"
    "A",
    "\xCC\x81\xCC\x81|A");
  check(
    o,
    "e\xCC\x81"
    "E\xCC\x81",
    "e\xCC\x81|E\xCC\x81");
  check(o, " \xCC\x81x", " \xCC\x81x");
  check(o, "..\xCC\x81.", "..\xCC\x81."); /* part of the punctuation */
  check(o, ".\xCC\x81.", ".\xCC\x81|.");  /* behind one prefix: a word */
}

static void numbers(void) {
  check(llg_split_o200k, "1234567 89", "123|456|7| |89");
  check(llg_split_cl100k, "1234567 89", "123|456|7| |89");
  check(llg_split_p50k, "1234567 89", "1234567| 89");
  check(
    llg_split_o200k,
    "\xE2\x85\xA7\xC2\xB2"
    "1x",
    "\xE2\x85\xA7\xC2\xB2"
    "1|x");
}

static void punctuation(void) {
  check(llg_split_o200k, "a.../\r\n//\n b", "a|.../\r\n//\n| b");
  check(llg_split_cl100k, "a...\r\n//\n b", "a|...\r\n|//\n| b");
  check(llg_split_p50k, "a...\r\nb", "a|...|\r|\n|b");
  check(llg_split_o200k, " ...! (x", " ...!| (|x");
  check(
    llg_split_o200k, "\xF0\x9F\x98\x80\xF0\x9F\x98\x80 x",
    "\xF0\x9F\x98\x80\xF0\x9F\x98\x80| x");
}

static void white_space(void) {
  check(llg_split_o200k, "a   b", "a|  | b");
  check(llg_split_o200k, "a   ", "a|   ");
  check(llg_split_o200k, "a \n \n  b", "a| \n \n| | b");
  check(llg_split_o200k, "a\n\n  ", "a|\n\n|  ");
  check(llg_split_o200k, "a  1", "a| | |1");
  check(llg_split_o200k, "a\xC2\x85\xE3\x80\x80 b", "a|\xC2\x85\xE3\x80\x80| b");
  check(llg_split_p50k, "a \n \n  b", "a| \n \n | b");
  check(llg_split_o200k, "\xEF\xBB\xBFx", "\xEF\xBB\xBFx"); /* U+FEFF is no space */
}

static void cl100k_and_p50k_words(void) {
  check(llg_split_cl100k, "Don't DON'T 'Sad 'sad", "Don|'t| DON|'T| '|Sad| '|sad");
  check(llg_split_cl100k, "'Sad", "'S|ad");
  check(llg_split_cl100k, "HelloWorld ABCdef", "HelloWorld| ABCdef");
  check(llg_split_cl100k, "e\xCC\x81x", "e|\xCC\x81x"); /* a mark is no letter */
  check(llg_split_p50k, "don't DON'T", "don|'t| DON|'|T");
  check(llg_split_p50k, "_name\tx", "_|name|\t|x");
}

/* Every offset of the fast way's eight bytes: a word of any length, whatever ends it. */
static void words_of_all_lengths(void) {
  static const char *const ends[] = { " ",  "'s",       "A", "1", ".",
                                      "\n", "\xC3\xA9", "{", "`", "" };
  for (size_t n = 1; n < 40; n++) {
    for (size_t e = 0; e < sizeof ends / sizeof *ends; e++) {
      char s[80], plain[80];
      memset(s, 'z', n);
      strcpy(s + n, ends[e]);
      size_t all = strlen(s), end = n;
      if (ends[e][0] == '\'' || (ends[e][0] & 0x80) != 0) end = all;
      CHECK_INT(llg_split_o200k((const unsigned char *)s, 0, all), end);
      /* far from the end of the text, where the fast way may go */
      memcpy(plain, s, all);
      memset(plain + all, ' ', 30);
      CHECK_INT(llg_split_o200k((const unsigned char *)plain, 0, all + 30), end);
    }
  }
}

/* Each broken sequence is one character, as long as what a decoder replaces. */
static void broken_sequences(void) {
  static const struct {
    const char *bytes;
    size_t length;
  } cases[] = { { "\x80x", 1 },
                { "\xC0\xAF", 1 },
                { "\xC3x", 1 },
                { "\xE4\xBD", 2 },
                { "\xE4\xBDx", 2 },
                { "\xE0\x9F\xBF", 1 },
                { "\xED\xA0\x80", 1 },
                { "\xF0\x9F\x98", 3 },
                { "\xF0\x8F\xBF\xBF", 1 },
                { "\xF4\x90\x80\x80", 1 },
                { "\xF5\x80", 1 },
                { "\xFF", 1 } };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const unsigned char *s = (const unsigned char *)cases[i].bytes;
    size_t length;
    CHECK_INT(llg_char_class(s, strlen(cases[i].bytes), &length), LLG_OTHER);
    CHECK_INT(length, cases[i].length);
  }
  check(
    llg_split_o200k, "a\xE4\xBDz \xFF", "a|\xE4\xBDz| \xFF"); /* as U+FFFD: a prefix */
}

static void a_floor_is_the_start_of_a_character(void) {
  const unsigned char *s
    = (const unsigned char *)"a\xF0\x9F\x98\x80\xE4\xBD\xA0\xC3\xA9\x80\xE4\xBD";
  static const size_t floors[] = { 0, 1, 1, 1, 1, 5, 5, 5, 8, 8, 10, 11, 11, 13 };
  for (size_t at = 0; at < sizeof floors / sizeof *floors; at++)
    if (at != 12) CHECK_INT(llg_char_floor(s, 13, at), floors[at]);
}

int main(void) {
  RUN(o200k_words);
  RUN(o200k_marks);
  RUN(numbers);
  RUN(punctuation);
  RUN(white_space);
  RUN(cl100k_and_p50k_words);
  RUN(words_of_all_lengths);
  RUN(broken_sequences);
  RUN(a_floor_is_the_start_of_a_character);
  return TEST_END();
}
