/*
** timing.h - what one attempt took and moved, as plain numbers.
*/
#ifndef LLG_TIMING_H
#define LLG_TIMING_H

#include <stdbool.h>
#include <stdint.h>

/* Of one attempt, in microseconds from its start (libcurl's *_TIME_T), and what it moved. */
struct llg_timing {
  int64_t dns_us;        /* name known */
  int64_t connect_us;    /* TCP connected; 0 on a reused connection */
  int64_t tls_us;        /* TLS done; 0 without TLS */
  int64_t first_byte_us; /* first byte of the answer */
  int64_t total_us;
  int64_t sent_bytes;     /* of the request's body; libcurl cannot tell its head apart */
  int64_t received_bytes; /* of the answer's body as it came, before decompression */
  int http_version;       /* 10, 11, 20 or 30; 0 if nothing came */
  bool reused;            /* the connection had served before */
};

#endif
