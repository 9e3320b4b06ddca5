#include "choices.h"

#include "brings.h"

/* `brings`: content, which takes back a finish_reason that came too early. */
static void note(struct llg_choices *c, int64_t choice, bool finished, bool brings) {
  c->brought = c->brought || finished || brings;
  if (choice < 0) return;
  if (choice >= LLG_CHOICES_NOTED) {
    c->beyond = true;
    return;
  }
  uint64_t bit = UINT64_C(1) << choice % 64;
  c->seen[choice / 64] |= bit;
  if (finished)
    c->finished[choice / 64] |= bit;
  else if (brings)
    c->finished[choice / 64] &= ~bit;
}

void llg_choices_note_text(struct llg_choices *c, int64_t choice, size_t n) {
  note(c, choice, false, n > 0);
}

void llg_choices_note(lua_State *L, struct llg_choices *c) {
  lua_getfield(L, -1, "choices");
  for (int i = 1; lua_istable(L, -1); i++) {
    lua_rawgeti(L, -1, i);
    if (!lua_istable(L, -1)) {
      lua_pop(L, 1);
      break;
    }
    bool finished = llg_choice_reason(L);
    if (finished) lua_pop(L, 1);
    bool brings = llg_choice_brings(L, true);
    lua_getfield(L, -1, "index");
    note(c, lua_tointeger(L, -1), finished, brings);
    lua_pop(L, 1);
    c->brought = c->brought || llg_choice_brings(L, false);
    lua_pop(L, 1);
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
