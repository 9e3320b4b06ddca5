/*
** outcome.h - what an attempt came to: how far it got, why it failed, how long it took.
*/
#ifndef LLG_OUTCOME_H
#define LLG_OUTCOME_H

#include "easy.h"
#include "timing.h"

/* Where an attempt stands: "dns", "connect", "tls", "first_byte" (the request is out), or
** "body" once the answer has begun. */
const char *llg_outcome_phase(const struct llg_easy *e, const char *url);

/* How long the attempt took until the request went out, in ms; -1 if it has not yet. */
int64_t llg_outcome_sent_after_ms(const struct llg_easy *e);

/* The answer came by HTTP/2. */
bool llg_outcome_spoke_two(const struct llg_easy *e);

/* How much of a body of n bytes the server's machine has not confirmed yet. */
int64_t llg_outcome_left_to_send(const struct llg_easy *e, int64_t n);

/* The answer had no end of its own, and the connection's was not as it should be. */
bool llg_outcome_was_cut(const struct llg_easy *e, const struct llg_buffer *headers);

/* The proxy refused, with this status. */
void llg_proxy_failure(struct llg_failure *failure, const char *host, int status);

/* What a failed transfer means. `transient` says whether another attempt may help. */
void llg_outcome_failure(
  const struct llg_easy *e, CURLcode code, const char *url, struct llg_failure *failure,
  bool *transient);

/* Of the answer: its status, 0 before its head; the length of the body, -1 if it was not said;
** where it redirects to, or NULL, valid until the next attempt. */
int llg_outcome_status(const struct llg_easy *e);
int64_t llg_outcome_length(const struct llg_easy *e);
const char *llg_outcome_redirect(const struct llg_easy *e);

void llg_outcome_timing(const struct llg_easy *e, struct llg_timing *timing);

#endif
