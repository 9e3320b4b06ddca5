#include "core/base/utf8.h"
#include "test.h"

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

int main(void) {
  RUN(lengths);
  RUN(texts);
  return TEST_END();
}
