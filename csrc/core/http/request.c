#include "request.h"

#include <curl/curl.h>
#include <stdatomic.h>
#include <string.h>

#include "../base/memory.h"

enum { NEW_FILE_MODE = 0666 }; /* less the umask, as of any program */

struct llg_settings *llg_settings_new(void) {
  static atomic_uint_fast64_t last_serial;
  struct llg_settings *s = llg_calloc(1, sizeof *s);
  if (s == NULL) return NULL;
  s->refs = 1;
  s->serial = atomic_fetch_add(&last_serial, 1) + 1;
  s->transport.tls_verify = true;
  return s;
}

enum llg_status llg_settings_seal(struct llg_settings *s) {
  s->list = llg_slist_new(&s->headers);
  return s->list != NULL && llg_transport_seal(&s->transport) ? LLG_OK : LLG_NOMEM;
}

struct llg_settings *llg_settings_ref(struct llg_settings *s) {
  s->refs++;
  return s;
}

void llg_settings_unref(struct llg_settings *s) {
  if (s == NULL || --s->refs > 0) return;
  llg_header_list_free(&s->headers);
  llg_free(s->list);
  llg_transport_free(&s->transport);
  llg_free(s);
}

void llg_request_free(struct llg_request *r) {
  if (r->url != NULL) llg_wipe(r->url, strlen(r->url)); /* a key may stand in the query */
  llg_free(r->url);
  llg_free(r->method);
  llg_request_free_body(r);
  llg_new_file_free(&r->answer_to);
  llg_header_list_free(&r->headers);
  llg_settings_unref(r->settings);
  memset(r, 0, sizeof *r);
}

void llg_request_free_body(struct llg_request *r) {
  llg_buffer_free(&r->body);
  llg_upload_free(&r->upload);
}

bool llg_request_open_files(
  struct llg_request *r, bool is_sent, struct llg_failure *failure) {
  bool ok = !is_sent || r->upload.n_files == 0
            || llg_upload_begin(&r->upload, &r->body, failure);
  if (!ok || r->answer_to.path == NULL) return ok;
  return llg_new_file_open(&r->answer_to, NEW_FILE_MODE, failure);
}

int64_t llg_request_body_bytes(const struct llg_request *r) {
  return r->upload.n_files > 0 ? r->upload.n_bytes : (int64_t)r->body.len;
}

/* `field` is a name and a colon. */
static bool has(const struct llg_header_list *headers, const char *field) {
  size_t n = strlen(field) - 1;
  for (size_t i = 0; i < headers->count; i++) {
    const char *entry = headers->entries[i];
    if (curl_strnequal(entry, field, n) && (entry[n] == ':' || entry[n] == ';'))
      return true;
  }
  return false;
}

struct curl_slist *llg_slist_new(const struct llg_header_list *headers) {
  /* What libcurl would send of its own accord. */
  static char unasked[][16] = { "Expect:", "Accept:", "Content-Type:" };
  const size_t n_unasked = sizeof unasked / sizeof *unasked;
  struct curl_slist *nodes = llg_malloc((headers->count + n_unasked) * sizeof *nodes);
  if (nodes == NULL) return NULL;
  size_t n = 0;
  for (size_t i = 0; i < headers->count; i++)
    nodes[n++].data = headers->entries[i];
  for (size_t i = 0; i < n_unasked; i++)
    if (!has(headers, unasked[i])) nodes[n++].data = unasked[i];
  for (size_t i = 0; i < n; i++)
    nodes[i].next = i + 1 < n ? &nodes[i + 1] : NULL;
  return nodes;
}

void llg_url_host(const char *url, char *out, size_t n_bytes) {
  const char *from = strstr(url, "://");
  from = from != NULL ? from + 3 : url;
  size_t n = strcspn(from, "/?#");
  for (size_t i = n; i-- > 0;) {
    if (from[i] != '@') continue;
    from += i + 1;
    n -= i + 1;
    break;
  }
  if (n >= n_bytes) n = n_bytes - 1;
  memcpy(out, from, n);
  out[n] = '\0';
}

bool llg_same_origin(const char *a, const char *b) {
  char host_a[256], host_b[256];
  size_t n = strcspn(a, ":");
  if (n != strcspn(b, ":") || !curl_strnequal(a, b, n)) return false;
  llg_url_host(a, host_a, sizeof host_a);
  llg_url_host(b, host_b, sizeof host_b);
  if (strlen(host_a) == sizeof host_a - 1) return false; /* cut: who knows what follows */
  return curl_strequal(host_a, host_b);
}
