/*
** send.h - the sending half of an exchange whose body is not all in memory: curl's two callbacks.
** As those of receive.h they touch C data only, and turn every fault into the exchange's verdict.
*/
#ifndef LLG_SEND_H
#define LLG_SEND_H

#include <curl/curl.h>

#include "exchange.h"

/* CURLOPT_READFUNCTION and CURLOPT_SEEKFUNCTION; `exchange` is one. */
size_t llg_send_body(char *out, size_t size, size_t n, void *exchange);
int llg_send_again(void *exchange, curl_off_t offset, int origin);

#endif
