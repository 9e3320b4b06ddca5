#include "player.h"

#include <stdio.h>

#include "../base/memory.h"
#include "headers.h"

struct llg_player *llg_player_new(struct llg_tape *tape, const struct llg_deck *deck) {
  struct llg_player *p = llg_calloc(1, sizeof *p);
  if (p == NULL) return NULL;
  p->tape = llg_tape_ref(tape);
  p->speed = deck->speed;
  p->split = deck->split;
  p->start_ms = -1;
  return p;
}

void llg_player_free(struct llg_player *p) {
  if (p == NULL) return;
  llg_ring_remove(&p->ring);
  llg_tape_unref(p->tape);
  llg_free(p);
}

static const struct llg_cut *next_cut(const struct llg_player *p) {
  size_t n = p->tape->cuts.len / sizeof(struct llg_cut);
  const void *cuts = llg_buffer_bytes(&p->tape->cuts);
  return p->cut < n ? (const struct llg_cut *)cuts + p->cut : NULL;
}

int64_t llg_player_due_ms(const struct llg_player *p) {
  if (p->paused || p->ended) return INT64_MAX;
  if (p->speed <= 0) return p->start_ms;
  const struct llg_cut *cut = next_cut(p);
  bool has_head = p->tape->http_status != 0;
  int64_t ms = !p->head_done && has_head ? p->tape->head_ms
               : cut != NULL             ? cut->ms
                                         : p->tape->end_ms;
  return p->start_ms + (int64_t)((double)ms / p->speed);
}

static void end(struct llg_player *p, CURLcode code) {
  p->ended = true;
  p->code = code;
}

/* The callbacks want bytes that they might change; they do not. */
static size_t call(curl_write_callback fn, const char *bytes, size_t n, void *transfer) {
  return fn((char *)(uintptr_t)bytes, 1, n, transfer);
}

static bool play_line(struct llg_player *p, const char *line, size_t n) {
  return call(p->on_header, line, n, p->transfer) == n;
}

static bool play_head(struct llg_player *p) {
  char line[64];
  const char *name, *value;
  size_t name_len, value_len, at = 0;
  int n = snprintf(line, sizeof line, "HTTP/1.1 %d\r\n", p->tape->http_status);
  p->head_done = true;
  if (!play_line(p, line, (size_t)n)) return false;
  while (llg_headers_next(&p->tape->headers, &at, &name, &name_len, &value, &value_len)) {
    struct llg_buffer field;
    llg_buffer_init(&field, LLG_MAX_HEADER_BYTES + 8);
    bool ok = llg_buffer_append(&field, name, name_len) == LLG_OK
              && llg_buffer_append(&field, ": ", 2) == LLG_OK
              && llg_buffer_append(&field, value, value_len) == LLG_OK
              && llg_buffer_append(&field, "\r\n", 2) == LLG_OK
              && play_line(p, llg_buffer_bytes(&field), field.len);
    llg_buffer_free(&field);
    if (!ok) return false;
  }
  return play_line(p, "\r\n", 2);
}

static void play_piece(struct llg_player *p, const struct llg_cut *cut) {
  size_t n = cut->n - p->in_cut;
  if (p->split > 0 && n > p->split) n = p->split;
  size_t taken = call(
    p->on_body, llg_buffer_bytes(&p->tape->body) + p->at, n, p->transfer);
  if (taken == CURL_WRITEFUNC_PAUSE) {
    p->paused = true;
    return;
  }
  if (taken != n) {
    end(p, CURLE_WRITE_ERROR);
    return;
  }
  p->at += n;
  p->in_cut += n;
  if (p->in_cut < cut->n) return;
  p->in_cut = 0;
  p->cut++;
}

void llg_player_run(struct llg_player *p, int64_t now_ms) {
  if (p->start_ms < 0) p->start_ms = now_ms;
  while (llg_player_due_ms(p) <= now_ms) {
    const struct llg_cut *cut = next_cut(p);
    if (!p->head_done && p->tape->http_status != 0) {
      if (!play_head(p)) end(p, CURLE_WRITE_ERROR);
    } else if (cut != NULL) {
      play_piece(p, cut);
    } else {
      end(p, p->tape->failure.status == LLG_OK ? CURLE_OK : CURLE_RECV_ERROR);
    }
  }
}

void llg_player_timing(const struct llg_player *p, struct llg_timing *timing) {
  *timing = (struct llg_timing){ .http_version = p->head_done ? 11 : 0 };
  if (p->head_done) timing->first_byte_us = p->tape->head_ms * 1000;
  timing->total_us = p->tape->end_ms * 1000;
  timing->received_bytes = (int64_t)p->at;
}
