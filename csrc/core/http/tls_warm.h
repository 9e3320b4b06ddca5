/*
** tls_warm.h - what the first TLS connection of a process costs beyond the others (OpenSSL 3 looks
** up each of its algorithms: 2 to 3 ms), done before it, as a piece of work of its own.
*/
#ifndef LLG_TLS_WARM_H
#define LLG_TLS_WARM_H

#include <stdbool.h>

/* True if there was something to do: once in a process. */
bool llg_tls_warm(void);

#endif
