#include "profile.h"

#include <string.h>

#include "../core/base/memory.h"

struct llg_profile *llg_profile_new(void) {
  struct llg_profile *p = llg_calloc(1, sizeof *p);
  if (p == NULL) return NULL;
  p->refs = 1;
  llg_buffer_init(&p->base_query, LLG_MAX_URL_BYTES);
  llg_buffer_init(&p->query, LLG_MAX_URL_BYTES);
  return p;
}

struct llg_profile *llg_profile_ref(struct llg_profile *profile) {
  profile->refs++;
  return profile;
}

/* A key may stand in a query or before the host. */
static void free_query(struct llg_buffer *query) {
  if (query->data != NULL) llg_wipe(query->data, query->capacity);
  llg_buffer_free(query);
}

void llg_profile_unref(struct llg_profile *profile) {
  if (profile == NULL || --profile->refs > 0) return;
  llg_settings_unref(profile->settings);
  llg_pool_unref(profile->pool);
  if (profile->base_url != NULL) llg_wipe(profile->base_url, strlen(profile->base_url));
  llg_free(profile->base_url);
  llg_free(profile->model);
  llg_free(profile->key_header);
  llg_profile_unref(profile->base);
  free_query(&profile->base_query);
  free_query(&profile->query);
  llg_free(profile);
}
