#include "openssl.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <string.h>

/* In what libcurl was linked with, which stands behind us in the order of the search. ISO C knows
** no way from a void * to a function. */
bool llg_openssl_find(const char *name, void *function, size_t size) {
  const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
  if (info->ssl_version == NULL || strncmp(info->ssl_version, "OpenSSL/", 8) != 0)
    return false;
  void *found = dlsym(RTLD_NEXT, name);
  memcpy(function, &found, size);
  return found != NULL;
}
