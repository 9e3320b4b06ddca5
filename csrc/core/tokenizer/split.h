/*
** split.h - the published patterns that cut a text into pieces before anything is merged,
** written by hand. Greed, possession and look-ahead are those of the regular expressions:
**
** o200k    [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+C?
**        | [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*C?
**        | \p{N}{1,3} | ?[^\s\p{L}\p{N}]+[\r\n/]* | \s*[\r\n]+ | \s+(?!\S) | \s+
**          where C is (?i:'s|'t|'re|'ve|'m|'ll|'d)
** cl100k   C | [^\r\n\p{L}\p{N}]?\p{L}+ | \p{N}{1,3} | ?[^\s\p{L}\p{N}]+[\r\n]*
**        | \s*[\r\n]+ | \s+(?!\S) | \s+
** p50k     's|'t|'re|'ve|'m|'ll|'d | ?\p{L}+ | ?\p{N}+ | ?[^\s\p{L}\p{N}]+
**        | \s+(?!\S) | \s+
**
** Each function: the end of the piece that starts at s + at, for at < n; always > at. The
** end of the text is the end of what the look-ahead sees.
*/
#ifndef LLG_SPLIT_H
#define LLG_SPLIT_H

#include <stddef.h>

typedef size_t llg_split(const unsigned char *s, size_t at, size_t n);

llg_split llg_split_o200k;
llg_split llg_split_cl100k;
llg_split llg_split_p50k;

#endif
