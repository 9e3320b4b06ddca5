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

/* The attempt ended, well or not: the event that the parser may still hold comes out. */
void llg_receive_end(struct llg_exchange *x);

#endif
