#include "sse_field.h"

#include <string.h>

static const struct {
  const char *name;
  size_t len;
} fields[LLG_SSE_N_FIELDS] = {
  [LLG_SSE_DATA] = { "data", 4 },
  [LLG_SSE_EVENT] = { "event", 5 },
  [LLG_SSE_ID] = { "id", 2 },
  [LLG_SSE_RETRY] = { "retry", 5 },
};

enum llg_sse_field llg_sse_field_of(const char *name, size_t n) {
  int i = 0;
  while (i < LLG_SSE_N_FIELDS
         && (fields[i].len != n || memcmp(fields[i].name, name, n) != 0))
    i++;
  return (enum llg_sse_field)i;
}

int64_t llg_sse_retry_ms(const char *digits, size_t n) {
  int64_t ms = 0;
  if (n == 0 || n > LLG_SSE_MAX_RETRY_DIGITS) return -1;
  for (size_t i = 0; i < n; i++) {
    if (digits[i] < '0' || digits[i] > '9') return -1;
    ms = ms * 10 + (digits[i] - '0');
  }
  return ms;
}
