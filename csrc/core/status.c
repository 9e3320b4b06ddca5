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
  [LLG_NOMEM] = { "limit", "out of memory" },
};

const char *llg_status_kind(enum llg_status status) {
  return outcomes[status].kind;
}

const char *llg_status_text(enum llg_status status) {
  return outcomes[status].text;
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
  if (n < (int)sizeof f->message) return;
  size_t end = sizeof f->message - 1;
  while (end > 0 && ((unsigned char)f->message[end] & 0xC0) == 0x80)
    end--;
  size_t lead = end;
  while (lead > 0 && ((unsigned char)f->message[lead - 1] & 0xC0) == 0x80)
    lead--;
  if (lead > 0 && (unsigned char)f->message[lead - 1] >= 0xC0)
    f->message[lead - 1] = '\0';
}
