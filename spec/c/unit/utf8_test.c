#include "core/base/utf8.h"
#include "test.h"

#include <string.h>

static void lengths(void) {
  CHECK_INT(llg_utf8_length("\xc3\xa9", 2), 2);
  CHECK_INT(llg_utf8_length("\xe2\x98\x82", 3), 3);
  CHECK_INT(llg_utf8_length("\xf0\x9f\x98\x80!", 5), 4);
  CHECK_INT(llg_utf8_length("\xe2\x98", 2), 0); /* not all there */
  CHECK_INT(llg_utf8_length("", 0), 0);
  CHECK_INT(llg_utf8_length("\xc0\xaf", 2), 0);         /* overlong */
  CHECK_INT(llg_utf8_length("\xe0\x9f\xbf", 3), 0);     /* overlong */
  CHECK_INT(llg_utf8_length("\xed\xa0\x80", 3), 0);     /* a surrogate */
  CHECK_INT(llg_utf8_length("\xed\x9f\xbf", 3), 3);     /* the last one before them */
  CHECK_INT(llg_utf8_length("\xf4\x90\x80\x80", 4), 0); /* beyond U+10FFFF */
  CHECK_INT(llg_utf8_length("\xf4\x8f\xbf\xbf", 4), 4);
  CHECK_INT(llg_utf8_length("\xf8\x88\x80\x80", 4), 0);
}

static void texts(void) {
  CHECK(llg_utf8_is_valid("", 0));
  CHECK(llg_utf8_is_valid("a\xc3\xa9z", 4));
  CHECK(!llg_utf8_is_valid("a\xc3", 2));
  CHECK(!llg_utf8_is_valid("\x80", 1));
  CHECK(!llg_utf8_is_valid("a\xffz", 3));
}

static void places(void) {
  CHECK_INT(llg_utf8_check("", 0), 0);
  CHECK_INT(llg_utf8_check("0123456789abcdef\xc3", 17), 16);
  CHECK_INT(llg_utf8_check("0123456\xc3\xa9 0123456\xff", 18), 17);
  CHECK_INT(llg_utf8_check("\xc3\xa9\xe2\x98", 4), 2);
}

static void repaired(const char *from, size_t n, const char *to) {
  char out[64];
  CHECK_INT(llg_utf8_repair(NULL, from, n), strlen(to));
  CHECK_INT(llg_utf8_repair(out, from, n), strlen(to));
  CHECK(memcmp(out, to, strlen(to)) == 0);
}

static void repairs(void) {
  repaired("", 0, "");
  repaired("a\xc3\xa9z", 4, "a\xc3\xa9z");
  repaired("\xff\xfe", 2, "\xef\xbf\xbd\xef\xbf\xbd");
  repaired("\xe2\x98", 2, "\xef\xbf\xbd"); /* one character that was cut */
  repaired("\xe2\x98\xf0\x9f\x98\x80", 6, "\xef\xbf\xbd\xf0\x9f\x98\x80");
  repaired("\xed\xa0\xbd\xed\xb8\x80", 6, "\xf0\x9f\x98\x80"); /* two halves */
  repaired("\xed\xa0\xbd!", 4, "\xef\xbf\xbd!");
  repaired("\xed\xb8\x80\xed\xa0\xbd", 6, "\xef\xbf\xbd\xef\xbf\xbd");
}

static void ends(void) {
  CHECK_INT(llg_utf8_unfinished("", 0), 0);
  CHECK_INT(llg_utf8_unfinished("abc", 3), 0);
  CHECK_INT(llg_utf8_unfinished("a\xc3\xa9", 3), 0);
  CHECK_INT(llg_utf8_unfinished("a\xc3", 2), 1);
  CHECK_INT(llg_utf8_unfinished("a\xf0\x9f", 3), 2);
  CHECK_INT(llg_utf8_unfinished("\xf0\x9f\x98", 3), 3);
  CHECK_INT(llg_utf8_unfinished("\xf0\x9f\x98\x80", 4), 0);
  CHECK_INT(llg_utf8_unfinished("a\xed\xa0\xbd", 4), 3); /* the first half of a pair */
  CHECK_INT(llg_utf8_unfinished("\xed\xb8\x80", 3), 0);  /* the second one */
  CHECK_INT(llg_utf8_unfinished("a\xed", 2), 1);
  CHECK_INT(llg_utf8_unfinished("a\xed\xa0", 3), 2); /* a half that has begun */
  CHECK_INT(llg_utf8_unfinished("a\xed\xb8", 3), 2);
  CHECK_INT(llg_utf8_unfinished("\xed\xa0\xbd\xed", 4), 4); /* a pair that has begun */
  CHECK_INT(llg_utf8_unfinished("\xed\xa0\xbd\xed\xb8", 5), 5);
  CHECK_INT(llg_utf8_unfinished("\xed\xa0\xbd\xed\xb8\x80", 6), 0);
  CHECK_INT(llg_utf8_unfinished("\xed\xa0\xbd\xc3", 4), 1);
  CHECK_INT(llg_utf8_unfinished("\xe0\x80", 2), 0); /* never a character */
  CHECK_INT(llg_utf8_unfinished("\x80\x80\x80", 3), 0);
  CHECK_INT(llg_utf8_unfinished("\xff", 1), 0);
}

int main(void) {
  RUN(lengths);
  RUN(texts);
  RUN(places);
  RUN(repairs);
  RUN(ends);
  return TEST_END();
}
