/*
** request.h - one request as owned plain data, and the settings that a client's requests
** have in common.
*/
#ifndef LLG_REQUEST_H
#define LLG_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/buffer.h"
#include "../base/new_file.h"
#include "headers.h"
#include "transport.h"
#include "upload.h"

struct curl_slist;

/* Immutable once a request uses it, counted; the last one wipes and frees it. */
struct llg_settings {
  unsigned refs;
  uint64_t
    serial; /* never used twice: tells a kept easy handle whose options it carries */
  struct llg_transport transport;
  size_t max_connections;         /* to its server at once; 0: no limit of its own */
  struct llg_header_list headers; /* default headers, the key among them */
  struct curl_slist *list;        /* the same for libcurl, made by llg_settings_seal */
};

enum llg_http_version {
  LLG_HTTP_DEFAULT, /* 2 over TLS where server and libcurl can, else 1.1; streams: 1.1 */
  LLG_HTTP_1_1,     /* never more */
  LLG_HTTP_2,       /* 2 over TLS, also for streams */
};

/* Our own clocks, in milliseconds; 0 is off. */
struct llg_clocks {
  int64_t connect_ms;    /* name, connection and TLS, of one attempt */
  int64_t first_byte_ms; /* from the request sent to the first byte of the answer */
  int64_t idle_ms;       /* between two bytes of the answer, while we want them */
  int64_t total_ms;      /* the whole call, all attempts and waits */
};

struct llg_request {
  struct llg_settings *settings; /* counted */
  char *method;                  /* upper case: "POST" */
  char *url;
  struct llg_buffer body;
  struct llg_upload upload; /* files that are set into it */
  bool has_body;
  bool is_multipart;             /* the body is; it begins with "--" and its boundary */
  struct llg_new_file answer_to; /* where the body of a success goes, if anywhere */
  struct llg_header_list headers;
  bool own_headers; /* they are sent, and not those of the settings */
  struct llg_clocks clocks;
  int max_retries;
  size_t max_response_bytes;
  enum llg_http_version http_version;
  bool stream; /* the answer is a stream of events, not one body */
  bool
    raw; /* the answer is nothing that shows whether it is whole: not compressed; with `stream`
            ** it is bytes as they come, and no events */
};

/* With one reference; NULL when out of memory. */
struct llg_settings *llg_settings_new(void);
/* No more changes: build what libcurl needs. LLG_OK or LLG_NOMEM. */
enum llg_status llg_settings_seal(struct llg_settings *s);
struct llg_settings *llg_settings_ref(struct llg_settings *s);
void llg_settings_unref(struct llg_settings *s);

/* Zeroed memory is an empty request that may be freed. Wipes what was secret. */
void llg_request_free(struct llg_request *r);

/* An attempt begins: look at the files of the body, if it is `sent`, and make the one for the
** answer, so that what cannot be is said before anything goes out or is paid for. False with the
** failure set. */
bool llg_request_open_files(
  struct llg_request *r, bool is_sent, struct llg_failure *failure);

/* It was sent for the last time. */
void llg_request_free_body(struct llg_request *r);

/* How long the body is; with files in it, as of llg_upload_begin. */
int64_t llg_request_body_bytes(const struct llg_request *r);

/* The entries of a header list as one block of nodes that point into it (so nothing secret is
** copied), plus what keeps libcurl from sending its own Expect, Accept and Content-Type where
** the list has none. To be freed with llg_free. NULL when out of memory. */
struct curl_slist *llg_slist_new(const struct llg_header_list *headers);

/* "host" or "host:port" of a URL, for messages: without user, password, path and query. */
void llg_url_host(const char *url, char *out, size_t n_bytes);

/* Whether two URLs name the same scheme, host and port, as they are written. */
bool llg_same_origin(const char *a, const char *b);

#endif
