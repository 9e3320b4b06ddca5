/*
** json_end.h - where a JSON object or list ends: brackets and quotes are counted, nothing is
** understood. Fed as it grows, it looks at each byte once.
*/
#ifndef LLG_JSON_END_H
#define LLG_JSON_END_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed: nothing was looked at. */
struct llg_json_end {
  size_t at;      /* how much of the text was looked at */
  size_t depth;   /* brackets that are open */
  bool in_string; /* within quotes */
  bool escaped;   /* behind a backslash there */
  bool begun;     /* the first bracket came */
  bool other;     /* something stands before it or behind its end */
};

/* Look at the rest of these n bytes, which begin with those of the last call. Whether they
** are one bracketed value, whole, with nothing but blanks around it. */
bool llg_json_end_reached(struct llg_json_end *e, const char *text, size_t n);

#endif
