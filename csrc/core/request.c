#include "request.h"

#include <curl/curl.h>
#include <stdatomic.h>
#include <string.h>

#include "memory.h"

struct llg_settings *llg_settings_new(void) {
  static atomic_uint_fast64_t last_serial;
  struct llg_settings *s = llg_calloc(1, sizeof *s);
  if (s == NULL) return NULL;
  s->refs = 1;
  s->serial = atomic_fetch_add(&last_serial, 1) + 1;
  s->tls_verify = true;
  return s;
}

enum llg_status llg_settings_seal(struct llg_settings *s) {
  s->list = llg_slist_new(&s->headers);
  return s->list != NULL ? LLG_OK : LLG_NOMEM;
}

struct llg_settings *llg_settings_ref(struct llg_settings *s) {
  s->refs++;
  return s;
}

void llg_settings_unref(struct llg_settings *s) {
  if (s == NULL || --s->refs > 0) return;
  llg_header_list_free(&s->headers);
  llg_free(s->list);
  llg_free(s->ca_file);
  llg_free(s->ca_path);
  llg_free(s);
}

void llg_request_free(struct llg_request *r) {
  if (r->url != NULL) llg_wipe(r->url, strlen(r->url)); /* a key may stand in the query */
  llg_free(r->url);
  llg_free(r->method);
  llg_buffer_free(&r->body);
  llg_header_list_free(&r->headers);
  llg_settings_unref(r->settings);
  memset(r, 0, sizeof *r);
}

struct curl_slist *llg_slist_new(const struct llg_header_list *headers) {
  static char no_expect[] = "Expect:";
  static char no_content_type[] = "Content-Type:";
  bool has_type = false;
  struct curl_slist *nodes = llg_malloc((headers->count + 2) * sizeof *nodes);
  if (nodes == NULL) return NULL;
  size_t n = 0;
  for (; n < headers->count; n++) {
    nodes[n].data = headers->entries[n];
    nodes[n].next = &nodes[n + 1];
    if (curl_strnequal(nodes[n].data, no_content_type, strlen(no_content_type)))
      has_type = true;
  }
  nodes[n].data = no_expect;
  nodes[n].next = NULL;
  if (!has_type) {
    nodes[n].next = &nodes[n + 1];
    nodes[n + 1].data = no_content_type;
    nodes[n + 1].next = NULL;
  }
  return nodes;
}
