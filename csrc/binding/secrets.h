/*
** secrets.h - what the caller gave that nobody else may read: the values of header fields and of
** the query, user and password of the URL and of a proxy. Those of fewer than LLG_SECRET_BYTES
** are none: local servers are given keys like "k" or "token", which are words of any message.
** Plain C: no Lua runs here, and nothing is allocated.
*/
#ifndef LLG_SECRETS_H
#define LLG_SECRETS_H

#include "../core/http/exchange.h"

enum { LLG_SECRET_BYTES = 8 };

/* Whether a secret of the request stands in the text, as it is or with %XX or "\/" in it. */
bool llg_holds_secret(const struct llg_request *r, const char *text, size_t n);

/* Put "[key]" in the place of each; the new length. */
size_t llg_redact(const struct llg_request *r, char *text, size_t n);

/* The same in the words of a failure, also at their end, where they may have been cut. */
void llg_redact_failure(const struct llg_request *r, struct llg_failure *failure);

/* The exchange is over and its words are said: what is kept of it is redacted, and what was
** secret is wiped. `all`: also its failure and its body, which nobody has read. */
void llg_forget_secrets(struct llg_exchange *x, bool all);

#endif
