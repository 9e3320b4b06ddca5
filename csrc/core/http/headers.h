/*
** headers.h - HTTP header fields: those of a response, kept as one block until someone
** asks, and those of a request, checked before libcurl sees them.
*/
#ifndef LLG_HEADERS_H
#define LLG_HEADERS_H

#include <stdbool.h>

#include "../base/buffer.h"

/* ---- of a response: a buffer of "name: value\n" lines, names in lower case ---- */

/* Take one line as curl's header callback gets it, with its line end or without. A status
** line ("HTTP/1.1 200 OK") clears what came before: only the last response of several
** (100, 103, a redirect) counts. A line that begins with a blank goes on with the field
** before it; lines that are no header are dropped, with all that is folded below them.
** LLG_LIMIT or LLG_NOMEM from the buffer, which then holds what it held before. */
enum llg_status llg_headers_feed(struct llg_buffer *headers, const char *line, size_t n);

/* The value of the first field `name` (lower case), blanks trimmed, and its length; NULL
** if there is none. Valid until the buffer changes. */
const char *
llg_headers_get(const struct llg_buffer *headers, const char *name, size_t *len);

/* Walk over all fields: *at starts at 0. False at the end. */
bool llg_headers_next(
  const struct llg_buffer *headers, size_t *at, const char **name, size_t *name_len,
  const char **value, size_t *value_len);

/* ---- of a request ---- */

/* NULL if the field may be sent; else why not, in words that follow a colon: the name
** must be an RFC 9110 token, the value must hold no CR, LF or NUL and no other control
** character but the tab, and both together are at most LLG_MAX_HEADER_BYTES. Never quotes
** the value. */
const char *
llg_header_flaw(const char *name, size_t name_len, const char *value, size_t value_len);

/* Zeroed memory is a valid empty list. Entries are strings as curl_slist holds them:
** "Name: value", and "Name;" for a field that is sent with an empty value. No two have
** one name. */
struct llg_header_list {
  char **entries;
  size_t count;
  size_t capacity;
};

/* Add the field, or replace the one of the same name (ASCII case ignored) in its place,
** or remove it where value is NULL. Blanks around the value go. The strings must have
** passed llg_header_flaw. LLG_OK, or LLG_NOMEM with the list as it was. */
enum llg_status llg_header_list_set(
  struct llg_header_list *list, const char *name, size_t name_len, const char *value,
  size_t value_len);
/* A copy of `from` into the empty list `to`. LLG_OK, or LLG_NOMEM with `to` still
** empty. */
enum llg_status
llg_header_list_copy(struct llg_header_list *to, const struct llg_header_list *from);
/* Wipes each entry (keys are in here), then frees. The list is empty and may be used
** again. */
void llg_header_list_free(struct llg_header_list *list);

#endif
