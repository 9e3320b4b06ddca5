#include "json_end.h"

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void look_outside(struct llg_json_end *e, char c) {
  if (e->depth == 0 && (e->begun || (c != '{' && c != '['))) {
    e->other = e->other || !is_blank(c);
    return;
  }
  e->begun = true;
  if (c == '"') e->in_string = true;
  if (c == '{' || c == '[') e->depth++;
  if (c == '}' || c == ']') e->depth--;
}

bool llg_json_end_reached(struct llg_json_end *e, const char *text, size_t n) {
  for (; e->at < n && !e->other; e->at++) {
    char c = text[e->at];
    if (!e->in_string)
      look_outside(e, c);
    else if (e->escaped)
      e->escaped = false;
    else if (c == '\\')
      e->escaped = true;
    else if (c == '"')
      e->in_string = false;
  }
  return e->begun && e->depth == 0 && !e->other;
}
