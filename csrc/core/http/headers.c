#include "headers.h"

#include <stdint.h>
#include <string.h>

#include "../base/memory.h"

/* Own predicates: those of ctype.h ask the locale. */
static bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

static char lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Letters, digits and !#$%&'*+-.^_`|~: a bit for each. */
static bool is_token_char(char c) {
  static const uint64_t bits[4] = { 0x03FF6CFA00000000u, 0x57FFFFFFC7FFFFFEu };
  unsigned char byte = (unsigned char)c;
  return (bits[byte >> 6] >> (byte & 63) & 1) != 0;
}

static bool is_token(const char *s, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (!is_token_char(s[i])) return false;
  return n > 0;
}

/* No value may hold these: they would divide the block, or end a C string. */
static bool is_break(char c) {
  return c == '\n' || c == '\r' || c == '\0';
}

static void trim(const char **s, size_t *n) {
  while (*n > 0 && (is_blank(**s) || is_break(**s)))
    (*s)++, (*n)--;
  while (*n > 0 && (is_blank((*s)[*n - 1]) || is_break((*s)[*n - 1])))
    (*n)--;
}

/* ---- of a response ---- */

static void copy_value(char *to, const char *value, size_t n) {
  for (size_t i = 0; i < n; i++)
    to[i] = is_break(value[i]) ? ' ' : value[i];
}

static bool after_gap(const struct llg_buffer *headers) {
  size_t n = headers->len;
  return n == 0 || (n > 1 && llg_buffer_bytes(headers)[n - 2] == '\n');
}

/* A dropped line leaves an empty one, so that what is folded below it is dropped as
** well. */
static enum llg_status drop(struct llg_buffer *headers) {
  return after_gap(headers) ? LLG_OK : llg_buffer_append(headers, "\n", 1);
}

static enum llg_status
unfold(struct llg_buffer *headers, const char *value, size_t value_len) {
  trim(&value, &value_len);
  if (value_len == 0 || after_gap(headers)) return LLG_OK;
  enum llg_status status = LLG_OK;
  char *at = llg_buffer_reserve(headers, value_len + 1, &status);
  if (at == NULL) return status;
  at[-1] = ' ';
  copy_value(at, value, value_len);
  at[value_len] = '\n';
  llg_buffer_commit(headers, value_len + 1);
  return LLG_OK;
}

static enum llg_status add_field(
  struct llg_buffer *headers, const char *name, size_t name_len, const char *value,
  size_t value_len) {
  enum llg_status status = LLG_OK;
  size_t n = name_len + value_len + 3;
  char *at = llg_buffer_reserve(headers, n, &status);
  if (at == NULL) return status;
  for (size_t i = 0; i < name_len; i++)
    at[i] = lower(name[i]);
  at[name_len] = ':';
  at[name_len + 1] = ' ';
  copy_value(at + name_len + 2, value, value_len);
  at[n - 1] = '\n';
  llg_buffer_commit(headers, n);
  return LLG_OK;
}

enum llg_status llg_headers_feed(struct llg_buffer *headers, const char *line, size_t n) {
  if (n > 0 && line[n - 1] == '\n') n--;
  if (n > 0 && line[n - 1] == '\r') n--;
  if (n == 0) return LLG_OK;
  if (n >= 5 && memcmp(line, "HTTP/", 5) == 0) {
    llg_buffer_clear(headers);
    return LLG_OK;
  }
  if (is_blank(line[0])) return unfold(headers, line, n);
  const char *colon = memchr(line, ':', n);
  if (colon == NULL) return drop(headers);
  size_t name_len = (size_t)(colon - line);
  while (name_len > 0 && is_blank(line[name_len - 1]))
    name_len--;
  if (!is_token(line, name_len)) return drop(headers);
  const char *value = colon + 1;
  size_t value_len = n - (size_t)(value - line);
  trim(&value, &value_len);
  return add_field(headers, line, name_len, value, value_len);
}

bool llg_headers_next(
  const struct llg_buffer *headers, size_t *at, const char **name, size_t *name_len,
  const char **value, size_t *value_len) {
  const char *bytes = llg_buffer_bytes(headers);
  while (*at < headers->len && bytes[*at] == '\n')
    (*at)++;
  if (*at >= headers->len) return false;
  const char *line = bytes + *at;
  /* Both are there: only whole fields are ever committed. */
  const char *end = memchr(line, '\n', headers->len - *at);
  const char *colon = memchr(line, ':', headers->len - *at);
  *at = (size_t)(end - bytes) + 1;
  *name = line;
  *name_len = (size_t)(colon - line);
  *value = colon + 1;
  *value_len = (size_t)(end - *value);
  trim(value, value_len);
  return true;
}

const char *
llg_headers_get(const struct llg_buffer *headers, const char *name, size_t *len) {
  size_t wanted_len = strlen(name), at = 0, field_len, value_len;
  const char *field, *value;
  while (llg_headers_next(headers, &at, &field, &field_len, &value, &value_len)) {
    if (field_len != wanted_len || memcmp(field, name, wanted_len) != 0) continue;
    *len = value_len;
    return value;
  }
  return NULL;
}

/* ---- of a request ---- */

_Static_assert(LLG_MAX_HEADER_BYTES == 256 * LLG_KIB, "llg_header_flaw says 256 KiB");

const char *
llg_header_flaw(const char *name, size_t name_len, const char *value, size_t value_len) {
  if (name_len == 0) return "the name is empty";
  if (!is_token(name, name_len))
    return "the name may hold only letters, digits and !#$%&'*+-.^_`|~";
  for (size_t i = 0; i < value_len; i++) {
    unsigned char c = (unsigned char)value[i];
    if (c == '\r' || c == '\n') return "the value holds a line break";
    if ((c < 0x20 && c != '\t') || c == 0x7F)
      return "the value holds a control character";
  }
  if (name_len > LLG_MAX_HEADER_BYTES || value_len > LLG_MAX_HEADER_BYTES - name_len)
    return "it is longer than 256 KiB";
  return NULL;
}

static bool has_name(const char *entry, const char *name, size_t name_len) {
  for (size_t i = 0; i < name_len; i++)
    if (entry[i] == '\0' || lower(entry[i]) != lower(name[i])) return false;
  return entry[name_len] == ':' || entry[name_len] == ';';
}

static size_t
find(const struct llg_header_list *list, const char *name, size_t name_len) {
  size_t i = 0;
  while (i < list->count && !has_name(list->entries[i], name, name_len))
    i++;
  return i;
}

static void free_entry(char *entry) {
  llg_wipe(entry, strlen(entry));
  llg_free(entry);
}

static enum llg_status reserve(struct llg_header_list *list, size_t count) {
  if (count <= list->capacity) return LLG_OK;
  size_t capacity = list->capacity < 8 ? 8 : 2 * list->capacity;
  if (capacity < count) capacity = count;
  char **entries = llg_realloc(list->entries, capacity * sizeof *entries);
  if (entries == NULL) return LLG_NOMEM;
  list->entries = entries;
  list->capacity = capacity;
  return LLG_OK;
}

/* curl reads "Name:" as "do not send this one" and "Name;" as "send it empty". */
static char *
new_entry(const char *name, size_t name_len, const char *value, size_t value_len) {
  trim(&value, &value_len);
  size_t n = value_len == 0 ? name_len + 1 : name_len + 2 + value_len;
  char *entry = llg_malloc(n + 1);
  if (entry == NULL) return NULL;
  memcpy(entry, name, name_len);
  if (value_len == 0) {
    entry[name_len] = ';';
  } else {
    memcpy(entry + name_len, ": ", 2);
    memcpy(entry + name_len + 2, value, value_len);
  }
  entry[n] = '\0';
  return entry;
}

enum llg_status llg_header_list_set(
  struct llg_header_list *list, const char *name, size_t name_len, const char *value,
  size_t value_len) {
  size_t i = find(list, name, name_len);
  if (value == NULL) {
    if (i == list->count) return LLG_OK;
    free_entry(list->entries[i]);
    list->count--;
    memmove(
      list->entries + i, list->entries + i + 1,
      (list->count - i) * sizeof *list->entries);
    return LLG_OK;
  }
  if (reserve(list, i + 1) != LLG_OK) return LLG_NOMEM;
  char *entry = new_entry(name, name_len, value, value_len);
  if (entry == NULL) return LLG_NOMEM;
  if (i == list->count)
    list->count++;
  else
    free_entry(list->entries[i]);
  list->entries[i] = entry;
  return LLG_OK;
}

enum llg_status
llg_header_list_copy(struct llg_header_list *to, const struct llg_header_list *from) {
  if (reserve(to, from->count) != LLG_OK) return LLG_NOMEM;
  for (size_t i = 0; i < from->count; i++) {
    char *entry = llg_strndup(from->entries[i], strlen(from->entries[i]));
    if (entry == NULL) {
      llg_header_list_free(to);
      return LLG_NOMEM;
    }
    to->entries[to->count++] = entry;
  }
  return LLG_OK;
}

void llg_header_list_free(struct llg_header_list *list) {
  for (size_t i = 0; i < list->count; i++)
    free_entry(list->entries[i]);
  llg_free(list->entries);
  memset(list, 0, sizeof *list);
}
