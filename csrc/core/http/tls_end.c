#include "tls_end.h"

#include <pthread.h>

#include "openssl.h"

enum {
  SSL_CB_READ_ALERT = 0x4004,
  WARNING_CLOSE_NOTIFY = 0x100, /* level 1, description 0 */
  APP_DATA = 0,                 /* the index of ex_data that is the application's */
};

static struct {
  void (*set_info_callback)(void *ctx, void (*callback)(const void *ssl, int, int));
  int (*set_ex_data)(void *ctx, int index, void *data);
  void *(*get_ex_data)(const void *ctx, int index);
  void *(*ctx_of)(const void *ssl);
  bool found;
} openssl;

static void on_info(const void *ssl, int where, int what) {
  if (where != SSL_CB_READ_ALERT || what != WARNING_CLOSE_NOTIFY) return;
  struct llg_tls_end *end = openssl.get_ex_data(openssl.ctx_of(ssl), APP_DATA);
  if (end != NULL) end->said = true;
}

/* libcurl makes a context for each connection. */
static CURLcode on_context(CURL *curl, void *ctx, void *user) {
  struct llg_tls_end *end = user;
  (void)curl;
  end->said = false;
  end->watched = openssl.set_ex_data(ctx, APP_DATA, end) == 1;
  if (end->watched) openssl.set_info_callback(ctx, on_info);
  return CURLE_OK;
}

static void find_openssl(void) {
  openssl.found = LLG_OPENSSL_FIND(openssl.set_info_callback, "SSL_CTX_set_info_callback")
                  && LLG_OPENSSL_FIND(openssl.set_ex_data, "SSL_CTX_set_ex_data")
                  && LLG_OPENSSL_FIND(openssl.get_ex_data, "SSL_CTX_get_ex_data")
                  && LLG_OPENSSL_FIND(openssl.ctx_of, "SSL_get_SSL_CTX");
}

void llg_tls_end_watch(CURL *curl, struct llg_tls_end *end) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, find_openssl);
  if (!openssl.found) return;
  curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, end);
  curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, on_context);
}
