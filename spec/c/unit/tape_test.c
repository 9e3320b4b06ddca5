#include "core/base/memory.h"
#include "core/http/headers.h"
#include "core/http/player.h"
#include "core/http/tape.h"
#include "test.h"

/* What a player said, until `room` bytes were taken: then it is paused. */
struct heard {
  char text[256];
  size_t n;
  size_t room;
  size_t n_calls;
};

static size_t hear(char *bytes, size_t size, size_t n, void *user) {
  struct heard *h = user;
  n *= size;
  if (n > h->room) return CURL_WRITEFUNC_PAUSE;
  memcpy(h->text + h->n, bytes, n);
  h->n += n;
  h->room -= n;
  h->n_calls++;
  return n;
}

static struct llg_tape *tape_of(const char *first, const char *second) {
  struct llg_tape *tape = llg_tape_new();
  if (tape == NULL) return NULL;
  tape->http_status = 200;
  tape->head_ms = 10;
  tape->end_ms = 40;
  bool ok = llg_headers_feed(&tape->headers, "x-request-id: a", 15) == LLG_OK
            && llg_tape_add(tape, 20, first, strlen(first)) == LLG_OK
            && llg_tape_add(tape, 30, second, strlen(second)) == LLG_OK;
  if (ok) return tape;
  llg_tape_unref(tape);
  return NULL;
}

static struct llg_player *
player_of(struct llg_tape *tape, struct llg_deck *deck, struct heard *h) {
  struct llg_player *p = llg_player_new(tape, deck);
  memset(h, 0, sizeof *h);
  h->room = sizeof h->text;
  p->on_body = p->on_header = hear;
  p->transfer = h;
  return p;
}

#define HEAD "HTTP/1.1 200\r\nx-request-id: a\r\n\r\n"

static void at_once(void) {
  struct llg_tape *tape = tape_of("Hel", "lo");
  struct llg_deck *deck = llg_deck_new();
  struct heard h;
  struct llg_player *p = player_of(tape, deck, &h);
  llg_player_run(p, 1000);
  CHECK(p->ended && p->code == CURLE_OK);
  CHECK_BYTES(h.text, h.n, HEAD "Hello");
  CHECK_INT(h.n_calls, 5);
  llg_player_free(p);
  deck->split = 1;
  p = player_of(tape, deck, &h);
  llg_player_run(p, 1000);
  CHECK_BYTES(h.text, h.n, HEAD "Hello");
  CHECK_INT(h.n_calls, 8);
  llg_player_free(p);
  llg_deck_unref(deck);
  llg_tape_unref(tape);
}

static void in_time(void) {
  struct llg_tape *tape = tape_of("Hel", "lo");
  struct llg_deck *deck = llg_deck_new();
  struct heard h;
  deck->speed = 2;
  struct llg_player *p = player_of(tape, deck, &h);
  static const int at[] = { 0, 4, 5, 9, 10, 15, 19, 20 };
  static const size_t heard[] = { 0, 0, 33, 33, 36, 38, 38, 38 };
  for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
    llg_player_run(p, 1000 + at[i]);
    CHECK_INT(h.n, heard[i]);
    CHECK_INT(p->ended, at[i] == 20);
  }
  CHECK_INT(llg_player_due_ms(p), INT64_MAX);
  llg_player_free(p);
  llg_deck_unref(deck);
  llg_tape_unref(tape);
}

static void paused(void) {
  struct llg_tape *tape = tape_of("Hel", "lo");
  struct llg_deck *deck = llg_deck_new();
  struct heard h;
  struct llg_player *p = player_of(tape, deck, &h);
  tape->failure.status = LLG_CONNECTION;
  h.room = strlen(HEAD) + 4;
  llg_player_run(p, 1000);
  CHECK(p->paused && !p->ended);
  CHECK_BYTES(h.text, h.n, HEAD "Hel");
  llg_player_run(p, 2000);
  CHECK_BYTES(h.text, h.n, HEAD "Hel");
  h.room = 100;
  p->paused = false;
  llg_player_run(p, 2000);
  CHECK_BYTES(h.text, h.n, HEAD "Hello");
  CHECK(p->ended && p->code == CURLE_RECV_ERROR);
  llg_player_free(p);
  llg_deck_unref(deck);
  llg_tape_unref(tape);
}

static void once_each(void) {
  struct llg_deck *deck = llg_deck_new();
  for (int i = 0; i < 9; i++) {
    struct llg_tape *tape = llg_tape_new();
    CHECK(llg_deck_add(deck, tape));
    llg_tape_unref(tape);
  }
  static const size_t wanted[] = { 8, 99, 2, 8 };
  struct llg_reel *reel = llg_reel_new(deck, wanted, 4);
  CHECK(llg_reel_take(reel) == deck->tapes[8]);
  CHECK(llg_reel_take(reel) == deck->tapes[2]);
  CHECK(llg_reel_take(reel) == NULL);
  CHECK(deck->used[2] && !deck->used[3]);
  llg_deck_unref(deck); /* the reel counts it */
  llg_reel_free(reel);
}

/* Recording under every failing allocation: what is kept is whole, or it is said to be lost. */
static void out_of_memory(void) {
  static const struct llg_failure none = { .status = LLG_OK };
  struct llg_buffer headers;
  llg_buffer_init(&headers, 1000);
  llg_headers_feed(&headers, "x-request-id: a", 15);
  bool done = false;
  for (long n = 1; !done && n < 100; n++) {
    llg_test_fail_at(n);
    struct llg_reel *reel = llg_reel_new(NULL, NULL, 0);
    llg_reel_begin(reel);
    llg_reel_head(reel, 1, 200, &headers);
    llg_reel_body(reel, 2, "Hel", 3);
    llg_reel_body(reel, 3, "lo", 2);
    llg_reel_end(reel, 4, &none, false);
    llg_test_fail_at(0);
    if (reel == NULL) continue;
    done = !reel->lost;
    CHECK(reel->lost == (reel->first == NULL));
    if (done)
      CHECK_BYTES(llg_buffer_bytes(&reel->first->body), reel->first->body.len, "Hello");
    llg_reel_free(reel);
  }
  CHECK(done);
  llg_buffer_free(&headers);
}

int main(void) {
  RUN(at_once);
  RUN(in_time);
  RUN(paused);
  RUN(once_each);
  RUN(out_of_memory);
  return TEST_END();
}
