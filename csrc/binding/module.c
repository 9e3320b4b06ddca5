/* module.c - luaopen_lualogue_core: the parts, one after the other. */
#include "../core/http/features.h"
#include "about.h"
#include "attempts.h"
#include "base64.h"
#include "bytes.h"
#include "call.h"
#include "client.h"
#include "command.h"
#include "connections.h"
#include "digest.h"
#include "embeddings.h"
#include "events.h"
#include "exchange.h"
#include "file.h"
#include "folder.h"
#include "json/json.h"
#include "json/library.h"
#include "known_reply.h"
#include "log_file.h"
#include "object.h"
#include "pool.h"
#include "reel.h"
#include "stream.h"
#include "terminal.h"
#include "vector.h"

#if defined(_WIN32)
#define LLG_EXPORT __declspec(dllexport)
#else
#define LLG_EXPORT __attribute__((visibility("default")))
#endif

LLG_EXPORT int luaopen_lualogue_core(lua_State *L);

/* Read from the file by lualogue.loader when the module cannot be loaded. */
#define MARK "lualogue.core is built for "
static const char built_for[] = MARK LLG_LUA_VERSION;

static void set_flag(lua_State *L, const char *name, bool value) {
  lua_pushboolean(L, value);
  lua_setfield(L, -2, name);
}

/* What a user of this libcurl should know: a list of sentences, nearly always empty. */
static void push_warnings(lua_State *L, const struct llg_features *f) {
  lua_newtable(L);
  if (f->dns_never_blocks) return;
  lua_pushliteral(
    L, "this libcurl may wait for a name lookup when a call is cancelled or runs out of "
       "time; 7.87 and later do not");
  lua_rawseti(L, -2, 1);
}

/* core.features() -> table: what this build and the libcurl that is loaded can do */
static int core_features(lua_State *L) {
  struct llg_features f;
  llg_features_get(&f);
  lua_createtable(L, 0, 16);
  lua_pushstring(L, f.libcurl);
  lua_setfield(L, -2, "libcurl");
  lua_pushstring(L, f.tls);
  lua_setfield(L, -2, "tls");
  lua_pushstring(L, built_for + sizeof MARK - 1);
  lua_setfield(L, -2, "built_for");
  lua_pushliteral(L, LLG_VERSION);
  lua_setfield(L, -2, "version");
  struct llg_failure none;
  lua_pushstring(L, llg_json_library(L, &none)); /* NULL is pushed as nil */
  lua_setfield(L, -2, "json");
  set_flag(L, "http2", f.http2);
  set_flag(L, "http2_by_default", f.http2_by_default);
  set_flag(L, "gzip", f.gzip);
  set_flag(L, "brotli", f.brotli);
  set_flag(L, "zstd", f.zstd);
  set_flag(L, "https_proxy", f.https_proxy);
  set_flag(L, "unix_sockets", f.unix_sockets);
  set_flag(L, "idn", f.idn);
  set_flag(L, "async_dns", f.async_dns);
  set_flag(L, "dns_never_blocks", f.dns_never_blocks);
  push_warnings(L, &f);
  lua_setfield(L, -2, "warnings");
  return 1;
}

int luaopen_lualogue_core(lua_State *L) {
  static void (*const parts[])(lua_State *) = {
    llg_open_errors,        llg_open_json,     llg_open_vector,   llg_open_embeddings,
    llg_open_pool,          llg_open_exchange, llg_open_stream,   llg_open_events,
    llg_open_client,        llg_open_calls,    llg_open_base64,   llg_open_connections,
    llg_open_file,          llg_open_reel,     llg_open_digest,   llg_open_folder,
    llg_open_attempts,      llg_open_terminal, llg_open_log_file, llg_open_command,
    llg_open_known_replies, llg_open_bytes,    llg_open_about,
  };
  llg_check_lua(L);
  lua_newtable(L);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    parts[i](L);
  lua_pushcfunction(L, core_features);
  lua_setfield(L, -2, "features");
  return 1;
}
