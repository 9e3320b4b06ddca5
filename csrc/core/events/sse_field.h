/*
** sse_field.h - the fields that a line of an event stream may be of.
*/
#ifndef LLG_SSE_FIELD_H
#define LLG_SSE_FIELD_H

#include <stddef.h>
#include <stdint.h>

/* The fields of the standard. */
enum llg_sse_field {
  LLG_SSE_DATA,
  LLG_SSE_EVENT,
  LLG_SSE_ID,
  LLG_SSE_RETRY,
  LLG_SSE_N_FIELDS, /* none of them */
};

enum {
  LLG_SSE_MAX_NAME = 5,          /* "event", "retry" */
  LLG_SSE_MAX_RETRY_DIGITS = 18, /* fits an int64_t */
};

/* The field of this name. */
enum llg_sse_field llg_sse_field_of(const char *name, size_t n);

/* The milliseconds of a `retry`; -1 if it is not a number. */
int64_t llg_sse_retry_ms(const char *digits, size_t n);

#endif
