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

void llg_set_key(
  lua_State *L, const char *function, struct llg_header_list *list, const char *key) {
  static const char bearer[] = "Bearer ";
  size_t n = strlen(key) + sizeof bearer;
  /* Not a Lua string: those are never wiped. */
  char *value = lua_newuserdata(L, n);
  memcpy(value, bearer, sizeof bearer - 1);
  memcpy(value + sizeof bearer - 1, key, n - sizeof bearer + 1);
  llg_set_header(L, function, "api_key", list, "Authorization", value);
  llg_wipe(value, n);
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
