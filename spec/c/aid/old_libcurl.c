/*
** old_libcurl.c - LD_PRELOADed: a libcurl that says it is 7.64.0.
*/
#include <curl/curl.h>
#include <dlfcn.h>

__attribute__((visibility("default"))) curl_version_info_data *
curl_version_info(CURLversion age) {
  static curl_version_info_data info;
  curl_version_info_data *(*next)(CURLversion);
  void *libcurl = dlopen("libcurl.so.4", RTLD_LAZY | RTLD_NOLOAD);
  *(void **)&next = dlsym(libcurl, "curl_version_info");
  info = *next(age);
  info.version_num = 0x074000;
  return &info;
}
