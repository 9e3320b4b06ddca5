#include "tape.h"

#include "../base/memory.h"

/* ---- tapes ---- */

struct llg_tape *llg_tape_new(void) {
  struct llg_tape *tape = llg_calloc(1, sizeof *tape);
  if (tape == NULL) return NULL;
  tape->refs = 1;
  llg_buffer_init(&tape->headers, LLG_MAX_HEADER_BYTES);
  llg_buffer_init(&tape->body, LLG_MAX_RESPONSE_BYTES);
  llg_buffer_init(&tape->cuts, LLG_MAX_RESPONSE_BYTES);
  return tape;
}

struct llg_tape *llg_tape_ref(struct llg_tape *tape) {
  tape->refs++;
  return tape;
}

void llg_tape_unref(struct llg_tape *tape) {
  if (tape == NULL || --tape->refs > 0) return;
  llg_buffer_free(&tape->headers);
  llg_buffer_free(&tape->body);
  llg_buffer_free(&tape->cuts);
  llg_free(tape);
}

enum llg_status
llg_tape_add(struct llg_tape *tape, int64_t ms, const char *bytes, size_t n) {
  struct llg_cut cut = { ms, n };
  size_t before = tape->body.len;
  if (n == 0) return LLG_OK;
  enum llg_status status = llg_buffer_append(&tape->body, bytes, n);
  if (status == LLG_OK) status = llg_buffer_append(&tape->cuts, &cut, sizeof cut);
  if (status != LLG_OK) tape->body.len = before;
  return status;
}

/* ---- decks ---- */

struct llg_deck *llg_deck_new(void) {
  struct llg_deck *deck = llg_calloc(1, sizeof *deck);
  if (deck != NULL) deck->refs = 1;
  return deck;
}

struct llg_deck *llg_deck_ref(struct llg_deck *deck) {
  deck->refs++;
  return deck;
}

void llg_deck_unref(struct llg_deck *deck) {
  if (deck == NULL || --deck->refs > 0) return;
  for (size_t i = 0; i < deck->n; i++)
    llg_tape_unref(deck->tapes[i]);
  llg_free(deck->tapes);
  llg_free(deck->used);
  llg_free(deck);
}

bool llg_deck_add(struct llg_deck *deck, struct llg_tape *tape) {
  size_t n = deck->n;
  if (
    (n & (n + 1))
    == 0) { /* 0, 1, 3, 7 ...: both have room for one less than a power of two */
    size_t room = 2 * n + 1;
    struct llg_tape **tapes = llg_realloc(deck->tapes, room * sizeof *tapes);
    if (tapes == NULL) return false;
    deck->tapes = tapes;
    bool *used = llg_realloc(deck->used, room * sizeof *used);
    if (used == NULL) return false;
    deck->used = used;
  }
  deck->tapes[n] = llg_tape_ref(tape);
  deck->used[n] = false;
  deck->n++;
  return true;
}

/* ---- reels ---- */

struct llg_reel *
llg_reel_new(struct llg_deck *deck, const size_t *wanted, size_t n_wanted) {
  struct llg_reel *reel = llg_calloc(1, sizeof *reel);
  if (reel == NULL) return NULL;
  reel->records = deck == NULL;
  if (n_wanted > 0) {
    reel->wanted = llg_malloc(n_wanted * sizeof *wanted);
    if (reel->wanted == NULL) {
      llg_free(reel);
      return NULL;
    }
    memcpy(reel->wanted, wanted, n_wanted * sizeof *wanted);
  }
  reel->n_wanted = n_wanted;
  if (deck != NULL) reel->deck = llg_deck_ref(deck);
  return reel;
}

void llg_reel_free(struct llg_reel *reel) {
  if (reel == NULL) return;
  llg_tape_unref(reel->current);
  while (reel->first != NULL) {
    struct llg_tape *next = reel->first->next;
    llg_tape_unref(reel->first);
    reel->first = next;
  }
  llg_deck_unref(reel->deck);
  llg_free(reel->wanted);
  llg_free(reel);
}

struct llg_tape *llg_reel_take(struct llg_reel *reel) {
  struct llg_deck *deck = reel->deck;
  for (size_t i = 0; i < reel->n_wanted; i++) {
    size_t number = reel->wanted[i];
    if (number >= deck->n || deck->used[number]) continue;
    deck->used[number] = true;
    return deck->tapes[number];
  }
  return NULL;
}

void llg_reel_drop(struct llg_reel *reel) {
  if (reel == NULL) return;
  llg_tape_unref(reel->current);
  reel->current = NULL;
}

/* What is not whole is not kept. */
static void lose(struct llg_reel *reel) {
  reel->lost = true;
  llg_reel_drop(reel);
}

void llg_reel_begin(struct llg_reel *reel) {
  if (reel == NULL || !reel->records) return;
  llg_reel_drop(reel);
  reel->current = llg_tape_new();
  if (reel->current == NULL) reel->lost = true;
}

void llg_reel_head(
  struct llg_reel *reel, int64_t ms, int http_status, const struct llg_buffer *headers) {
  struct llg_tape *tape = reel == NULL ? NULL : reel->current;
  if (tape == NULL) return;
  tape->http_status = http_status;
  tape->head_ms = ms;
  if (
    headers->len > 0
    && llg_buffer_append(&tape->headers, llg_buffer_bytes(headers), headers->len)
         != LLG_OK)
    lose(reel);
}

void llg_reel_body(struct llg_reel *reel, int64_t ms, const char *bytes, size_t n) {
  if (reel == NULL || reel->current == NULL) return;
  if (llg_tape_add(reel->current, ms, bytes, n) != LLG_OK) lose(reel);
}

void llg_reel_end(
  struct llg_reel *reel, int64_t ms, const struct llg_failure *failure, bool transient) {
  struct llg_tape *tape = reel == NULL ? NULL : reel->current;
  if (tape == NULL) return;
  tape->end_ms = ms;
  tape->failure = *failure;
  tape->transient = transient;
  reel->current = NULL;
  if (reel->first == NULL)
    reel->first = tape;
  else
    reel->last->next = tape;
  reel->last = tape;
}
