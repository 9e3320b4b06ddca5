/*
** generate.c - a program of the build, no part of the module: turns the committed data of
** this folder into C with tables that are ready for use.
**   generate pairs NAME < NAME.pairs > NAME.c       a struct llg_vocabulary (vocabulary.h)
**   generate unicode < unicode.txt > unicode.c      the classes of unicode.h
** The same input gives the same output, everywhere.
*/
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unicode.h"
#include "../vocabulary.h"

enum {
  MAX_IDS = 1 << LLG_SLOT_ID_BITS,
  MAX_DISTANCE = (1 << LLG_SLOT_DISTANCE_BITS) - 1,
  GAP = 0xFFFFFF,
  ROW_BYTES = 2040, /* one string literal: ISO C promises no more than 4095 */
};

struct pair {
  uint32_t left, right;
};

static struct pair pairs[MAX_IDS]; /* by id, from 256 on */
static uint32_t n_ids;
static uint32_t slot_id[MAX_IDS + MAX_DISTANCE + 1]; /* 0: empty */
static uint32_t id_slot[MAX_IDS];
static struct llg_vocabulary hash;

static void fail(const char *why) {
  fprintf(stderr, "generate: %s\n", why);
  exit(1);
}

static unsigned char *read_all(size_t *n) {
  static unsigned char input[6 * MAX_IDS];
  *n = fread(input, 1, sizeof input, stdin);
  if (ferror(stdin) || *n == 0 || *n == sizeof input) fail("cannot read the input");
  return input;
}

static void emit_bytes(const char *name, const unsigned char *bytes, size_t n) {
  size_t rows = n / ROW_BYTES + 1; /* what is left of the last row is zero: padding */
  if (n % ROW_BYTES > ROW_BYTES - 8) rows++;
  printf("static const unsigned char %s[%zu][%d] = {\n", name, rows, ROW_BYTES);
  for (size_t i = 0; i < n; i++) {
    if (i % ROW_BYTES == 0) fputs("\"", stdout);
    int digit_follows = i + 1 < n && bytes[i + 1] >= '0' && bytes[i + 1] <= '7';
    if (bytes[i] >= ' ' && bytes[i] < 127 && strchr("\"\\?", bytes[i]) == NULL)
      putchar(bytes[i]);
    else
      printf(digit_follows ? "\\%03o" : "\\%o", bytes[i]);
    if (i + 1 == n || (i + 1) % ROW_BYTES == 0) fputs("\",\n", stdout);
  }
  puts("};");
}

/* ---- vocabularies */

static void read_pairs(void) {
  size_t n_bytes;
  const unsigned char *in = read_all(&n_bytes);
  size_t n = n_bytes / 6;
  if (n_bytes % 6 != 0 || n > MAX_IDS - 256) fail("not a file of pairs");
  n_ids = (uint32_t)n + 256;
  for (size_t i = 0; i < n; i++) {
    struct pair *p = &pairs[i + 256];
    p->left = in[i] | (uint32_t)in[n + i] << 8 | (uint32_t)in[2 * n + i] << 16;
    p->right = in[3 * n + i] | (uint32_t)in[4 * n + i] << 8
               | (uint32_t)in[5 * n + i] << 16;
    if (p->left == GAP && p->right == GAP) continue;
    if (p->left >= i + 256 || p->right >= i + 256) fail("a half is not below its merge");
  }
}

/* Robin Hood: whoever is nearer to its home gives way. 0 when someone gets too far. */
static int place_all(void) {
  memset(slot_id, 0, sizeof slot_id);
  for (uint32_t i = 256; i < n_ids; i++) {
    if (pairs[i].left == GAP) continue;
    uint32_t id = i;
    uint32_t at = llg_pair_home(&hash, pairs[id].left, pairs[id].right);
    for (uint32_t distance = 0; slot_id[at] != 0; at++, distance++) {
      if (distance > MAX_DISTANCE) return 0;
      const struct pair *other = &pairs[slot_id[at]];
      uint32_t its = at - llg_pair_home(&hash, other->left, other->right);
      if (its > MAX_DISTANCE) return 0;
      if (its >= distance) continue;
      uint32_t moved = slot_id[at];
      slot_id[at] = id;
      id = moved;
      distance = its;
    }
    slot_id[at] = id;
  }
  for (uint32_t at = 0; at <= hash.mask + MAX_DISTANCE; at++) {
    if (slot_id[at] == 0) continue;
    const struct pair *p = &pairs[slot_id[at]];
    if (at - llg_pair_home(&hash, p->left, p->right) > MAX_DISTANCE) return 0;
  }
  return 1;
}

static uint32_t inverse(uint32_t odd) {
  uint32_t x = odd;
  for (int i = 0; i < 5; i++)
    x *= 2 - odd * x;
  return x;
}

static uint32_t next_random(uint32_t *seed) {
  *seed ^= *seed << 13;
  *seed ^= *seed >> 17;
  *seed ^= *seed << 5;
  return *seed;
}

/* Try factors until every merge is within 15 slots of its home. */
static void search(void) {
  uint32_t seed = 2463534242u;
  hash.n_ids = n_ids;
  hash.mask = 0xFFFF;
  while (hash.mask < n_ids)
    hash.mask = 2 * hash.mask + 1;
  for (int attempt = 0; attempt < 2000; attempt++) {
    hash.left_factor = next_random(&seed) | 1;
    hash.right_factor = next_random(&seed) | 1;
    hash.left_inverse = inverse(hash.left_factor);
    if (place_all()) return;
  }
  fail("no factors found");
}

static struct llg_crossing crossings[1024];
static uint32_t n_crossings;

static void add_crossing(const struct llg_crossing *c) {
  for (uint32_t i = 0; i < n_crossings; i++) {
    const struct llg_crossing *other = &crossings[i]; /* ranks only grow */
    if (
      other->is_end == c->is_end && other->n_bytes == c->n_bytes && other->next == c->next
      && memcmp(other->bytes, c->bytes, 2) == 0)
      return;
  }
  if (n_crossings == sizeof crossings / sizeof *crossings) fail("too many crossings");
  crossings[n_crossings++] = *c;
}

static int is_tail(unsigned char byte) {
  return (byte & 0xC0) == 0x80;
}

static void find_crossings(void) {
  static unsigned char first[MAX_IDS], last[MAX_IDS], length[MAX_IDS];
  for (uint32_t id = 0; id < 256; id++) {
    first[id] = last[id] = llg_id_byte[id];
    length[id] = 1;
  }
  for (uint32_t id = 256; id < n_ids; id++) {
    uint32_t left = pairs[id].left, right = pairs[id].right;
    if (left == GAP) continue;
    first[id] = first[left];
    last[id] = last[right];
    length[id] = (unsigned char)(length[left] + length[right]);
    struct llg_crossing c = { .rank = id };
    if (length[right] <= 2 && (first[right] & 0xF0) == 0xE0 && last[left] >= 0x80) {
      c.n_bytes = length[right];
      c.bytes[0] = first[right];
      if (c.n_bytes == 2) c.bytes[1] = last[right];
      if (c.n_bytes == 1 || is_tail(last[right])) add_crossing(&c);
    }
    if (
      length[left] <= 2 && is_tail(first[left]) && is_tail(last[left])
      && !is_tail(first[right])) {
      c.is_end = 1;
      c.n_bytes = length[left];
      c.bytes[0] = first[left];
      c.bytes[1] = c.n_bytes == 2 ? last[left] : 0;
      c.next = first[right];
      add_crossing(&c);
    }
  }
}

static void emit_crossings(void) {
  puts("static const struct llg_crossing crossings[] = {");
  for (uint32_t i = 0; i < n_crossings; i++) {
    const struct llg_crossing *c = &crossings[i];
    printf(
      "  { %u, %d, %d, { %d, %d }, %d },\n", c->rank, c->is_end, c->n_bytes, c->bytes[0],
      c->bytes[1], c->next);
  }
  puts("};");
}

static void emit_vocabulary(const char *name) {
  static unsigned char out[(MAX_IDS + MAX_DISTANCE + 1) * LLG_SLOT_BYTES];
  size_t n_slots = (size_t)hash.mask + 1 + MAX_DISTANCE;
  memset(id_slot, 0xFF, sizeof id_slot);
  for (size_t at = 0; at < n_slots; at++) {
    uint32_t id = slot_id[at];
    if (id == 0) continue;
    id_slot[id] = (uint32_t)at;
    const struct pair *p = &pairs[id];
    uint64_t distance = at - llg_pair_home(&hash, p->left, p->right);
    uint64_t slot = p->right | distance << LLG_SLOT_ID_BITS
                    | (uint64_t)id << (LLG_SLOT_ID_BITS + LLG_SLOT_DISTANCE_BITS);
    for (int k = 0; k < LLG_SLOT_BYTES; k++)
      out[at * LLG_SLOT_BYTES + k] = (unsigned char)(slot >> 8 * k);
  }
  puts("/* made by csrc/core/tokenizer/data/generate.c; do not edit */");
  puts("#include \"core/tokenizer/vocabulary.h\"\n");
  emit_bytes("slots", out, n_slots * LLG_SLOT_BYTES);
  for (uint32_t id = 256; id < n_ids; id++)
    for (int k = 0; k < 3; k++)
      out[3 * (size_t)(id - 256) + k] = (unsigned char)(id_slot[id] >> 8 * k);
  emit_bytes("where", out, 3 * (size_t)(n_ids - 256));
  find_crossings();
  emit_crossings();
  printf("const struct llg_vocabulary llg_vocabulary_%s = {\n", name);
  printf(
    "  slots[0], where[0], %uu, %uu, %uu, %uu, %uu, %uu, crossings\n};\n", hash.n_ids,
    hash.mask, hash.left_factor, hash.left_inverse, hash.right_factor, n_crossings);
}

/* ---- Unicode */

static const char *const class_words[] = { "upper",  "lower", "letter", "mark",
                                           "number", "space", "newline" };

static void read_classes(unsigned char *classes) {
  char line[128], word[16];
  unsigned first, last;
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (line[0] == '#') continue;
    if (sscanf(line, "%x %x %15s", &first, &last, word) != 3 || last > 0x10FFFF)
      fail("not a file of classes");
    size_t bit = 0;
    while (bit < 7 && strcmp(word, class_words[bit]) != 0)
      bit++;
    if (bit == 7) fail("unknown class");
    memset(classes + first, (int)bit, last - first + 1);
  }
}

static void emit_unicode(void) {
  static unsigned char classes[0x110000], pages[0x110000 / LLG_PAGE_CODES];
  static unsigned char blocks[256][LLG_PAGE_CODES / 2];
  size_t n_blocks = 0;
  memset(classes, 7, sizeof classes); /* "other" */
  read_classes(classes);
  for (size_t page = 0; page < sizeof pages; page++) {
    unsigned char block[LLG_PAGE_CODES / 2];
    for (size_t i = 0; i < sizeof block; i++) {
      const unsigned char *two = &classes[page * LLG_PAGE_CODES + 2 * i];
      block[i] = (unsigned char)(two[0] | two[1] << 4);
    }
    size_t same = 0;
    while (same < n_blocks && memcmp(blocks[same], block, sizeof block) != 0)
      same++;
    if (same == 256) fail("too many blocks");
    if (same == n_blocks) memcpy(blocks[n_blocks++], block, sizeof block);
    pages[page] = (unsigned char)same;
  }
  puts("/* made by csrc/core/tokenizer/data/generate.c; do not edit */");
  puts("#include \"core/tokenizer/unicode.h\"\n");
  printf("const unsigned char llg_unicode_page[%zu] = {", sizeof pages);
  for (size_t i = 0; i < sizeof pages; i++)
    printf("%s%d,", i % 32 == 0 ? "\n" : "", pages[i]);
  printf(
    "\n};\nconst unsigned char llg_unicode_block[%zu] = {", sizeof blocks[0] * n_blocks);
  for (size_t i = 0; i < sizeof blocks[0] * n_blocks; i++)
    printf("%s%d,", i % 32 == 0 ? "\n" : "", blocks[0][i]);
  puts("\n};");
}

int main(int argc, char **argv) {
  if (argc == 3 && strcmp(argv[1], "pairs") == 0) {
    read_pairs();
    search();
    emit_vocabulary(argv[2]);
  } else if (argc == 2 && strcmp(argv[1], "unicode") == 0) {
    emit_unicode();
  } else {
    fail("usage: generate pairs NAME | unicode");
  }
  if (fflush(stdout) != 0 || ferror(stdout)) fail("cannot write the output");
  return 0;
}
