#include "symbols.h"

#include "../../limits.h"

/* A cache entry: the character's bytes, its token (0: not sure), and a bit for each kind of
** following byte with which it is not sure. */
enum { ID_SHIFT = 24, UNSURE_SHIFT = ID_SHIFT + LLG_SLOT_ID_BITS };

static int is_tail(unsigned char byte) {
  return (byte & 0xC0) == 0x80;
}

static int is_lead(unsigned char byte) {
  return (byte & 0xF0) == 0xE0;
}

/* A bit for each first byte of three, and one for all other bytes. */
static uint64_t next_bit(unsigned char next) {
  return (uint64_t)1 << (is_lead(next) ? next & 15 : 16);
}

static uint32_t merge_alone(const struct llg_encoding *e, const unsigned char *s) {
  uint32_t a = llg_byte_id[s[0]], b = llg_byte_id[s[1]], c = llg_byte_id[s[2]];
  uint32_t ab = llg_encoding_merge(e, a, b), bc = llg_encoding_merge(e, b, c);
  if (ab != 0 && (bc == 0 || ab < bc)) return llg_encoding_merge(e, ab, c);
  return bc != 0 ? llg_encoding_merge(e, a, bc) : 0;
}

static uint64_t look(const struct llg_encoding *e, const unsigned char *s, uint64_t key) {
  const struct llg_vocabulary *v = e->vocabulary;
  uint32_t id = merge_alone(e, s);
  uint64_t unsure = 0;
  if (id == 0) return key;
  for (uint32_t i = 0; i < v->n_crossings; i++) {
    const struct llg_crossing *c = &v->crossings[i];
    const unsigned char *part = c->is_end ? s + 3 - c->n_bytes : s;
    if (c->rank > id || c->bytes[0] != part[0]) continue;
    if (c->n_bytes == 2 && c->bytes[1] != part[1]) continue;
    if (!c->is_end) return key;
    unsure |= next_bit(c->next);
  }
  return key | (uint64_t)id << ID_SHIFT | unsure << UNSURE_SHIFT;
}

/* The token of the character at s, n >= 3 bytes before the end of the piece, or 0. */
static uint32_t sure_char(
  const struct llg_encoding *e, const unsigned char *s, size_t n, uint64_t *cache) {
  uint64_t key = s[0] | (uint64_t)s[1] << 8 | (uint64_t)s[2] << 16;
  uint64_t *entry
    = &cache[(uint32_t)(key * 0x9E3779B1u) >> 12 & (LLG_CHAR_CACHE_ENTRIES - 1)];
  if ((*entry & 0xFFFFFF) != key) *entry = look(e, s, key);
  if (n > 3 && (is_tail(s[3]) || (*entry >> UNSURE_SHIFT & next_bit(s[3])) != 0))
    return 0;
  return (uint32_t)(*entry >> ID_SHIFT) & ((1u << LLG_SLOT_ID_BITS) - 1);
}

size_t llg_symbols(
  const struct llg_encoding *encoding, const unsigned char *s, size_t n, uint64_t *cache,
  uint32_t *ids) {
  size_t n_ids = 0;
  for (size_t i = 0; i < n;) {
    uint32_t id = 0;
    if (
      is_lead(s[i]) && n - i >= 3 && is_tail(s[i + 1]) && is_tail(s[i + 2])
      && (i == 0 || s[i - 1] >= 0x80) && cache != NULL)
      id = sure_char(encoding, s + i, n - i, cache);
    ids[n_ids++] = id != 0 ? id : llg_byte_id[s[i]];
    i += id != 0 ? 3 : 1;
  }
  return n_ids;
}
