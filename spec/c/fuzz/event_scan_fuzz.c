/*
** An event of any bytes: llg_event_scan hands out a text exactly where a plain reader of
** JSON, which builds the whole tree, finds a plain content delta, and it is the same
** text.
*/
#include "core/base/utf8.h"
#include "core/events/event_scan.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REQUIRE(condition) \
  ((condition) ? (void)0 : (fprintf(stderr, "failed: %s\n", #condition), abort()))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* ------------------------------------------------------------------ the plain reader */

enum { MAX_NODES = 512, MAX_DEPTH = 16, MAX_COUNTS_DEPTH = 8 };

enum kind { OBJECT, LIST, STRING, NUMBER, TRUE_WORD, FALSE_WORD, NULL_WORD };

struct node {
  enum kind kind;
  struct node *first, *next; /* members; those of an object have a key */
  char *key;
  size_t key_len;
  char *text; /* of a string: resolved; of a number: as written */
  size_t len;
};

struct reader {
  const char *at, *end;
  int bad;     /* no JSON, or more of it than any plain delta has */
  int unusual; /* spelled in a way that is left to the full way */
  size_t n_nodes;
  struct node nodes[MAX_NODES];
  size_t n_text;
  char text[(1 << 16) + 1]; /* its last byte stays NUL */
};

static int next_byte(struct reader *r) {
  return r->at < r->end ? (unsigned char)*r->at++ : -1;
}

static int look(struct reader *r) {
  while (r->at < r->end && *r->at != '\0' && strchr(" \t\r\n", *r->at) != NULL)
    r->at++;
  return r->at < r->end ? (unsigned char)*r->at : -1;
}

static int accept(struct reader *r, int c) {
  if (look(r) != c) return 0;
  r->at++;
  return 1;
}

static void put(struct reader *r, unsigned long byte) {
  if (r->n_text == sizeof r->text - 1)
    r->bad = 1;
  else
    r->text[r->n_text++] = (char)byte;
}

static void put_code_point(struct reader *r, unsigned long c) {
  int n = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  static const unsigned long lead[] = { 0, 0xC0, 0xE0, 0xF0 };
  put(r, lead[n] + (c >> (6 * n)));
  while (n-- > 0)
    put(r, 0x80 + ((c >> (6 * n)) % 64));
}

static unsigned long read_hex(struct reader *r) {
  char digits[5] = "";
  for (int i = 0; i < 4; i++) {
    int c = next_byte(r);
    if (c <= 0 || strchr("0123456789abcdefABCDEF", c) == NULL) {
      r->bad = 1;
      return 0;
    }
    digits[i] = (char)c;
  }
  return strtoul(digits, NULL, 16);
}

static void read_unicode(struct reader *r) {
  unsigned long c = read_hex(r);
  if (c >= 0xD800 && c < 0xE000) {
    if (c >= 0xDC00 || next_byte(r) != '\\' || next_byte(r) != 'u') r->bad = 1;
    unsigned long low = read_hex(r);
    if (low < 0xDC00 || low >= 0xE000) r->bad = 1;
    c = 0x10000 + (c - 0xD800) * 0x400 + (low - 0xDC00);
  }
  if (!r->bad) put_code_point(r, c);
}

static char *read_text(struct reader *r, size_t *len, int *has_escape) {
  char *text = r->text + r->n_text;
  size_t from = r->n_text;
  *has_escape = 0;
  if (!accept(r, '"')) r->bad = 1;
  while (!r->bad) {
    int c = next_byte(r);
    if (c == '"') break;
    if (c < 0x20) r->bad = 1; /* lua-cjson takes all but NUL: the scan may not */
    if (c != '\\') {
      put(r, (unsigned long)c);
      continue;
    }
    *has_escape = 1;
    switch (next_byte(r)) {
    case 'u': read_unicode(r); break;
    case 'b': put(r, 8); break;
    case 't': put(r, 9); break;
    case 'n': put(r, 10); break;
    case 'f': put(r, 12); break;
    case 'r': put(r, 13); break;
    case '"': put(r, '"'); break;
    case '/': put(r, '/'); break;
    case '\\': put(r, '\\'); break;
    default: r->bad = 1;
    }
  }
  *len = r->n_text - from;
  if (!llg_utf8_is_valid(text, *len)) r->unusual = 1;
  return text;
}

static void read_word(struct reader *r, struct node *node) {
  char word[64];
  size_t n = 0;
  while (r->at < r->end && *r->at != '\0' && strchr(" \t\r\n,:{}[]\"", *r->at) == NULL
         && n < sizeof word - 1)
    word[n++] = *r->at++;
  word[n] = '\0';
  node->kind = NUMBER;
  node->text = r->text + r->n_text;
  node->len = n;
  for (size_t i = 0; i < n; i++)
    put(r, (unsigned char)word[i]);
  if (strcmp(word, "null") == 0) {
    node->kind = NULL_WORD;
  } else if (strcmp(word, "true") == 0) {
    node->kind = TRUE_WORD;
  } else if (strcmp(word, "false") == 0) {
    node->kind = FALSE_WORD;
  } else {
    const char *at = word + (word[0] == '-');
    size_t whole = strspn(at, "0123456789");
    if (whole == 0 || (at[0] == '0' && whole > 1)) r->bad = 1;
    if (n > 24) r->unusual = 1;
    at += whole;
    if (*at == '.') {
      size_t fraction = strspn(at + 1, "0123456789");
      if (fraction == 0) r->bad = 1;
      at += 1 + fraction;
    }
    if (*at == 'e' || *at == 'E')
      r->unusual = 1;
    else if (*at != '\0')
      r->bad = 1;
  }
}

static struct node *read_node(struct reader *r, int depth) {
  if (depth > MAX_DEPTH || r->n_nodes == MAX_NODES) r->bad = 1;
  if (r->bad) return NULL;
  struct node *node = &r->nodes[r->n_nodes++];
  memset(node, 0, sizeof *node);
  int c = look(r), has_escape;
  if (c == '"') {
    node->kind = STRING;
    node->text = read_text(r, &node->len, &has_escape);
    return node;
  }
  if (c != '{' && c != '[') {
    read_word(r, node);
    return node;
  }
  r->at++;
  node->kind = c == '{' ? OBJECT : LIST;
  int close = c == '{' ? '}' : ']';
  if (accept(r, close)) return node;
  struct node **link = &node->first;
  do {
    char *key = NULL;
    size_t key_len = 0;
    if (c == '{') {
      key = read_text(r, &key_len, &has_escape);
      if (has_escape) r->unusual = 1;
      if (!accept(r, ':')) r->bad = 1;
    }
    struct node *member = read_node(r, depth + 1);
    if (member == NULL) return NULL;
    member->key = key;
    member->key_len = key_len;
    *link = member;
    link = &member->next;
  } while (!r->bad && accept(r, ','));
  if (!accept(r, close)) r->bad = 1;
  return node;
}

/* ------------------------------------------------------------------ what it is */

static int is_text(const char *bytes, size_t n, const char *want) {
  return n == strlen(want) && memcmp(bytes, want, n) == 0;
}

static int is_string(const struct node *node, const char *want) {
  return node->kind == STRING && is_text(node->text, node->len, want);
}

static struct node *member(struct node *object, const char *key) {
  for (struct node *m = object->first; m != NULL; m = m->next)
    if (m->kind != NULL_WORD && is_text(m->key, m->key_len, key)) return m;
  return NULL;
}

/* Nothing but these keys (a null may have any), none of them twice. */
static int has_only(struct node *object, const char *const *keys) {
  if (object == NULL || object->kind != OBJECT) return 0;
  size_t n_known = 0;
  for (size_t i = 0; keys[i] != NULL; i++) {
    int times = 0;
    for (struct node *m = object->first; m != NULL; m = m->next)
      if (is_text(m->key, m->key_len, keys[i])) times++, n_known += m->kind != NULL_WORD;
    if (times > 1) return 0;
  }
  for (struct node *m = object->first; m != NULL; m = m->next)
    n_known -= m->kind != NULL_WORD;
  return n_known == 0;
}

static int depth_of(const struct node *node) {
  int deepest = 0;
  for (const struct node *m = node->first; m != NULL; m = m->next) {
    int depth = depth_of(m);
    if (depth > deepest) deepest = depth;
  }
  return node->kind == OBJECT || node->kind == LIST ? deepest + 1 : 0;
}

/* The content of a plain delta, and the index of its choice. */
static struct node *plain_content(struct node *event, long *index) {
  static const char *const event_keys[] = {
    "id",           "object",      "created",  "model", "choices", "system_fingerprint",
    "service_tier", "obfuscation", "provider", "usage", "timings", NULL
  };
  static const char *const choice_keys[] = { "index", "delta", NULL };
  static const char *const delta_keys[] = { "content", "role", NULL };
  if (!has_only(event, event_keys)) return NULL;
  struct node *choices = member(event, "choices"), *object = member(event, "object");
  for (struct node *m = event->first; m != NULL; m = m->next) {
    bool counts = is_text(m->key, m->key_len, "usage")
                  || is_text(m->key, m->key_len, "timings");
    if (counts && m->kind != OBJECT && m->kind != NULL_WORD) return NULL;
    if (!counts && m != choices && (m->kind == OBJECT || m->kind == LIST)) return NULL;
    if (counts && depth_of(m) > MAX_COUNTS_DEPTH) return NULL;
  }
  if (object != NULL && !is_string(object, "chat.completion.chunk")) return NULL;
  if (choices == NULL || choices->kind != LIST) return NULL;
  struct node *choice = choices->first;
  if (!has_only(choice, choice_keys) || choice->next != NULL) return NULL;
  struct node *number = member(choice, "index"), *delta = member(choice, "delta");
  *index = 0;
  if (number != NULL) {
    if (number->kind != NUMBER || number->len > 9) return NULL;
    if (strspn(number->text, "0123456789") < number->len) return NULL;
    for (size_t i = 0; i < number->len; i++)
      *index = *index * 10 + number->text[i] - '0';
  }
  if (!has_only(delta, delta_keys)) return NULL;
  struct node *content = member(delta, "content"), *role = member(delta, "role");
  if (role != NULL && !is_string(role, "assistant")) return NULL;
  return content != NULL && content->kind == STRING ? content : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
  static struct reader r;
  memset(&r, 0, offsetof(struct reader, nodes));
  r.n_text = 0;
  r.at = (const char *)data;
  r.end = r.at + n;
  struct node *event = read_node(&r, 0);
  long index = 0;
  struct node *content = NULL;
  if (look(&r) == -1 && !r.bad && !r.unusual) content = plain_content(event, &index);

  char *exact = malloc(n + (n == 0)); /* of the exact size, for the sanitizer */
  REQUIRE(exact != NULL);
  if (n > 0) memcpy(exact, data, n);
  struct llg_event_text text;
  bool plain = llg_event_scan(exact, n, &text);
  REQUIRE(plain == (content != NULL));
  if (plain) {
    char *out = malloc(text.string.len + 1);
    REQUIRE(out != NULL);
    REQUIRE(text.choice == index);
    REQUIRE(llg_json_unescape(&text.string, out) == content->len);
    REQUIRE(memcmp(out, content->text, content->len) == 0);
    free(out);
  }
  free(exact);
  return 0;
}
