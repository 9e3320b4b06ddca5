#include "quick_text.h"

#include <string.h>

#include "held_event.h"

const struct llg_event_shape *llg_match_event(
  struct llg_handle *h, const struct llg_event *event, struct llg_shape_value *values) {
  if (!h->took_first || event->unterminated || event->name_len > 0) return NULL;
  return llg_event_shapes_match(&h->shapes, event->data, event->data_len, values);
}

/* The quick way for text: of the oldest event if it is of a known shape, looked at in its place in
** the queue, since nothing of Lua runs before it was taken. The length, 0 where it is another one. */
static size_t
quick_text(struct llg_handle *h, lua_Integer choice, char *out, size_t room) {
  struct llg_shape_value values[LLG_SHAPE_HOLES];
  struct llg_event event;
  if (h->n_waiting > 0 || h->has_bad) return 0;
  while (llg_event_queue_front(&h->x->events, &event)) {
    const struct llg_event_shape *shape = llg_match_event(h, &event, values);
    if (shape == NULL || shape->text_hole < 0 || shape->choice != choice) return 0;
    const struct llg_json_string *text = &values[shape->text_hole].text;
    if (text->len > room || !llg_can_keep(&h->kept, shape->choice)) return 0;
    size_t n = text->len;
    if (text->escaped)
      n = llg_json_unescape(text, out);
    else
      memcpy(out, text->bytes, n);
    if (!llg_keep(&h->kept, shape->choice, out, n, shape->has_rest ? &event : NULL))
      return 0;
    llg_choices_note_text(&h->choices, shape->choice, n);
    llg_drop_event(h);
    if (n > 0) return n; /* an empty piece is none */
  }
  return 0;
}

int llg_push_quick_text(
  lua_State *L, int index, struct llg_handle *h, lua_Integer choice) {
  char text[LLG_HELD_BYTES];
  size_t n = quick_text(h, choice, text, sizeof text);
  if (n == 0) return 0;
  lua_pushlstring(L, text, n);
  llg_kept_settle(L, index, LLG_KEPT_SLOT, &h->kept);
  lua_pushboolean(L, 1);
  return 2;
}
