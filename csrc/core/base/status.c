#include "status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
  const char *kind;
  const char *text;
} outcomes[] = {
  [LLG_OK] = { "ok", "no error" },
  [LLG_MORE] = { "ok", "not yet" },
  [LLG_API] = { "api", "the server refused the request" },
  [LLG_CONNECTION] = { "connection", "the connection failed" },
  [LLG_TLS] = { "tls", "the TLS handshake failed" },
  [LLG_TIMEOUT] = { "timeout", "the request timed out" },
  [LLG_CANCELLED] = { "cancelled", "the request was cancelled" },
  [LLG_TRUNCATED] = { "truncated", "the stream ended before it was complete" },
  [LLG_PROTOCOL] = { "protocol", "the server's answer is not what was asked for" },
  [LLG_DECODE] = { "decode", "the server's answer is not valid JSON" },
  [LLG_LIMIT] = { "limit", "a limit was reached" },
  [LLG_KEY] = { "key", "the key function gave no key" },
  [LLG_FILE] = { "file", "a file cannot be read or written" },
  [LLG_NOMEM] = { "limit", "out of memory" },
};

const char *llg_status_kind(enum llg_status status) {
  return outcomes[status].kind;
}

const char *llg_status_text(enum llg_status status) {
  return outcomes[status].text;
}

/* n less the bytes of a last UTF-8 character that is not all there. */
static size_t whole_characters(const char *s, size_t n) {
  size_t n_behind = 0;
  while (n_behind < 3 && n_behind < n
         && ((unsigned char)s[n - 1 - n_behind] & 0xC0) == 0x80)
    n_behind++;
  if (n_behind == n) return n;
  size_t lead = n - 1 - n_behind;
  unsigned char c = (unsigned char)s[lead];
  size_t n_bytes = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
  return lead + n_bytes > n ? lead : n;
}

void llg_failure_set(
  struct llg_failure *f, enum llg_status status, const char *phase, const char *format,
  ...) {
  va_list args;
  va_start(args, format);
  int n = vsnprintf(f->message, sizeof f->message, format, args);
  va_end(args);
  f->status = status;
  f->phase = phase;
  if (n < 0)
    f->message[0] = '\0';
  else if ((size_t)n >= sizeof f->message)
    f->message[whole_characters(f->message, sizeof f->message - 1)] = '\0';
}
