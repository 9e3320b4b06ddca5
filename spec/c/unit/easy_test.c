/*
** An easy handle before a libcurl that is older, or built with less, than the one whose
** header we were compiled with, or that is out of memory.
*/
#include "core/http/easy.h"
#include "core/base/memory.h"
#include "test.h"

#include <dlfcn.h>
#include <stdarg.h>

#undef curl_easy_setopt

static int refused[4];        /* options that it does not know */
static long max_http_version; /* the newest version that it speaks; 0: all */
static int fails_at;          /* the option that finds no memory */
static int n_url;             /* how often a URL was set */
static long old_protocols;    /* what CURLOPT_PROTOCOLS was set to */

/* In front of libcurl's own. All arguments are one word here: pointers, long, curl_off_t. */
CURLcode curl_easy_setopt(CURL *curl, CURLoption option, ...) {
  CURLcode (*next)(CURL *, CURLoption, ...);
  va_list args;
  va_start(args, option);
  intptr_t value = va_arg(args, intptr_t);
  va_end(args);
  for (size_t i = 0; i < 4; i++)
    if (refused[i] == (int)option) return CURLE_UNKNOWN_OPTION;
  if ((int)option == fails_at) return CURLE_OUT_OF_MEMORY;
  if (option == CURLOPT_HTTP_VERSION && max_http_version != 0 && value > max_http_version)
    return CURLE_UNSUPPORTED_PROTOCOL;
  if (option == CURLOPT_URL) n_url++;
  if ((int)option == 181) old_protocols = value;
  *(void **)&next = dlsym(RTLD_NEXT, "curl_easy_setopt");
  return next(curl, option, value);
}

static struct llg_settings *settings; /* the same for all */

static size_t ignore(char *bytes, size_t size, size_t n, void *user) {
  (void)bytes;
  (void)user;
  return size * n;
}

static enum llg_status prepare(struct llg_easy *e, const char *url) {
  struct llg_easy_hooks hooks = { .on_body = ignore, .on_header = ignore };
  char method[] = "POST";
  struct llg_request r = { .settings = settings, .method = method, .has_body = true };
  return llg_easy_prepare(e, &r, url, NULL, &hooks);
}

static void test_older_libcurl(void) {
  struct llg_easy *e = llg_easy_new();
  refused[0] = 10318; /* CURLOPT_PROTOCOLS_STR: 7.85 */
  refused[1] = 244;   /* CURLOPT_QUICK_EXIT: 7.87 */
  CHECK_INT(prepare(e, "https://a.invalid/"), LLG_OK);
  CHECK_INT(old_protocols, 3); /* http and https, nothing else */
  refused[2] = 181;
  llg_easy_free(e);
  e = llg_easy_new();
  CHECK(prepare(e, "https://a.invalid/") != LLG_OK); /* never without that bound */
  memset(refused, 0, sizeof refused);
  llg_easy_free(e);
}

static void test_libcurl_without_http2(void) {
  struct llg_easy *e = llg_easy_new();
  max_http_version = CURL_HTTP_VERSION_1_1;
  CHECK_INT(prepare(e, "https://a.invalid/"), LLG_OK);
  CHECK_INT(e->curl_http_version, CURL_HTTP_VERSION_1_1);
  max_http_version = 0;
  llg_easy_free(e);
}

/* A handle must not go where it went before because the new URL did not get through. */
static void test_no_memory_for_the_url(void) {
  struct llg_easy *e = llg_easy_new();
  CHECK_INT(prepare(e, "http://a.invalid/1"), LLG_OK);
  fails_at = CURLOPT_URL;
  CHECK_INT(prepare(e, "http://a.invalid/2"), LLG_NOMEM);
  fails_at = 0;
  n_url = 0;
  CHECK_INT(prepare(e, "http://a.invalid/2"), LLG_OK);
  CHECK_INT(n_url, 1);
  CHECK_INT(prepare(e, "http://a.invalid/2"), LLG_OK);
  CHECK_INT(n_url, 1);
  llg_easy_free(e);
}

int main(void) {
  settings = llg_settings_new();
  RUN(test_older_libcurl);
  RUN(test_libcurl_without_http2);
  RUN(test_no_memory_for_the_url);
  llg_settings_unref(settings);
  return TEST_END();
}
