#include "place.h"

#include <string.h>

#include "../../limits.h"
#include "empty.h"

bool llg_place_is(const struct llg_place *at, const char *key) {
  return at != NULL && at->key != NULL && at->key_n == strlen(key)
         && memcmp(at->key, key, at->key_n) == 0;
}

void llg_place_path(const struct llg_place *at, const char *root, struct llg_path *path) {
  const struct llg_place *steps[LLG_MAX_JSON_DEPTH + 1];
  size_t n = 0;
  for (; at != NULL && n <= LLG_MAX_JSON_DEPTH; at = at->up)
    steps[n++] = at;
  llg_path_start(path, root);
  while (n-- > 0) {
    if (steps[n]->key != NULL)
      llg_path_key(path, steps[n]->key, steps[n]->key_n);
    else
      llg_path_index(path, steps[n]->index);
  }
}

static unsigned kind_of(const struct llg_place *at) {
  return at != NULL && at->key != NULL ? llg_json_key(at->key, at->key_n) : 0;
}

static bool is_in_schema(const struct llg_place *at) {
  for (; at != NULL; at = at->up)
    if ((kind_of(at) & (LLG_KEY_SCHEMA | LLG_KEY_SCHEMA_NAMES)) != 0) return true;
  return false;
}

/* What the API or JSON schema has under the key. In a schema "tools" is some name, not the API's
** list of tools. */
static unsigned api_kind(const struct llg_place *at) {
  unsigned kind = kind_of(at);
  if (kind == 0 || (kind_of(at->up) & LLG_KEY_SCHEMA_NAMES) != 0) return 0;
  return is_in_schema(at->up) ? kind & LLG_KEY_SCHEMA_LIST : kind;
}

bool llg_place_has_list(const struct llg_place *at) {
  return (api_kind(at) & (LLG_KEY_API_LIST | LLG_KEY_SCHEMA_LIST)) != 0;
}

bool llg_place_has_map(const struct llg_place *at) {
  return (api_kind(at) & LLG_KEY_API_MAP) != 0;
}

bool llg_place_has_message(const struct llg_place *at) {
  return at != NULL && at->key == NULL && llg_place_is(at->up, "messages")
         && !is_in_schema(at->up);
}

bool llg_place_has_arguments(const struct llg_place *at) {
  if (llg_place_is(at, "arguments") && llg_place_is(at->up, "function_call"))
    return llg_place_has_message(at->up->up);
  bool is_one = (llg_place_is(at, "arguments") && llg_place_is(at->up, "function"))
                || (llg_place_is(at, "input") && llg_place_is(at->up, "custom"));
  if (!is_one || at->up->up == NULL || at->up->up->key != NULL) return false;
  const struct llg_place *calls = at->up->up->up;
  return llg_place_is(calls, "tool_calls") && llg_place_has_message(calls->up);
}
