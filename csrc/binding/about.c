#include "about.h"

#include <string.h>
#include <strings.h>

#include "client.h"

/* What is told: copied before Lua may run. */
struct way {
  char proxy[256];
  bool has_key;
  bool is_local; /* through a Unix socket */
  bool tls_verify;
};

static bool sends(const struct llg_header_list *list, const char *name) {
  size_t n = strlen(name);
  for (size_t i = 0; i < list->count; i++)
    if (strncasecmp(list->entries[i], name, n) == 0 && list->entries[i][n] == ':')
      return true;
  return false;
}

/* client:about() -> table: nothing in it is secret, a proxy comes as host and port */
static int client_about(lua_State *L) {
  struct way way = { .proxy = "" };
  struct llg_profile *p = llg_take_profile(L, 1, "check");
  const struct llg_transport *t = &p->settings->transport;
  if (t->proxy != NULL) llg_url_host(t->proxy, way.proxy, sizeof way.proxy);
  way.is_local = t->unix_socket != NULL;
  way.tls_verify = t->tls_verify;
  way.has_key = sends(
    &p->settings->headers, p->key_header != NULL ? p->key_header : "Authorization");
  llg_profile_unref(p);
  lua_createtable(L, 0, 4);
  if (way.proxy[0] != '\0') {
    lua_pushstring(L, way.proxy);
    lua_setfield(L, -2, "proxy");
  }
  lua_pushboolean(L, way.has_key);
  lua_setfield(L, -2, "key");
  lua_pushboolean(L, way.is_local);
  lua_setfield(L, -2, "unix_socket");
  lua_pushboolean(L, way.tls_verify);
  lua_setfield(L, -2, "tls_verify");
  return 1;
}

void llg_open_about(lua_State *L) {
  luaL_getmetatable(L, LLG_CLIENT_CLASS);
  lua_getfield(L, -1, "__index");
  lua_pushcfunction(L, client_about);
  lua_setfield(L, -2, "about");
  lua_pop(L, 2);
}
