/*
** answers.h - what the bench server says: complete HTTP answers, made once at start, so
** that serving them costs little more than the system call.
*/
#ifndef LLG_BENCH_ANSWERS_H
#define LLG_BENCH_ANSWERS_H

#include <stddef.h>

enum {
  EVENT_TEXT_BYTES = 9, /* the text in it */
  BLOCK_EVENTS = 256,   /* events in a block */
  KINDS = 3,            /* of streams: plain, padded, counted */
  VECTORS = 256,        /* in one embeddings answer */
  DIMENSIONS = 1536,    /* of each of them */
  TAIL_ROOM = 1024,     /* enough for answers_tail */
};

struct span {
  const char *bytes;
  size_t len;
};

/* BLOCK_EVENTS events, each in an HTTP chunk of its own. */
struct block {
  const char
    *name; /* "plain": alike but for the text; "padded": with `obfuscation` of another
                       length in each, as api.openai.com; "counted": with another id, usage and
                       timings in each, as gateways and llama.cpp */
  struct span all;
  size_t ends[BLOCK_EVENTS + 1]; /* ends[i]: the bytes of the first i events */
};

struct answers {
  struct span chat;              /* a small plain completion */
  struct span embeddings_base64; /* VECTORS x DIMENSIONS, as base64 strings */
  struct span embeddings_float;  /* the same vectors as lists of numbers */
  struct span models;
  struct span missing;     /* a 404 with an error object */
  struct span stream_head; /* the header of a stream and its first event, the role */
  struct block blocks[KINDS];
};

/* Fill it in; 0, or -1 when out of memory. Everything lives until the process ends. */
int answers_make(struct answers *a);

/* The end of a stream of n_events: finish_reason, usage, [DONE], and the last HTTP chunk.
** Returns the length. */
size_t answers_tail(char out[TAIL_ROOM], long n_events);

/* A small 200 with a JSON body that is made on the spot. Returns the length. */
size_t answers_json(char *out, size_t room, const char *json);

#endif
