/*
** json_text.h - JSON's strings and numbers as they are written: for who reads an event without
** building anything of it.
*/
#ifndef LLG_JSON_TEXT_H
#define LLG_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What stands between two quotes. */
struct llg_json_string {
  const char *bytes;
  size_t len;
  bool escaped; /* there is a backslash in it */
};

/* What a number means. */
struct llg_json_number {
  bool is_whole;
  int64_t whole;   /* where it is */
  double fraction; /* where it is not */
};

/* Read the string whose first byte behind the quote is `at`. Returns the address of the closing
** quote; NULL for what has to go another way: no end, a raw control character, an escape that
** JSON does not have, half of a surrogate pair, bytes that are not UTF-8. */
const char *
llg_json_read_string(const char *at, const char *end, struct llg_json_string *string);

/* Write what the string means, which llg_json_read_string has read; never longer than it is
** written, so `to` may be where it stands. Returns the length. */
size_t llg_json_unescape(const struct llg_json_string *string, char *to);

/* The end of the number that begins at `at`; NULL for what has to go another way: no number, an
** exponent, or more than 24 characters. */
const char *llg_json_read_number(const char *at, const char *end);

/* What the n characters of a number that was read mean, as lua-cjson and our walk have it; false
** where a double might see it differently (more than 15 digits and whole, -0) or the locale does
** not read a point. */
bool llg_json_number_of(const char *at, size_t n, struct llg_json_number *number);

#endif
