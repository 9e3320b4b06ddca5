#include "split.h"

#include "bytes.h"
#include "unicode.h"

enum {
  SPACES = LLG_SPACE | LLG_NEWLINE,
  LETTERS = LLG_UPPER | LLG_LOWER | LLG_LETTER,
  HIGH = LLG_UPPER | LLG_LETTER | LLG_MARK,    /* [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}] */
  LOW = LLG_LOWER | LLG_LETTER | LLG_MARK,     /* [\p{Ll}\p{Lm}\p{Lo}\p{M}] */
  SYMBOLS = LLG_OTHER | LLG_MARK,              /* [^\s\p{L}\p{N}] */
  PREFIX = SYMBOLS | LLG_SPACE,                /* [^\r\n\p{L}\p{N}] */
  NO_LETTER = LLG_OTHER | SPACES | LLG_NUMBER, /* of ASCII */
};

/* ---- the words that most of a text consists of, eight bytes at a time */

/* How many of the low bytes of `high_bits` are zero. */
static inline size_t zero_bytes(uint64_t high_bits) {
#if defined(__GNUC__)
  return high_bits == 0 ? 8 : (size_t)__builtin_ctzll(high_bits) / 8;
#else
  size_t n = 0;
  for (; n < 8 && (high_bits & 0xFF) == 0; n++)
    high_bits >>= 8;
  return n;
#endif
}

/* How many of the eight bytes at p are a to z, up to the first that is not. */
static inline size_t lower_run(const unsigned char *p) {
  const uint64_t ones = UINT64_C(0x0101010101010101), high = 0x80 * ones;
  uint64_t x = llg_load64(p), low7 = x & ~high;
  uint64_t from_a = low7 + (0x80 - 'a') * ones, above_z = low7 + (0x7F - 'z') * ones;
  return zero_bytes(~(from_a & ~above_z & ~x) & high);
}

/* The end of an ASCII word of small letters, perhaps with one byte of `before` and a capital
** before them, and one of the classes `stop` behind; `at` when it is anything else. No word
** ends in an apostrophe, which may go on with a contraction. */
static inline size_t
simple_word(const unsigned char *s, size_t at, size_t n, unsigned before, unsigned stop) {
  size_t end = at, step;
  if (n - at < 12 || s[at] >= 0x80) return at;
  end += (llg_ascii_class[s[end]] & before) != 0;
  if (s[end] >= 0x80) return at;
  end += llg_ascii_class[s[end]] == LLG_UPPER;
  size_t start = end;
  do {
    step = lower_run(s + end);
    end += step;
  } while (step == 8 && n - end > 8);
  if (end == start || n - end < 1 || s[end] >= 0x80 || s[end] == '\'') return at;
  return (llg_ascii_class[s[end]] & stop) != 0 ? end : at;
}

/* ---- parts of the patterns */

/* The end of the longest run of the classes in `set` from `at`. */
static size_t run(const unsigned char *s, size_t at, size_t n, unsigned set) {
  size_t length;
  while (at < n && (llg_char_class(s + at, n - at, &length) & set) != 0)
    at += length;
  return at;
}

/* The bytes of a contraction at s + at, 0 when there is none. Without case, the long s
** (U+017F) is an s too. */
static size_t contraction(const unsigned char *s, size_t at, size_t n, int any_case) {
  if (n - at < 2 || s[at] != '\'') return 0;
  unsigned char fold = any_case ? 0x20 : 0;
  unsigned char first = s[at + 1] | fold;
  unsigned char second = n - at < 3 ? 0 : s[at + 2];
  switch (first) {
  case 's':
  case 't':
  case 'm':
  case 'd': return 2;
  case 'r':
  case 'v': return (second | fold) == 'e' ? 3 : 0;
  case 'l': return (second | fold) == 'l' ? 3 : 0;
  default: return any_case && s[at + 1] == 0xC5 && second == 0xBF ? 3 : 0;
  }
}

/* \s*[\r\n]+ (where the pattern has it) | \s+(?!\S) | \s+ */
static size_t spaces(const unsigned char *s, size_t at, size_t n, int lines_first) {
  size_t end = at, last = at, after_newline = at, length;
  while (end < n && s[end] == ' ')
    end++;
  if (end > at) last = end - 1;
  while (end < n) {
    unsigned class = llg_char_class(s + end, n - end, &length);
    if ((class & SPACES) == 0) break;
    last = end;
    end += length;
    if (class == LLG_NEWLINE) after_newline = end;
  }
  if (lines_first && after_newline > at) return after_newline;
  return end == n || last == at ? end : last; /* the last one goes with what follows */
}

/* \p{N}{1,3} */
static size_t digits(const unsigned char *s, size_t at, size_t n) {
  size_t length;
  for (int i = 0; i < 3 && at < n; i++) {
    if (llg_char_class(s + at, n - at, &length) != LLG_NUMBER) break;
    at += length;
  }
  return at;
}

/* ?[^\s\p{L}\p{N}]+ and a tail of ASCII bytes; `at` when nothing matches. */
static size_t
symbols(const unsigned char *s, size_t at, size_t n, int newlines, int slashes) {
  size_t start = at + (s[at] == ' ');
  size_t end = run(s, start, n, SYMBOLS);
  if (end == start) return at;
  while (
    end < n
    && ((newlines && (s[end] == '\r' || s[end] == '\n')) || (slashes && s[end] == '/')))
    end++;
  return end;
}

/* HIGH*LOW+ from `at`: its end, or 0. Greed takes all of HIGH; without a LOW behind it, it
** goes back to the last character that is both, and LOW+ is that one. *high_end is where
** HIGH+ ends. */
static size_t cased_word(const unsigned char *s, size_t at, size_t n, size_t *high_end) {
  size_t both_end = 0, length;
  unsigned class = 0;
  while (at < n) {
    class = llg_char_class(s + at, n - at, &length);
    if ((class & HIGH) == 0) break;
    at += length;
    if ((class & LOW) != 0) both_end = at;
  }
  *high_end = at;
  if (at < n && class == LLG_LOWER) return run(s, at + length, n, LOW);
  return both_end;
}

/* The two alternatives for words of o200k; `at` when neither matches. */
static size_t
o200k_word(const unsigned char *s, size_t at, size_t n, unsigned class, size_t length) {
  size_t start = (class & PREFIX) != 0 ? at + length : at;
  size_t high_end, end = cased_word(s, start, n, &high_end);
  /* A mark that is no prefix is a word: the first alternative takes it alone. */
  if (end == 0 && class == LLG_MARK) end = start;
  if (end == 0 && high_end > start) end = high_end;
  if (end == 0) return at;
  return end + contraction(s, end, n, 1);
}

/* Whether a letter or a mark may stand at `at`: cheap, and never wrong when it says no. */
static inline int letter_next(const unsigned char *s, size_t at, size_t n) {
  return at < n && (s[at] >= 0x80 || (llg_ascii_class[s[at]] & LETTERS) != 0);
}

size_t llg_split_o200k(const unsigned char *s, size_t at, size_t n) {
  size_t length, word = simple_word(s, at, n, PREFIX, NO_LETTER | LLG_UPPER);
  if (word > at) return word;
  unsigned class = llg_char_class(s + at, n - at, &length);
  if (class == LLG_NUMBER) return digits(s, at, n);
  if (class != LLG_NEWLINE) {
    size_t end = at;
    if ((class & PREFIX) == 0 || class == LLG_MARK || letter_next(s, at + length, n))
      end = o200k_word(s, at, n, class, length);
    if (end > at) return end;
    end = symbols(s, at, n, 1, 1);
    if (end > at) return end;
  }
  return spaces(s, at, n, 1);
}

size_t llg_split_cl100k(const unsigned char *s, size_t at, size_t n) {
  size_t length, word = s[at] == '\'' ? at : simple_word(s, at, n, PREFIX, NO_LETTER);
  if (word > at) return word;
  unsigned class = llg_char_class(s + at, n - at, &length);
  if (class == LLG_NUMBER) return digits(s, at, n);
  if (class != LLG_NEWLINE) {
    size_t end = at + contraction(s, at, n, 1);
    if (end > at) return end;
    size_t start = (class & PREFIX) != 0 ? at + length : at;
    end = run(s, start, n, LETTERS);
    if (end > start) return end;
    end = symbols(s, at, n, 1, 0);
    if (end > at) return end;
  }
  return spaces(s, at, n, 1);
}

size_t llg_split_p50k(const unsigned char *s, size_t at, size_t n) {
  size_t start = at + (s[at] == ' '), length;
  size_t end = simple_word(s, start, n, 0, NO_LETTER);
  if (end > start) return end;
  end = at + contraction(s, at, n, 0);
  if (end > at) return end;
  if (start < n) {
    unsigned class = llg_char_class(s + start, n - start, &length);
    unsigned set = (class & LETTERS) != 0 ? LETTERS
                   : class == LLG_NUMBER  ? LLG_NUMBER
                                          : 0;
    if ((class & SYMBOLS) != 0) set = SYMBOLS;
    if (set != 0) return run(s, start + length, n, set);
  }
  return spaces(s, at, n, 0);
}
