#include "protocol.h"

#include <string.h>

/* What the events of a protocol begin with, and the last of them; NULL: [DONE] is. */
static const struct protocol {
  const char *prefix, *ends[3];
} protocols[] = {
  { "response.", { "response.completed", "response.incomplete", NULL } },
  { "image_generation.", { "image_generation.completed", NULL } },
  { "image_edit.", { "image_edit.completed", NULL } },
  { "transcript.", { "transcript.text.done", NULL } },
  { "speech.", { "speech.audio.done", NULL } },
  { "message_", { "message_stop", NULL } },
  { "thread.", { NULL } },
};

static void note_type(struct llg_protocol *p, const char *type, size_t n) {
  for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++) {
    const struct protocol *known = &protocols[i];
    size_t len = strlen(known->prefix);
    if (n < len || memcmp(type, known->prefix, len) != 0) continue;
    p->is_known = true;
    for (const char *const *end = known->ends; *end != NULL; end++)
      if (strlen(*end) == n && memcmp(type, *end, n) == 0) p->ended = true;
  }
}

/* Push the field of the table on top of the stack, nil where there is no table. */
static int field(lua_State *L, const char *name) {
  if (!lua_istable(L, -1)) {
    lua_pushnil(L);
    return LUA_TNIL;
  }
  lua_pushstring(L, name);
  lua_rawget(L, -2);
  return lua_type(L, -1);
}

void llg_protocol_note(lua_State *L, struct llg_protocol *p, const char *name, size_t n) {
  size_t type_n = 0;
  if (n > 0) note_type(p, name, n);
  if (field(L, "type") == LUA_TSTRING) {
    const char *type = lua_tolstring(L, -1, &type_n);
    note_type(p, type, type_n);
  }
  lua_pop(L, 1);
  if (field(L, "choices") == LUA_TTABLE) p->is_known = p->is_chat = true;
  lua_pop(L, 1);
}

bool llg_protocol_may_fail(lua_State *L, const struct llg_protocol *p) {
  static const char *const failures[] = { "error", "response.failed" };
  bool may = p->is_chat;
  const char *type = field(L, "type") == LUA_TSTRING ? lua_tostring(L, -1) : "";
  for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
    may = may || strcmp(type, failures[i]) == 0;
  lua_pop(L, 1);
  may = field(L, "error") != LUA_TNIL || may;
  lua_pop(L, 1);
  return may;
}
