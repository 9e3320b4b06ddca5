/*
** base64.h - RFC 4648 section 4: decoding for embeddings, encoding for files in messages.
*/
#ifndef LLG_BASE64_H
#define LLG_BASE64_H

#include <stddef.h>

/* How many bytes n characters decode to at the most. */
#define LLG_BASE64_DECODED(n) ((n) / 4 * 3 + 3)

/* Decode n characters (padded or not, no white space) into `out`, which has room for
** LLG_BASE64_DECODED(n). Returns the number of bytes, or -1 if it is not base64. */
long long llg_base64_decode(const char *text, size_t n, unsigned char *out);

/* How many characters n bytes encode to, padding included. */
#define LLG_BASE64_ENCODED(n) (((n) + 2) / 3 * 4)

/* Encode n bytes, with padding, into `out`, which has room for LLG_BASE64_ENCODED(n).
** Returns the number of characters. */
size_t llg_base64_encode(const unsigned char *bytes, size_t n, char *out);

#endif
