/*
** easy.h - one curl easy handle for one attempt: options in, outcome and timing out.
**
** A handle that is kept between requests of one client is told only what differs: setting
** all options again costs more than the rest of a small request.
*/
#ifndef LLG_EASY_H
#define LLG_EASY_H

#include <curl/curl.h>

#include "request.h"
#include "timing.h"

struct llg_easy {
  CURL *curl;
  uint64_t serial;             /* of the settings whose options it carries; 0 for none */
  long curl_http_version;      /* as last set */
  int64_t connect_ms;          /* as last set */
  bool plain_post;             /* the method options are those of a POST with a body */
  bool streams;                /* the buffer is that of a stream */
  char *url;                   /* as last set; libcurl has a copy of its own */
  struct llg_easy *next;       /* in the pool's list of idle ones */
  char error[CURL_ERROR_SIZE]; /* libcurl's own words for the last failure */
};

/* The callbacks and what they get; the pool and the exchange bring their own. */
struct llg_easy_hooks {
  curl_write_callback on_body;
  curl_write_callback on_header;
  void *transfer; /* for those two and CURLOPT_PRIVATE */
  curl_opensocket_callback on_open_socket;
  curl_closesocket_callback on_close_socket;
  void *sockets; /* for those two; lives as long as the multi handle */
};

/* NULL when out of memory. */
struct llg_easy *llg_easy_new(void);
void llg_easy_free(struct llg_easy *e);

/* All options of one attempt of this request at `url`, with this header list. The request,
** the list and the hooks' data must outlive the attempt. LLG_OK or LLG_NOMEM. */
enum llg_status llg_easy_prepare(
  struct llg_easy *e, const struct llg_request *request, const char *url,
  struct curl_slist *headers, const struct llg_easy_hooks *hooks);

/* Forget the request: nothing of it is pointed to any more. The options of its settings and
** the handle's warm state stay for the next one. */
void llg_easy_rest(struct llg_easy *e);

/* Let libcurl go on connecting until `ms` after the attempt began, if that is later than it
** would. The next llg_easy_prepare sets it anew. */
void llg_easy_extend_connect(struct llg_easy *e, int64_t ms);

/* Where an attempt stands: "dns", "connect", "tls", "first_byte" (the request is out), or
** "body" once the answer has begun. */
const char *llg_easy_phase(const struct llg_easy *e, const char *url);

/* How long the attempt took until the request went out, in ms; -1 if it has not yet. */
int64_t llg_easy_sent_after_ms(const struct llg_easy *e);

/* What a failed transfer means. `transient` says whether another attempt may help. */
void llg_easy_failure(
  const struct llg_easy *e, CURLcode code, const char *url, struct llg_failure *failure,
  bool *transient);

void llg_easy_timing(const struct llg_easy *e, struct llg_timing *timing);

#endif
