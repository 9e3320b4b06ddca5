/*
** empty.h - what the API and JSON schema have under a key, so that a table that could be a list
** or an object (an empty one, one with number keys) is sent as what is meant.
*/
#ifndef LLG_JSON_EMPTY_H
#define LLG_JSON_EMPTY_H

#include <stddef.h>

enum {
  LLG_KEY_API_LIST = 1,     /* the API has a list there: "tools" */
  LLG_KEY_SCHEMA_LIST = 2,  /* JSON schema has a list there: "required" */
  LLG_KEY_SCHEMA = 4,       /* a JSON schema stands there: "parameters" */
  LLG_KEY_SCHEMA_NAMES = 8, /* names of the user's own stand below: "properties" */
  LLG_KEY_API_MAP = 16,     /* the API has an object of the caller's keys: "logit_bias" */
};

/* The flags of a key of n bytes; 0 for a key that is not known. */
unsigned llg_json_key(const char *key, size_t n);

#endif
