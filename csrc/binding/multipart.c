#include "multipart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../core/base/random.h"
#include "object.h"

#define MARK "lualogue-"
#define TYPE "multipart/form-data; boundary="

enum { RANDOM_DIGITS = 32, BOUNDARY_BYTES = sizeof MARK + RANDOM_DIGITS };

struct form {
  lua_State *L;
  struct llg_draft *d;
  char boundary[BOUNDARY_BYTES];
};

struct text {
  const char *at; /* NULL: not given */
  size_t n;
};

/* The strings stand in a copy of the part that is on the stack. */
struct part {
  struct text name, value, path, filename, type;
  int64_t offset, length;
};

static void put(const struct form *f, const char *s, size_t n) {
  llg_check_status(
    f->L, llg_buffer_append(&f->d->request.body, s, n), "the request body");
}

static void put_text(const struct form *f, const char *s) {
  put(f, s, strlen(s));
}

/* As browsers do, and the backslash too, with which servers do as they like. */
static void put_quoted(const struct form *f, const struct text *text) {
  static const char hex[] = "0123456789ABCDEF";
  put(f, "\"", 1);
  for (size_t i = 0, from = 0; i <= text->n; i++) {
    unsigned char c = i < text->n ? (unsigned char)text->at[i] : '"';
    if (c >= ' ' && c != '"' && c != '\\' && c != 127) continue;
    const char escaped[3] = { '%', hex[c >> 4], hex[c & 15] };
    put(f, text->at + from, i - from);
    if (i < text->n) put(f, escaped, sizeof escaped);
    from = i + 1;
  }
  put(f, "\"", 1);
}

/* ---- what was given ---- */

static int64_t read_number(const struct form *f, const char *argument) {
  lua_Number n = lua_tonumber(f->L, -1);
  if (lua_type(f->L, -1) != LUA_TNUMBER)
    llg_type_error(f->L, f->d->function, argument, "number", -1);
  if (!(n >= 0 && n <= 9007199254740991.0) || n != floor(n))
    llg_arg_error(f->L, f->d->function, argument, "a whole number from 0 expected");
  return (int64_t)n;
}

/* The value on top of the stack, under the key below it. */
static void read_field(const struct form *f, int i, struct part *part) {
  lua_State *L = f->L;
  static const char *const names[] = { "path", "filename", "type" };
  struct text *const texts[] = { &part->path, &part->filename, &part->type };
  struct text *to = NULL;
  int64_t *number = NULL;
  char argument[64];
  snprintf(argument, sizeof argument, "body[%d]", i);
  if (lua_type(L, -2) == LUA_TNUMBER) {
    lua_Number n = lua_tonumber(L, -2);
    if (n == 1 || n == 2) to = n == 1 ? &part->name : &part->value;
  } else if (lua_type(L, -2) == LUA_TSTRING) {
    const char *key = lua_tostring(L, -2);
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
      if (strcmp(key, names[k]) == 0) to = texts[k];
    if (strcmp(key, "offset") == 0) number = &part->offset;
    if (strcmp(key, "length") == 0) number = &part->length;
    if (to != NULL || number != NULL)
      snprintf(argument, sizeof argument, "body[%d].%s", i, key);
  }
  if (number != NULL) {
    *number = read_number(f, argument);
    return;
  }
  if (to == NULL)
    llg_arg_error(
      L, f->d->function, argument, "name and value, path, filename or type expected");
  if (lua_type(L, -1) != LUA_TSTRING)
    llg_type_error(L, f->d->function, argument, "string", -1);
  to->at = lua_tolstring(L, -1, &to->n);
}

static const char *flaw_of(const struct part *part) {
  if (part->name.at == NULL) return "it has no name";
  if ((part->path.at == NULL) == (part->value.at == NULL))
    return "either a value or a path expected";
  if (
    part->path.at != NULL && (part->path.n == 0 || strlen(part->path.at) != part->path.n))
    return "its path is no name of a file";
  if (part->type.at == NULL) return NULL;
  for (size_t i = 0; i < part->type.n; i++)
    if (part->type.at[i] < ' ' || part->type.at[i] > '~')
      return "its type is no media type";
  return memchr(part->type.at, '/', part->type.n) != NULL ? NULL
                                                          : "its type is no media type";
}

/* The part on top of the stack, in whose place a copy comes. */
static void read_part(const struct form *f, int i, struct part *part) {
  lua_State *L = f->L;
  char argument[32];
  snprintf(argument, sizeof argument, "body[%d]", i);
  if (!lua_istable(L, -1)) llg_type_error(L, f->d->function, argument, "table", -1);
  llg_own_table(L, -1);
  *part = (struct part){ .length = INT64_MAX };
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
    read_field(f, i, part);
  const char *flaw = flaw_of(part);
  if (flaw != NULL) llg_arg_error(L, f->d->function, argument, flaw);
}

/* ---- what is sent ---- */

static void put_part(const struct form *f, const struct part *part) {
  struct llg_request *r = &f->d->request;
  put_text(f, "--");
  put_text(f, f->boundary);
  put_text(f, "\r\nContent-Disposition: form-data; name=");
  put_quoted(f, &part->name);
  if (part->filename.at != NULL) {
    put_text(f, "; filename=");
    put_quoted(f, &part->filename);
  }
  if (part->type.at != NULL) {
    put_text(f, "\r\nContent-Type: ");
    put(f, part->type.at, part->type.n);
  }
  put_text(f, "\r\n\r\n");
  if (part->path.at == NULL) {
    put(f, part->value.at, part->value.n);
  } else {
    const struct llg_upload_file file = { .path = (char *)(uintptr_t)part->path.at,
                                          .at = r->body.len,
                                          .offset = part->offset,
                                          .length = part->length };
    llg_check_status(f->L, llg_upload_add(&r->upload, &file), "body");
  }
  put_text(f, "\r\n");
}

/* Nobody who writes a file that is sent can foresee it. */
static void make_boundary(struct form *f) {
  memcpy(f->boundary, MARK, sizeof MARK);
  if (!llg_random_hex(f->boundary + sizeof MARK - 1, RANDOM_DIGITS))
    llg_raise(f->L, "the system has no random bytes to give");
}

static void set_type(const struct form *f) {
  struct llg_draft *d = f->d;
  char line[sizeof "Content-Type: " + sizeof TYPE + BOUNDARY_BYTES];
  snprintf(line, sizeof line, "Content-Type: %s%s", TYPE, f->boundary);
  llg_draft_headers(f->L, d, line + strlen("Content-Type: "));
  for (size_t i = 0; i < d->request.headers.count; i++)
    if (strcmp(d->request.headers.entries[i], line) == 0) return;
  llg_arg_error(
    f->L, d->function, "headers", "the Content-Type of a form is that of its boundary");
}

void llg_draft_multipart(lua_State *L, struct llg_draft *d, int parts) {
  struct form f = { .L = L, .d = d };
  struct part part;
  if (!lua_istable(L, parts))
    llg_type_error(L, d->function, "body", "list of parts", parts);
  make_boundary(&f);
  set_type(&f);
  size_t n = llg_rawlen(L, parts);
  for (size_t i = 1; i <= n && i < INT32_MAX; i++) {
    lua_rawgeti(L, parts, (int)i);
    read_part(&f, (int)i, &part);
    put_part(&f, &part);
    lua_pop(L, 1);
  }
  put_text(&f, "--");
  put_text(&f, f.boundary);
  put_text(&f, "--\r\n");
  d->request.has_body = true;
  d->request.is_multipart = true;
  if (d->request.upload.n_files > 0) llg_draft_takes_long(d);
}
