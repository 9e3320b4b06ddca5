#include "encoding.h"

#include <stdio.h>
#include <string.h>

#include "../../limits.h"

static const struct llg_special o200k_specials[] = {
  { "<|endoftext|>", 199999 },
  { "<|endofprompt|>", 200018 },
  { NULL, 0 },
};

static const struct llg_special harmony_specials[] = {
  { "<|startoftext|>", 199998 },
  { "<|endoftext|>", 199999 },
  { "<|return|>", 200002 },
  { "<|constrain|>", 200003 },
  { "<|channel|>", 200005 },
  { "<|start|>", 200006 },
  { "<|end|>", 200007 },
  { "<|message|>", 200008 },
  { "<|call|>", 200012 },
  { "<|endofprompt|>", 200018 },
  { NULL, 0 },
};

static const struct llg_special cl100k_specials[] = {
  { "<|endoftext|>", 100257 },   { "<|fim_prefix|>", 100258 },
  { "<|fim_middle|>", 100259 },  { "<|fim_suffix|>", 100260 },
  { "<|endofprompt|>", 100276 }, { NULL, 0 },
};

static const struct llg_special p50k_specials[] = {
  { "<|endoftext|>", 50256 },
  { NULL, 0 },
};

/* All five in use at once stay below 3 MB of private memory. */
enum { CACHED = LLG_PIECE_CACHE_ENTRIES, CACHED_OLD = LLG_PIECE_CACHE_ENTRIES / 4 };

static const struct llg_encoding encodings[] = {
  { "o200k_base", &llg_vocabulary_o200k, 199998, llg_split_o200k, o200k_specials, 0, 0,
    CACHED },
  { "o200k_harmony", &llg_vocabulary_o200k, 199998, llg_split_o200k, harmony_specials,
    200000, 201087, CACHED },
  { "cl100k_base", &llg_vocabulary_cl100k, 100256, llg_split_cl100k, cl100k_specials, 0,
    0, CACHED },
  { "p50k_base", &llg_vocabulary_p50k, 50281, llg_split_p50k, p50k_specials, 0, 0,
    CACHED_OLD },
  { "r50k_base", &llg_vocabulary_p50k, 50256, llg_split_p50k, p50k_specials, 0, 0,
    CACHED_OLD },
};

const struct llg_encoding *llg_encoding_at(size_t i) {
  return i < sizeof encodings / sizeof encodings[0] ? &encodings[i] : NULL;
}

const struct llg_encoding *llg_encoding_find(const char *name) {
  const struct llg_encoding *e;
  for (size_t i = 0; (e = llg_encoding_at(i)) != NULL; i++)
    if (strcmp(e->name, name) == 0) return e;
  return NULL;
}

static const char *named(const struct llg_encoding *e, uint32_t id) {
  for (const struct llg_special *special = e->specials; special->text != NULL; special++)
    if (special->id == id) return special->text;
  return NULL;
}

static int is_reserved(const struct llg_encoding *e, uint32_t id) {
  return e->reserved_last != 0 && id >= e->reserved_first && id <= e->reserved_last;
}

/* "<|reserved_200000|>", six digits always. A number that has a name has both. */
static size_t reserved_match(
  const struct llg_encoding *e, const unsigned char *s, size_t n, uint32_t *id) {
  static const char head[] = "<|reserved_";
  enum { HEAD = sizeof head - 1, DIGITS = 6, ALL = HEAD + DIGITS + 2 };
  if (e->reserved_last == 0 || n < ALL || memcmp(s, head, HEAD) != 0) return 0;
  uint32_t number = 0;
  for (size_t i = HEAD; i < HEAD + DIGITS; i++) {
    if (s[i] < '0' || s[i] > '9') return 0;
    number = 10 * number + (s[i] - '0');
  }
  if (memcmp(s + HEAD + DIGITS, "|>", 2) != 0 || !is_reserved(e, number)) return 0;
  if (number < 200013 && named(e, number) != NULL) return 0;
  *id = number;
  return ALL;
}

size_t llg_special_match(
  const struct llg_encoding *encoding, const unsigned char *s, size_t n, uint32_t *id) {
  for (const struct llg_special *special = encoding->specials; special->text != NULL;
       special++) {
    size_t length = strlen(special->text);
    if (length > n || memcmp(s, special->text, length) != 0) continue;
    *id = special->id;
    return length;
  }
  return reserved_match(encoding, s, n, id);
}

size_t llg_special_text(const struct llg_encoding *encoding, uint32_t id, char *text) {
  const char *name = named(encoding, id);
  int n = 0;
  if (name != NULL)
    n = snprintf(text, LLG_SPECIAL_BYTES, "%s", name);
  else if (is_reserved(encoding, id))
    n = snprintf(text, LLG_SPECIAL_BYTES, "<|reserved_%u|>", (unsigned)id);
  return (size_t)n;
}
