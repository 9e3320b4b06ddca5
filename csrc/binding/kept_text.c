#include "kept_text.h"

#include <string.h>

#include "json/decode.h"

void llg_kept_text_init(struct llg_kept_text *kept) {
  memset(kept, 0, sizeof *kept);
  llg_buffer_init(&kept->bytes, LLG_MAX_EVENT_BYTES);
  llg_buffer_init(&kept->event, LLG_MAX_EVENT_BYTES);
}

void llg_kept_text_free(struct llg_kept_text *kept) {
  llg_buffer_free(&kept->bytes);
  llg_buffer_free(&kept->event);
}

bool llg_has_kept(const struct llg_kept_text *kept) {
  return kept->bytes.len > 0 || kept->n_strings > 0 || kept->event.len > 0;
}

bool llg_can_keep(const struct llg_kept_text *kept, long choice) {
  return kept->is_wanted && (kept->choice == choice || !llg_has_kept(kept));
}

bool llg_keep(
  struct llg_kept_text *kept, long choice, const char *text, size_t n,
  const struct llg_event *event) {
  enum llg_status status = LLG_OK;
  size_t room = event != NULL ? event->data_len : 0;
  if (room > 0) llg_buffer_clear(&kept->event);
  if (room > 0 && llg_buffer_reserve(&kept->event, room, &status) == NULL) return false;
  if (llg_buffer_append(&kept->bytes, text, n) != LLG_OK) return false;
  if (room > 0) llg_buffer_append(&kept->event, event->data, room);
  kept->choice = choice;
  return true;
}

/* Push the list of strings. Collects nothing. */
static void push_list(lua_State *L, int index, int slot) {
  llg_getuservalue(L, index);
  lua_rawgeti(L, -1, slot);
  lua_remove(L, -2);
}

/* The bytes as one more string in the list. All that may run a finalizer comes first: one may take
** what is kept, and then there is nothing left to do. */
static void add_string(lua_State *L, int index, int slot, struct llg_kept_text *kept) {
  int top = lua_gettop(L);
  unsigned n_takes = kept->n_takes;
  size_t n = kept->bytes.len;
  if (n == 0) return;
  char *copy = llg_newuserdata(L, n);
  if (kept->n_takes == n_takes) {
    memcpy(copy, llg_buffer_bytes(&kept->bytes), n);
    lua_pushlstring(L, copy, n);
    lua_newtable(L);
  }
  if (kept->n_takes == n_takes) {
    if (kept->n_strings == 0) {
      llg_getuservalue(L, index);
      lua_insert(L, -2);
      lua_rawseti(L, -2, slot);
    }
    push_list(L, index, slot);
    lua_pushvalue(L, top + 2);
    lua_rawseti(L, -2, ++kept->n_strings);
    llg_buffer_consume(&kept->bytes, n);
  }
  lua_settop(L, top);
}

void llg_kept_settle(lua_State *L, int index, int slot, struct llg_kept_text *kept) {
  if (kept->bytes.len < LLG_KEPT_TEXT_BYTES) return;
  luaL_checkstack(L, 8, "text");
  add_string(L, index, slot, kept);
}

/* Remove choices[1].delta.content of the chunk on top of the stack. */
static void drop_text(lua_State *L) {
  lua_pushliteral(L, "choices");
  lua_rawget(L, -2);
  lua_rawgeti(L, -1, 1);
  lua_pushliteral(L, "delta");
  lua_rawget(L, -2);
  lua_pushliteral(L, "content");
  lua_pushnil(L);
  lua_rawset(L, -3);
  lua_pop(L, 3);
}

/* Push the event as a chunk without its text, or nil. */
static void push_event(lua_State *L, struct llg_kept_text *kept) {
  struct llg_failure failure;
  unsigned n_takes = kept->n_takes;
  size_t n = kept->event.len;
  lua_pushnil(L);
  if (n == 0) return;
  char *copy = llg_newuserdata(L, n);
  if (kept->n_takes != n_takes || kept->event.len != n) {
    lua_pop(L, 1);
    return;
  }
  memcpy(copy, llg_buffer_bytes(&kept->event), n);
  if (llg_json_decode(L, copy, n, &failure)) {
    drop_text(L);
    lua_replace(L, -3);
  }
  lua_pop(L, 1);
}

int llg_take_kept(lua_State *L, int index, int slot, struct llg_kept_text *kept) {
  int top = lua_gettop(L); /* the event comes above it */
  luaL_checkstack(L, 12, "text");
  if (!llg_has_kept(kept)) return 0;
  push_event(L, kept);
  add_string(L, index, slot, kept);
  lua_newtable(L);
  if (!llg_has_kept(kept)) return 0; /* a finalizer took it meanwhile */
  if (kept->n_strings > 0) push_list(L, index, slot);
  llg_buffer_clear(&kept->event);
  kept->n_strings = 0;
  kept->n_takes++;
  lua_pushinteger(L, kept->choice + 1);
  lua_pushvalue(L, top + 1);
  return 3;
}
