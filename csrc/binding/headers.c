#include "headers.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "../core/base/memory.h"
#include "object.h"
#include "options.h"

static void set_checked(
  lua_State *L, const char *function, const char *argument, struct llg_header_list *list,
  const char *name, size_t name_len, const char *value, size_t value_len) {
  const char *flaw = llg_header_flaw(name, name_len, value, value_len);
  if (flaw != NULL) llg_arg_error(L, function, argument, flaw);
  llg_check_status(
    L, llg_header_list_set(list, name, name_len, value, value_len), "the header list");
}

void llg_set_header(
  lua_State *L, const char *function, const char *argument, struct llg_header_list *list,
  const char *name, const char *value) {
  set_checked(L, function, argument, list, name, strlen(name), value, strlen(value));
}

static bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/* A key file of an editor ends with a line break, or begins with a mark that nobody sees. */
static void check_key(lua_State *L, const char *function, const char *key, size_t n) {
  if (n == 0) llg_arg_error(L, function, "api_key", "it is empty");
  const char *flaw = llg_header_flaw("Authorization", 13, key, n);
  if (flaw != NULL) llg_arg_error(L, function, "api_key", flaw);
  if (n >= 3 && memcmp(key, "\xEF\xBB\xBF", 3) == 0)
    llg_arg_error(L, function, "api_key", "it begins with a byte order mark");
  for (size_t i = 0; i < n; i++)
    if (key[i] <= ' ' || key[i] > '~')
      llg_arg_error(
        L, function, "api_key", "it contains a blank or a character that is not ASCII");
}

void llg_set_key(
  lua_State *L, const char *function, struct llg_header_list *list, const char *field,
  const char *key) {
  const char *scheme = field == NULL ? "Bearer " : "";
  if (field == NULL) field = "Authorization";
  if (key == NULL) {
    llg_check_status(
      L, llg_header_list_set(list, field, strlen(field), NULL, 0), "headers");
    return;
  }
  size_t n = strlen(key), n_scheme = strlen(scheme);
  for (; is_blank(key[0]); n--)
    key++;
  while (n > 0 && is_blank(key[n - 1]))
    n--;
  check_key(L, function, key, n);
  /* Not a Lua string: those are never wiped. */
  size_t room = n_scheme + n + 1;
  char *value = lua_newuserdata(L, room);
  memcpy(value, scheme, n_scheme);
  memcpy(value + n_scheme, key, n);
  value[room - 1] = '\0';
  llg_set_header(L, function, "api_key", list, field, value);
  llg_wipe(value, room);
  lua_pop(L, 1);
}

/* Whether two names are one but for the case of ASCII letters. */
static bool same_name(const char *a, const char *lower) {
  for (; *a != '\0' && *lower != '\0'; a++, lower++) {
    bool upper = *a >= 'A' && *a <= 'Z';
    if ((upper ? *a - 'A' + 'a' : *a) != *lower) return false;
  }
  return *a == *lower;
}

/* What libcurl makes cannot be taken off the list, since it is not on it. */
static void remove_header(
  lua_State *L, const char *function, const char *argument, struct llg_header_list *list,
  const char *name, size_t name_len) {
  const char *value = NULL;
  if (same_name(name, "host") || same_name(name, "content-length"))
    llg_arg_error(L, function, argument, "HTTP cannot do without it");
  if (same_name(name, "accept-encoding")) value = "identity";
  llg_check_status(
    L,
    llg_header_list_set(list, name, name_len, value, value != NULL ? strlen(value) : 0),
    argument);
}

void llg_read_headers(
  lua_State *L, int options, const char *function, struct llg_header_list *list) {
  if (!lua_istable(L, options)) return;
  llg_push_field(L, options, "headers");
  if (!lua_istable(L, -1)) {
    lua_pop(L, 1);
    return;
  }
  llg_own_table(L, -1);
  lua_pushnil(L);
  while (lua_next(L, -2)) {
    char argument[96];
    size_t name_len = 0, value_len = 0;
    if (lua_type(L, -2) != LUA_TSTRING)
      llg_arg_error(L, function, "headers", "its keys must be names of headers");
    const char *name = lua_tolstring(L, -2, &name_len);
    snprintf(argument, sizeof argument, "headers.%s", name);
    for (char *c = argument; *c != '\0'; c++)
      if ((unsigned char)*c < ' ' || *c == 127) *c = '?';
    if (lua_isboolean(L, -1) && !lua_toboolean(L, -1)) {
      remove_header(L, function, argument, list, name, name_len);
    } else {
      if (!lua_isstring(L, -1))
        llg_type_error(L, function, argument, "string or false", -1);
      const char *value = lua_tolstring(L, -1, &value_len);
      set_checked(L, function, argument, list, name, name_len, value, value_len);
    }
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}
