/*
** base64_blocks.h - the part of base64.c that depends on the processor: sixteen
** characters at a time.
*/
#ifndef LLG_BASE64_BLOCKS_H
#define LLG_BASE64_BLOCKS_H

#include <stddef.h>

/* Decode whole blocks of sixteen from the front of n characters, as far as they are of
** the alphabet. Returns the number of characters taken, a multiple of 16: 0 on a
** processor for which there is no code. `out` has room for LLG_BASE64_DECODED(n); bytes
** behind those that were decoded may be overwritten within it. */
size_t llg_base64_blocks(const char *text, size_t n, unsigned char *out);

#endif
