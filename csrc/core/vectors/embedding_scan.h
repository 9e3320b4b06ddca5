/*
** embedding_scan.h - take the numbers of an embeddings reply out of its body, so that a
** JSON decoder sees the little that is left.
**
** Such a body is megabytes of data[i].embedding, base64 strings or lists of numbers, with
** a few words between them. The scan hops over the strings with memchr and hands out
** where they lie, turns the lists into floats, and writes `rest`: the same JSON with each
** of them replaced by its number (0, 1, ...). Linear time; memory for the rest, the
** floats and 48 bytes per embedding.
**
** It does not validate: whatever is wrong with the body is still wrong with the rest, for
** the decoder to find, except inside the strings handed out. A body in which a number
** could be mistaken for one of ours, or that is in any other way not what servers send
** (an escape in an embedding or in a key, a list of other things), is left to the full
** way.
*/
#ifndef LLG_EMBEDDING_SCAN_H
#define LLG_EMBEDDING_SCAN_H

#include "../base/buffer.h"

/* What is shorter stays in the rest: nothing is gained by taking it, and so the rest is
** never longer than the body. */
#define LLG_EMBEDDING_SPAN_MIN 32

struct llg_embedding_span {
  size_t offset; /* of a string: the first character, behind the quote; of a list: '[' */
  size_t n;      /* characters, without the quotes or with both brackets */
  size_t first;  /* of a list: the place of its first float in `numbers` */
  size_t n_numbers; /* of a list: its floats; 0 for a string */
  size_t rest_at;   /* where its number stands in the rest ... */
  size_t rest_end;  /* ... and what is behind that */
};

/* Zeroed memory is a valid empty scan. */
struct llg_embedding_scan {
  struct llg_embedding_span *spans; /* n_spans of them, in the order of the body */
  size_t n_spans;
  size_t capacity;
  struct llg_buffer numbers; /* the floats of all lists */
  struct llg_buffer rest;    /* empty until a scan succeeded */
};

/* Scan n bytes, once per struct. LLG_OK: spans and rest are valid (there may be no span).
** LLG_DECODE: take the full way. LLG_NOMEM, LLG_LIMIT: as they say. Whatever is returned,
** llg_embedding_scan_free is due. */
enum llg_status
llg_embedding_scan(struct llg_embedding_scan *scan, const char *body, size_t n);

/* Give everything back; may be called twice. */
void llg_embedding_scan_free(struct llg_embedding_scan *scan);

#endif
