/*
** json_empty.h - what an empty table without a mark is, by the key it stands under.
*/
#ifndef LLG_JSON_EMPTY_H
#define LLG_JSON_EMPTY_H

#include <stddef.h>

/* 1 where the API has a list under this key ("tools"), 0 for an object or an unknown key. */
int llg_json_key_is_list(const char *key, size_t n);

#endif
