#include "tls_warm.h"

#include <stdatomic.h>

#include "openssl.h"

bool llg_tls_warm(void) {
  static atomic_flag done = ATOMIC_FLAG_INIT;
  if (atomic_flag_test_and_set(&done)) return false;
  const void *(*method)(void);
  void *(*new_context)(const void *);
  void (*free_context)(void *);
  bool found = LLG_OPENSSL_FIND(method, "TLS_client_method")
               && LLG_OPENSSL_FIND(new_context, "SSL_CTX_new")
               && LLG_OPENSSL_FIND(free_context, "SSL_CTX_free");
  if (found) free_context(new_context(method()));
  return found;
}
