#include "path.h"

#include <stdio.h>
#include <string.h>

enum { KEY_SHOWN = 60 }; /* bytes of one key */

static void append(struct llg_path *p, const char *text, size_t n) {
  static const char cut[] = "...";
  size_t room = sizeof p->text - sizeof cut;
  if (p->n > room) return; /* cut before */
  if (n <= room - p->n) {
    memcpy(p->text + p->n, text, n);
    p->n += n;
  } else {
    memcpy(p->text + p->n, cut, sizeof cut - 1);
    p->n = room + 1;
  }
  p->text[p->n <= room ? p->n : strlen(p->text)] = '\0';
}

static int is_name(const char *key, size_t n) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
  if (n == 0 || strchr(letters, key[0]) == NULL || key[0] == '\0') return 0;
  for (size_t i = 0; i < n; i++) {
    int is_digit = key[i] >= '0' && key[i] <= '9';
    if (key[i] == '\0' || (!is_digit && strchr(letters, key[i]) == NULL)) return 0;
  }
  return 1;
}

void llg_path_start(struct llg_path *p, const char *root) {
  memset(p, 0, sizeof *p);
  append(p, root, strlen(root));
}

void llg_path_key(struct llg_path *p, const char *key, size_t n) {
  char shown[KEY_SHOWN] = { 0 };
  size_t n_shown = n < sizeof shown ? n : sizeof shown;
  for (size_t i = 0; i < n_shown; i++)
    shown[i] = key[i] >= ' ' && key[i] < 0x7F ? key[i] : '?';
  if (is_name(key, n)) {
    if (p->n > 0) append(p, ".", 1);
    append(p, shown, n_shown);
    if (n_shown < n) append(p, "...", 3);
  } else {
    append(p, "[\"", 2);
    append(p, shown, n_shown);
    append(p, n_shown < n ? "...\"]" : "\"]", n_shown < n ? 5 : 2);
  }
}

void llg_path_index(struct llg_path *p, long long index) {
  char text[32];
  append(p, text, (size_t)snprintf(text, sizeof text, "[%lld]", index));
}
