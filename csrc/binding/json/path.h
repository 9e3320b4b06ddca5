/*
** path.h - where in a value we are, as text: messages[2].content. Needs no Lua.
*/
#ifndef LLG_JSON_PATH_H
#define LLG_JSON_PATH_H

#include <stddef.h>

/* A path of at most so many bytes; a longer one ends in "...". */
struct llg_path {
  char text[256]; /* always ends with a NUL */
  size_t n;
};

void llg_path_start(struct llg_path *p, const char *root);
/* ".key", or ["odd key"] where it is not a name; what is not printable ASCII shows as '?'. */
void llg_path_key(struct llg_path *p, const char *key, size_t n);
/* "[2]" */
void llg_path_index(struct llg_path *p, long long index);

#endif
