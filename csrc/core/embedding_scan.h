/*
** embedding_scan.h - find the base64 strings in the body of an embeddings reply without
** reading them character by character.
**
** Such a body is megabytes of data[i].embedding strings with a few words between them.
** The scan hops over every string with memchr, hands out where the embeddings lie, and
** writes `rest`: the same JSON with each of them replaced by its number (0, 1, ...),
** small enough for any JSON decoder. Linear time; memory for the rest and 16 bytes per
** string.
**
** It does not validate: whatever is wrong with the body is still wrong with the rest, for
** the decoder to find, except inside the strings handed out. A body in which a number
** could be mistaken for one of ours, or that is in any other way not what servers send
** (an escape in an embedding or in a key, an embedding that is a list), is left to the
** full way.
*/
#ifndef LLG_EMBEDDING_SCAN_H
#define LLG_EMBEDDING_SCAN_H

#include "buffer.h"

/* Shorter strings stay in the rest: nothing is gained by them, and so the rest is never
** longer than the body. */
#define LLG_EMBEDDING_SPAN_MIN 32

struct llg_embedding_span {
  size_t offset; /* of the first character, behind the quote */
  size_t n;      /* characters before the closing quote: no quote, no backslash */
};

/* Zeroed memory is a valid empty scan. */
struct llg_embedding_scan {
  struct llg_embedding_span *spans; /* n_spans of them, in the order of the body */
  size_t n_spans;
  size_t capacity;
  struct llg_buffer rest; /* empty until a scan succeeded */
};

/* Scan n bytes, once per struct. LLG_OK: spans and rest are valid (there may be no span).
** LLG_DECODE: take the full way. LLG_NOMEM, LLG_LIMIT: as they say. Whatever is returned,
** llg_embedding_scan_free is due. */
enum llg_status
llg_embedding_scan(struct llg_embedding_scan *scan, const char *body, size_t n);

/* Give everything back; may be called twice. */
void llg_embedding_scan_free(struct llg_embedding_scan *scan);

#endif
