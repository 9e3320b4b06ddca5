/*
** receive.h - the receiving half of an exchange: curl's two callbacks and what they decide.
** They run inside libcurl, touch C data only, and turn every fault into the exchange's
** verdict.
*/
#ifndef LLG_RECEIVE_H
#define LLG_RECEIVE_H

#include "exchange.h"

/* CURLOPT_HEADERFUNCTION and CURLOPT_WRITEFUNCTION; the last argument is the exchange. */
size_t llg_receive_header(char *line, size_t size, size_t n, void *exchange);
size_t llg_receive_body(char *bytes, size_t size, size_t n, void *exchange);

/* The body of a success is complete: the events that the parser still holds come out. */
void llg_receive_end(struct llg_exchange *x);

/* Whether the answer's Content-Type is text/event-stream. */
bool llg_receive_says_events(const struct llg_exchange *x);

/* Count the exchange among this step's news. */
void llg_receive_tell(struct llg_exchange *x);

#endif
