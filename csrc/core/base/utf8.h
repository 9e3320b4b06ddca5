/*
** utf8.h - what is UTF-8 (RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF), and
** what to make of bytes that are not.
*/
#ifndef LLG_UTF8_H
#define LLG_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* The length of the character of 2 to 4 bytes at s, of which n bytes are there; 0 if it is none. */
size_t llg_utf8_length(const char *s, size_t n);

/* The offset of the first byte that belongs to no whole character, or n. */
size_t llg_utf8_check(const char *s, size_t n);

/* Whether n bytes are whole characters. */
bool llg_utf8_is_valid(const char *s, size_t n);

/* Half a surrogate pair as three bytes (no UTF-8): 'h' the first half, 'l' the second, else 0. */
int llg_utf8_half(const char *s, size_t n);

/* Copy n bytes, each stretch that is no UTF-8 as one U+FFFD, two halves of a pair as the
** character that they are. Returns how many bytes that makes, at most 3 * n; `out` may be NULL. */
size_t llg_utf8_repair(char *out, const char *s, size_t n);

/* How many bytes at the end, 0 to 5, are the beginning of a character, of half a pair, or of a
** pair. */
size_t llg_utf8_unfinished(const char *s, size_t n);

#endif
