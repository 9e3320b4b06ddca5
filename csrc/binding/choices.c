#include "choices.h"

static void note(struct llg_choices *c, int64_t choice, bool finished) {
  if (choice < 0) return;
  if (choice >= LLG_CHOICES_NOTED) {
    c->beyond = true;
    return;
  }
  uint64_t bit = UINT64_C(1) << choice % 64;
  c->seen[choice / 64] |= bit;
  if (finished) c->finished[choice / 64] |= bit;
}

void llg_choices_note_text(struct llg_choices *c, int64_t choice) {
  note(c, choice, false);
}

/* Some servers send every field in every chunk, and empty strings for what is not there. */
static bool is_text(lua_State *L) {
  return lua_type(L, -1) == LUA_TSTRING && llg_rawlen(L, -1) > 0;
}

void llg_choices_note(lua_State *L, struct llg_choices *c) {
  lua_getfield(L, -1, "choices");
  for (int i = 1; lua_istable(L, -1); i++) {
    lua_rawgeti(L, -1, i);
    if (!lua_istable(L, -1)) {
      lua_pop(L, 1);
      break;
    }
    lua_getfield(L, -1, "index");
    lua_getfield(L, -2, "finish_reason");
    note(c, lua_tointeger(L, -2), is_text(L));
    lua_pop(L, 3);
  }
  lua_pop(L, 1);
}

bool llg_choices_are_finished(const struct llg_choices *c) {
  int64_t n = 0;
  if (c->beyond) return false;
  for (int i = 0; i < LLG_CHOICES_NOTED / 64; i++) {
    if ((c->seen[i] & ~c->finished[i]) != 0) return false;
    for (uint64_t bits = c->finished[i]; bits != 0; bits &= bits - 1)
      n++;
  }
  return n >= c->n_asked;
}
