/*
** utf8.h - what is UTF-8: no overlong form, no surrogate, nothing above U+10FFFF (RFC 3629).
*/
#ifndef LLG_UTF8_H
#define LLG_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* The length of the character of 2 to 4 bytes at s, of which n bytes are there; 0 if it is none. */
size_t llg_utf8_length(const char *s, size_t n);

/* Whether n bytes are whole characters. */
bool llg_utf8_is_valid(const char *s, size_t n);

#endif
