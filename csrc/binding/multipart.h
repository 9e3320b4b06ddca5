/*
** multipart.h - a form as the body of a request, with files that are read while they are sent.
*/
#ifndef LLG_MULTIPART_H
#define LLG_MULTIPART_H

#include "draft.h"

/* The list at `parts`, in its order, as multipart/form-data; each part is
** { name, value, filename =, type = } or { name, path =, offset =, length =, filename =, type = }.
** Raises for anything else, and for a Content-Type among the call's headers. */
void llg_draft_multipart(lua_State *L, struct llg_draft *d, int parts);

#endif
