#include "json_empty.h"

#include <string.h>

/* sorted: made by spec/support/json_keys.lua */
static const char *const lists[] = { "messages", "required", "tools" };

int llg_json_key_is_list(const char *key, size_t n) {
  for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
    if (strlen(lists[i]) == n && memcmp(lists[i], key, n) == 0) return 1;
  return 0;
}
