#include "send.h"

#include <stdio.h>

size_t llg_send_body(char *out, size_t size, size_t n, void *exchange) {
  struct llg_exchange *x = exchange;
  struct llg_failure failure = { .status = LLG_OK };
  size_t n_read = llg_upload_read(
    &x->request.upload, &x->request.body, out, size * n, &failure);
  if (failure.status == LLG_OK) return n_read;
  llg_exchange_fail(x, failure.status, "upload", "%s", failure.message);
  return CURL_READFUNC_ABORT;
}

/* A kept connection turned out to be gone, and the request goes out once more. */
int llg_send_again(void *exchange, curl_off_t offset, int origin) {
  struct llg_exchange *x = exchange;
  if (offset != 0 || origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
  llg_upload_rewind(&x->request.upload);
  return CURL_SEEKFUNC_OK;
}
