/* Made by spec/support/json_keys.lua from the API's description: do not edit. */
#include "empty.h"

#include <string.h>

#define API LLG_KEY_API_LIST
#define KEYWORD LLG_KEY_SCHEMA_LIST
#define SCHEMA LLG_KEY_SCHEMA
#define NAMES LLG_KEY_SCHEMA_NAMES

/* clang-format off */
static const struct {
  const char *name;
  unsigned kind;
} keys[] = { /* sorted as memcmp does, the shorter first */
  { "$defs", NAMES },
  { "acknowledged_safety_checks", API },
  { "actions", API },
  { "additional_messages", API },
  { "allOf", KEYWORD },
  { "allowed_callers", API },
  { "allowed_domains", API },
  { "allowed_ips", API },
  { "annotations", API },
  { "anyOf", KEYWORD },
  { "assignment_sources", API },
  { "attachments", API },
  { "bytes", API },
  { "certificate_ids", API },
  { "certificates", API },
  { "choices", API },
  { "command", API },
  { "commands", API },
  { "configs", API },
  { "content", API },
  { "content_parts", API },
  { "context_management", API },
  { "data", API },
  { "definitions", NAMES },
  { "dependentSchemas", NAMES },
  { "domain_secrets", API },
  { "embedding", API },
  { "enum", KEYWORD },
  { "examples", KEYWORD },
  { "file_ids", API },
  { "files", API },
  { "functions", API },
  { "guided_json", SCHEMA },
  { "harassment", API },
  { "harassment/threatening", API },
  { "hate", API },
  { "hate/threatening", API },
  { "illicit", API },
  { "illicit/violent", API },
  { "images", API },
  { "include", API },
  { "input", API },
  { "inputSchema", SCHEMA },
  { "input_schema", SCHEMA },
  { "instructions", API },
  { "integrations", API },
  { "items", API },
  { "keys", API },
  { "keywords", API },
  { "known_speaker_names", API },
  { "known_speaker_references", API },
  { "labels", API },
  { "languages", API },
  { "logprobs", API },
  { "messages", API },
  { "modalities", API },
  { "model_ids", API },
  { "oneOf", KEYWORD },
  { "output", API },
  { "output_modalities", API },
  { "outputs", API },
  { "parameters", SCHEMA },
  { "part_ids", API },
  { "passing_labels", API },
  { "path", API },
  { "patternProperties", NAMES },
  { "pending_safety_checks", API },
  { "per_model_usage", API },
  { "per_testing_criteria_results", API },
  { "permissions", API },
  { "permissions_added", API },
  { "permissions_removed", API },
  { "prefixItems", KEYWORD },
  { "project_ids", API },
  { "projects", API },
  { "properties", NAMES },
  { "queries", API },
  { "query", API },
  { "range", API },
  { "recipients", API },
  { "refusal", API },
  { "required", KEYWORD },
  { "result_files", API },
  { "results", API },
  { "schema", SCHEMA },
  { "scopes", API },
  { "search_content_types", API },
  { "search_query", API },
  { "segments", API },
  { "self-harm", API },
  { "self-harm/instructions", API },
  { "self-harm/intent", API },
  { "sexual", API },
  { "sexual/minors", API },
  { "sip_headers", API },
  { "skills", API },
  { "sources", API },
  { "stop", API },
  { "summary", API },
  { "tags", API },
  { "tasks", API },
  { "template", API },
  { "testing_criteria", API },
  { "text_offset", API },
  { "timestamp_granularities", API },
  { "token_logprobs", API },
  { "tokens", API },
  { "tool_calls", API },
  { "tool_names", API },
  { "tool_outputs", API },
  { "tools", API },
  { "top_logprobs", API },
  { "users", API },
  { "value", API },
  { "vector_store_ids", API },
  { "vector_stores", API },
  { "violence", API },
  { "violence/graphic", API },
  { "words", API },
};
/* clang-format on */

unsigned llg_json_key(const char *key, size_t n) {
  size_t low = 0, high = sizeof keys / sizeof keys[0];
  while (low < high) {
    size_t middle = low + (high - low) / 2, length = strlen(keys[middle].name);
    int order = memcmp(key, keys[middle].name, n < length ? n : length);
    if (order == 0 && n == length) return keys[middle].kind;
    if (order < 0 || (order == 0 && n < length))
      high = middle;
    else
      low = middle + 1;
  }
  return 0;
}
