/*
** easy.h - one curl easy handle for one attempt: options in. What it came to: outcome.h.
**
** A handle that is kept between requests of one client is told only what differs: setting
** all options again costs more than the rest of a small request.
*/
#ifndef LLG_EASY_H
#define LLG_EASY_H

#include <curl/curl.h>

#include "player.h"
#include "request.h"

struct llg_easy {
  CURL *curl;                  /* NULL: a tape is played in libcurl's place */
  struct llg_player *player;   /* that; NULL: none */
  uint64_t serial;             /* of the settings whose options it carries; 0 for none */
  long curl_http_version;      /* as last set */
  int64_t connect_ms;          /* as last set */
  bool plain_post;             /* the method options are those of a POST with a body */
  bool streams;                /* the buffer is that of a stream */
  bool raw;                    /* as last set */
  char *url;                   /* as last set; libcurl has a copy of its own */
  CURLU *parts;                /* of it; unused where libcurl is to read it itself */
  void *sockets;               /* whose connection it uses; NULL: none yet */
  void *told_sockets;          /* ... as last set */
  struct llg_tls_end *tls_end; /* of it */
  bool keeps;                  /* ... afterwards, if the server does */
  bool told_keeps;             /* ... as last set */
  bool no_descriptor;          /* the attempt failed for want of one */
  int64_t begun_us;            /* when it began */
  int64_t answered_us;         /* when the head that counts began to come; 0: not yet */
  struct llg_easy *next;       /* in a list of those without a connection */
  char error[CURL_ERROR_SIZE]; /* libcurl's own words for the last failure */
};

/* The callbacks and what they get; the connection and the exchange bring their own. */
struct llg_easy_hooks {
  curl_write_callback on_body;
  curl_write_callback on_header;
  curl_read_callback on_send; /* of a body with files */
  curl_seek_callback on_send_again;
  void *transfer; /* for those four and CURLOPT_PRIVATE */
  curl_opensocket_callback on_open_socket;
  curl_closesocket_callback on_close_socket;
};

/* NULL when out of memory. */
struct llg_easy *llg_easy_new(void);
/* A handle for one attempt whose answer is on the tape. */
struct llg_easy *llg_easy_play(struct llg_tape *tape, const struct llg_deck *deck);
void llg_easy_free(struct llg_easy *e);

/* All options of one attempt of this request at `url`, with this header list. The request,
** the list and the hooks' data must outlive the attempt. LLG_OK or LLG_NOMEM. */
enum llg_status llg_easy_prepare(
  struct llg_easy *e, const struct llg_request *request, const char *url,
  struct curl_slist *headers, const struct llg_easy_hooks *hooks);

/* Forget the request: nothing of it is pointed to any more. The options of its settings and
** the handle's warm state stay for the next one. */
void llg_easy_rest(struct llg_easy *e);

/* Its connections are in this cache, where they stay for the next attempt if it keeps them, and
** what concerns their sockets is told to `sockets`. NULL: it has none. Only between two attempts. */
void llg_easy_share(struct llg_easy *e, CURLSH *cache, bool keeps, void *sockets);

/* Whether the request may share a connection by HTTP/2. */
bool llg_easy_wants_two(const struct llg_request *request, const char *url);

/* libcurl opens a socket for the attempt, perhaps anew: what was said of the one before is no
** longer true. */
void llg_easy_reconnects(struct llg_easy *e);

/* Let libcurl go on connecting until `ms` after the attempt began, if that is later than it
** would. The next llg_easy_prepare sets it anew. */
void llg_easy_extend_connect(struct llg_easy *e, int64_t ms);

#endif
