#include "wording.h"

#include <string.h>

#include "secrets.h"

enum { EXCERPT_BYTES = 200 };

bool llg_begins(const char *s, const char *prefix) {
  for (; *prefix != '\0'; s++, prefix++) {
    bool upper = *s >= 'A' && *s <= 'Z';
    if ((upper ? *s - 'A' + 'a' : *s) != *prefix) return false;
  }
  return true;
}

/* ---- keys ---- */

void llg_push_redacted(
  lua_State *L, const struct llg_exchange *x, const char *text, size_t n) {
  if (!llg_holds_secret(&x->request, text, n)) {
    lua_pushlstring(L, text, n);
    return;
  }
  char *copy = llg_newuserdata(L, n);
  memcpy(copy, text, n);
  lua_pushlstring(L, copy, llg_redact(&x->request, copy, n));
  lua_remove(L, -2);
}

/* ---- first words ---- */

static bool is_blank(char c) {
  return (unsigned char)c <= ' ' || c == 127;
}

/* The end of what begins with "<" at `at`: of a tag, or of an element whose text is not for
** people. */
static const char *skip_tag(const char *at, const char *end) {
  static const char *const silent[] = { "style", "script" };
  for (size_t i = 0; i < sizeof silent / sizeof *silent; i++) {
    size_t len = strlen(silent[i]);
    if ((size_t)(end - at) <= len || !llg_begins(at + 1, silent[i])) continue;
    for (at++; at < end; at++)
      if (at[0] == '<' && end - at > 1 && at[1] == '/') break;
  }
  const char *close = memchr(at, '>', (size_t)(end - at));
  return close != NULL ? close + 1 : end;
}

/* Less the bytes of a last character that is not all there. */
static size_t whole_characters(const char *s, size_t n) {
  size_t lead = n;
  while (lead > 0 && n - lead < 4 && ((unsigned char)s[lead - 1] & 0xC0) == 0x80)
    lead--;
  if (lead == 0) return n;
  unsigned char c = (unsigned char)s[lead - 1];
  size_t length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
  return lead - 1 + length > n ? lead - 1 : n;
}

void llg_push_excerpt(lua_State *L, const char *text, size_t n, bool is_html) {
  char words[EXCERPT_BYTES];
  size_t len = 0;
  bool gap = false;
  for (const char *at = text, *end = text + n; at < end && len < sizeof words;) {
    bool tag = is_html && *at == '<';
    if (tag || is_blank(*at)) {
      gap = len > 0;
      at = tag ? skip_tag(at, end) : at + 1;
      continue;
    }
    if (gap) words[len++] = ' ';
    gap = false;
    if (len < sizeof words) words[len++] = *at++;
  }
  lua_pushlstring(L, words, len < sizeof words ? len : whole_characters(words, len));
}

bool llg_body_is_html(const struct llg_exchange *x) {
  const char *body = llg_buffer_bytes(&x->body);
  size_t n = x->body.len, type_len = 0;
  const char *type = llg_headers_get(&x->headers, "content-type", &type_len);
  for (size_t i = 0; type != NULL && i + 4 <= type_len && type[i] != ';'; i++)
    if (memcmp(type + i, "html", 4) == 0) return true;
  while (n > 0 && strchr(" \t\r\n", *body) != NULL && *body != '\0') {
    body++;
    n--;
  }
  return n > 0 && *body == '<';
}

void llg_skip_mark(const char **text, size_t *n) {
  if (*n < 3 || memcmp(*text, "\xEF\xBB\xBF", 3) != 0) return;
  *text += 3;
  *n -= 3;
}
