/*
** Any lines as the headers of a response: the block answers as a plain list of fields
** does, at the full maximum and at a small one, and what llg_retry reads of it stays in
** its bounds. The same bytes as names and values of a request: nothing that passes
** llg_header_flaw can break out of its line.
*/
#include "core/http/headers.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/http/retry.h"
#include "core/http/retry_text.h"

#define REQUIRE(condition) \
  ((condition) ? (void)0 : (fprintf(stderr, "failed: %s\n", #condition), abort()))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { MAX_FIELDS = 64, MAX_TEXT = 4096 };

struct field {
  char name[MAX_TEXT], value[MAX_TEXT];
};

struct model {
  struct field fields[MAX_FIELDS];
  int n_fields;
  int is_open; /* a line that begins with a blank goes on with the last field */
};

/* ------------------------------------------------------------------ a plain list of
** fields */

static void strip(char *text) {
  size_t n = strlen(text), from = strspn(text, " \t");
  memmove(text, text + from, n - from + 1);
  n -= from;
  while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t'))
    text[--n] = '\0';
}

static int is_name(const char *name) {
  static const char allowed[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz";
  return name[0] != '\0' && name[strspn(name, allowed)] == '\0';
}

/* The line without its end. */
static void model_feed(struct model *m, const char *bytes, size_t n) {
  char line[MAX_TEXT];
  int is_name_part = n > 0 && bytes[0] != ' ' && bytes[0] != '\t';
  for (size_t i = 0; i < n; i++) { /* '?' is in no name, so it makes this one wrong too */
    if (bytes[i] == ':') is_name_part = 0;
    int is_break = bytes[i] == '\0' || bytes[i] == '\r' || bytes[i] == '\n';
    line[i] = is_break ? (is_name_part ? '?' : ' ') : bytes[i];
  }
  line[n] = '\0';
  if (n == 0) return;
  if (strncmp(line, "HTTP/", 5) == 0) {
    m->n_fields = m->is_open = 0;
    return;
  }
  int is_fold = line[0] == ' ' || line[0] == '\t';
  char *value = is_fold ? line : strchr(line, ':');
  if (value == NULL) {
    m->is_open = 0;
    return;
  }
  if (!is_fold) *value++ = '\0';
  strip(value);
  if (is_fold) {
    if (!m->is_open || *value == '\0') return;
    char *old = m->fields[m->n_fields - 1].value;
    strcat(strcat(old, " "), value);
    return;
  }
  for (char *c = line; *c != '\0'; c++)
    if (*c >= 'A' && *c <= 'Z') *c = (char)(*c + 32);
  while (line[0] != '\0' && strchr(" \t", line[strlen(line) - 1]) != NULL)
    line[strlen(line) - 1] = '\0';
  m->is_open = is_name(line);
  if (!m->is_open) return;
  strcpy(m->fields[m->n_fields].name, line);
  strcpy(m->fields[m->n_fields++].value, value);
}

static int same(const char *got, size_t n, const char *want) {
  want += strspn(want, " ");
  return strlen(want) == n && memcmp(got, want, n) == 0;
}

static void compare(const struct llg_buffer *headers, const struct model *m) {
  size_t at = 0, name_len, value_len;
  const char *name, *value;
  for (int i = 0; i < m->n_fields; i++) {
    const struct field *field = &m->fields[i];
    REQUIRE(llg_headers_next(headers, &at, &name, &name_len, &value, &value_len));
    REQUIRE(same(name, name_len, field->name));
    REQUIRE(same(value, value_len, field->value));
    int first = 0;
    while (strcmp(m->fields[first].name, field->name) != 0)
      first++;
    value = llg_headers_get(headers, field->name, &value_len);
    REQUIRE(value != NULL && same(value, value_len, m->fields[first].value));
  }
  REQUIRE(!llg_headers_next(headers, &at, &name, &name_len, &value, &value_len));
}

/* ------------------------------------------------------------------ the three
** subjects */

static void check_response(const char *data, size_t n, size_t max_bytes) {
  static struct model m;
  m.n_fields = m.is_open = 0;
  struct llg_buffer headers;
  llg_buffer_init(&headers, max_bytes);
  for (size_t at = 0; at < n;) {
    const char *end = memchr(data + at, '\n', n - at);
    size_t line_len = end == NULL ? n - at : (size_t)(end - data) - at + 1;
    char *exact = malloc(line_len); /* of the exact size, for the sanitizer */
    REQUIRE(exact != NULL);
    memcpy(exact, data + at, line_len);
    enum llg_status status = llg_headers_feed(&headers, exact, line_len);
    free(exact);
    REQUIRE(headers.len <= max_bytes);
    REQUIRE(status == LLG_OK || (status == LLG_LIMIT && max_bytes < 2 * MAX_TEXT));
    if (status != LLG_OK) break;
    size_t bare = line_len;
    if (bare > 0 && data[at + bare - 1] == '\n') bare--;
    if (bare > 0 && data[at + bare - 1] == '\r') bare--;
    model_feed(&m, data + at, bare);
    at += line_len;
  }
  compare(&headers, &m);
  static const time_t now = 1696004797;
  int64_t asked_ms = llg_retry_after_ms(&headers, now);
  REQUIRE(asked_ms == -1 || asked_ms > 0);
  struct llg_retry_case c
    = { .status = LLG_API, .http_status = 429, .headers = &headers };
  c.body = data;
  c.body_len = n;
  c.max_retries = 1;
  c.now = now;
  int64_t delay_ms = llg_retry_delay_ms(&c);
  /* Where no header says it, the body counts. */
  if (asked_ms < 0) asked_ms = llg_retry_text(data, n).delay_ms;
  if (asked_ms > LLG_MAX_RETRY_AFTER_MS)
    REQUIRE(delay_ms == -1);
  else
    REQUIRE(delay_ms == -1 || delay_ms == (asked_ms > 0 ? asked_ms : 500));
  llg_buffer_free(&headers);
}

/* Fields "name=value", divided by semicolons; without "=" the field is removed. */
static void check_request(const char *data, size_t n) {
  struct llg_header_list list = { 0 }, copy = { 0 };
  for (size_t at = 0; at < n;) {
    const char *end = memchr(data + at, ';', n - at);
    size_t len = end == NULL ? n - at : (size_t)(end - data) - at;
    const char *name = data + at, *value = memchr(name, '=', len);
    size_t name_len = value == NULL ? len : (size_t)(value - name);
    size_t value_len = value == NULL ? 0 : len - name_len - 1;
    if (value != NULL) value++;
    at += len + 1;
    if (llg_header_flaw(name, name_len, value == NULL ? "" : value, value_len) != NULL)
      continue;
    size_t count = list.count;
    REQUIRE(llg_header_list_set(&list, name, name_len, value, value_len) == LLG_OK);
    REQUIRE(list.count <= count + 1);
  }
  for (size_t i = 0; i < list.count; i++) {
    const char *entry = list.entries[i];
    size_t name_len = strcspn(entry, ":;");
    REQUIRE(strpbrk(entry, "\r\n") == NULL && name_len > 0);
    REQUIRE(
      entry[name_len] == ':' ? entry[name_len + 2] != '\0' : entry[name_len + 1] == 0);
    for (size_t other = 0; other < i; other++)
      REQUIRE(
        strcspn(list.entries[other], ":;") != name_len
        || strncasecmp(entry, list.entries[other], name_len) != 0);
  }
  REQUIRE(llg_header_list_copy(&copy, &list) == LLG_OK && copy.count == list.count);
  for (size_t i = 0; i < list.count; i++)
    REQUIRE(strcmp(copy.entries[i], list.entries[i]) == 0);
  llg_header_list_free(&list);
  llg_header_list_free(&copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
  if (n >= MAX_TEXT / 4) return 0;
  const char *bytes = (const char *)data;
  size_t n_lines = 1;
  for (size_t i = 0; i < n; i++)
    n_lines += bytes[i] == '\n';
  if (n_lines <= MAX_FIELDS) {
    check_response(bytes, n, LLG_MAX_HEADER_BYTES);
    check_response(bytes, n, 64);
  }
  check_request(bytes, n);
  return 0;
}
