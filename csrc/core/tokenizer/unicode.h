/*
** unicode.h - one character of text that may be invalid UTF-8, and its class as the
** published patterns see it. Unicode 16.0, as in the reference implementation.
**
** Invalid UTF-8: each maximal part of a sequence (what a decoder would show as one U+FFFD)
** is one character of the class LLG_OTHER, and so is U+FFFD itself.
*/
#ifndef LLG_UNICODE_H
#define LLG_UNICODE_H

#include <stddef.h>
#include <stdint.h>

enum llg_class {
  LLG_UPPER = 1,    /* Lu, Lt */
  LLG_LOWER = 2,    /* Ll */
  LLG_LETTER = 4,   /* Lm, Lo: letters without case */
  LLG_MARK = 8,     /* M */
  LLG_NUMBER = 16,  /* N */
  LLG_SPACE = 32,   /* White_Space, but for the next two */
  LLG_NEWLINE = 64, /* CR, LF */
  LLG_OTHER = 128,  /* the rest */
};

#define LLG_PAGE_CODES 128 /* code points of one page of the table */

extern const unsigned char llg_unicode_page[0x110000 / LLG_PAGE_CODES];
extern const unsigned char llg_unicode_block[]; /* two classes in a byte, low one first */
extern const unsigned char llg_ascii_class[128];

/* The class of a character whose first byte is not ASCII; *n_bytes is its length, which is
** never more than n, never 0. */
unsigned llg_wide_class(const unsigned char *s, size_t n, size_t *n_bytes);

/* The class of the character at s, n > 0 bytes before the end of the text. */
static inline unsigned llg_char_class(const unsigned char *s, size_t n, size_t *n_bytes) {
  if (s[0] >= 0x80) return llg_wide_class(s, n, n_bytes);
  *n_bytes = 1;
  return llg_ascii_class[s[0]];
}

/* The start of the character in which offset `at` (<= n) falls: at itself, unless it is
** inside a valid sequence. */
size_t llg_char_floor(const unsigned char *s, size_t n, size_t at);

#endif
