#include "transport.h"

#include <curl/curl.h>
#include <dirent.h>
#include <pthread.h>
#include <string.h>

#include "../base/memory.h"

enum {
  CA_CACHE_S = 3600
}; /* so old may be what libcurl knows of a file of authorities */

bool llg_transport_seal(struct llg_transport *t) {
  const char *parts[] = { t->tls_verify ? "verify" : "",
                          t->tls_1_3 ? "1.3" : "",
                          t->ca_file,
                          t->ca_path,
                          t->client_cert,
                          t->client_key,
                          t->proxy,
                          t->no_proxy,
                          t->unix_socket };
  enum { N_PARTS = sizeof parts / sizeof *parts };
  size_t n = 0, lens[N_PARTS];
  for (size_t i = 0; i < N_PARTS; i++) {
    lens[i] = parts[i] != NULL ? strlen(parts[i]) : 0;
    n += lens[i] + 1;
  }
  t->key = llg_malloc(n);
  if (t->key == NULL) return false;
  char *at = t->key;
  for (size_t i = 0; i < N_PARTS; i++) {
    if (lens[i] > 0) memcpy(at, parts[i], lens[i]);
    at += lens[i];
    *at++ = '\n'; /* no path of sane people holds one */
  }
  at[-1] = '\0';
  return true;
}

void llg_transport_free(struct llg_transport *t) {
  char *secrets[] = { t->proxy, t->key };
  for (size_t i = 0; i < 2; i++)
    if (secrets[i] != NULL) llg_wipe(secrets[i], strlen(secrets[i]));
  llg_free(t->ca_file);
  llg_free(t->ca_path);
  llg_free(t->client_cert);
  llg_free(t->client_key);
  llg_free(t->proxy);
  llg_free(t->no_proxy);
  llg_free(t->unix_socket);
  llg_free(t->key);
  memset(t, 0, sizeof *t);
}

/* ---- the system's authorities ---- */

/* "5f618aec.0": a link by which OpenSSL finds the one authority that it needs. */
static bool is_hashed(const char *name) {
  return strspn(name, "0123456789abcdef") == 8 && name[8] == '.' && name[9] >= '0'
         && name[9] <= '9';
}

static bool has_hashed_names(const char *folder) {
  bool found = false;
  DIR *dir = opendir(folder);
  if (dir == NULL) return false;
  for (struct dirent *entry; !found && (entry = readdir(dir)) != NULL;)
    found = is_hashed(entry->d_name);
  closedir(dir);
  return found;
}

static struct {
  const char *file,
    *folder; /* libcurl's defaults; NULL where it has none, or does not say */
  bool folder_suffices;
} the_system;

static void find_system(void) {
#if LIBCURL_VERSION_NUM >= 0x074600
  const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
  if (info->age < CURLVERSION_SEVENTH || info->ssl_version == NULL) return;
  the_system.file = info->cainfo;
  the_system.folder = info->capath;
  /* GnuTLS and others read all of a folder. */
  the_system.folder_suffices = strncmp(info->ssl_version, "OpenSSL/", 8) == 0
                               && info->capath != NULL && has_hashed_names(info->capath);
#endif
}

/* Nothing was said, or what is so anyway: some set the variables of OpenSSL to that. */
static bool trusts_system(const struct llg_transport *t) {
  if (t->ca_file == NULL && t->ca_path == NULL) return true;
  return t->ca_file != NULL && t->ca_path != NULL && the_system.file != NULL
         && the_system.folder != NULL && strcmp(t->ca_file, the_system.file) == 0
         && strcmp(t->ca_path, the_system.folder) == 0;
}

/* libcurl's default is the system's file and folder, and while there is a folder it parses the
** file, 20 ms and more of it, for each connection anew. The folder alone costs the parsing of
** one authority; the file alone is parsed once and kept (7.87). */
static CURLcode set_authorities(const struct llg_transport *t, CURL *curl) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  CURLcode code = CURLE_OK;
#if LIBCURL_VERSION_NUM >= 0x075700
  curl_easy_setopt(curl, CURLOPT_CA_CACHE_TIMEOUT, (long)CA_CACHE_S);
#endif
  pthread_once(&once, find_system);
  if (!trusts_system(t)) {
    code = curl_easy_setopt(curl, CURLOPT_CAINFO, t->ca_file);
    return code != CURLE_OK ? code : curl_easy_setopt(curl, CURLOPT_CAPATH, t->ca_path);
  }
  if (the_system.folder_suffices) return curl_easy_setopt(curl, CURLOPT_CAINFO, NULL);
  if (the_system.file != NULL) return curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
  return code;
}

/* ---- all of it ---- */

/* The first CURLcode that is not OK wins; a chain of these needs no ladder of ifs. */
#define SET(option, value) \
  do { \
    if (code == CURLE_OK) code = curl_easy_setopt(curl, option, value); \
  } while (0)

int llg_transport_apply(const struct llg_transport *t, void *curl) {
  CURLcode code = CURLE_OK;
  SET(CURLOPT_SSL_VERIFYPEER, t->tls_verify ? 1L : 0L);
  SET(CURLOPT_SSL_VERIFYHOST, t->tls_verify ? 2L : 0L);
  SET(CURLOPT_SSLVERSION, t->tls_1_3 ? CURL_SSLVERSION_TLSv1_3 : CURL_SSLVERSION_TLSv1_2);
  if (t->client_cert != NULL) SET(CURLOPT_SSLCERT, t->client_cert);
  if (t->client_key != NULL) SET(CURLOPT_SSLKEY, t->client_key);
  /* Said in any case, lest libcurl look into the environment. */
  SET(CURLOPT_PROXY, t->proxy != NULL ? t->proxy : "");
  SET(CURLOPT_NOPROXY, t->no_proxy != NULL ? t->no_proxy : "");
  if (t->unix_socket != NULL) SET(CURLOPT_UNIX_SOCKET_PATH, t->unix_socket);
  if (code == CURLE_OK) code = set_authorities(t, curl);
  SET(CURLOPT_TCP_KEEPALIVE, 1L);
  return code;
}
