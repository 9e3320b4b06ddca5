/*
** local_server.h - a listening socket in the same thread as the pool under test, and requests
** that go there.
*/
#ifndef LLG_LOCAL_SERVER_H
#define LLG_LOCAL_SERVER_H

#include "core/http/pool.h"
#include "test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static int listener;
static char url[64];

static inline void listen_here(void) {
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t n = sizeof address;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  CHECK(bind(listener, (struct sockaddr *)&address, sizeof address) == 0);
  CHECK(listen(listener, 1024) == 0);
  getsockname(listener, (struct sockaddr *)&address, &n);
  snprintf(url, sizeof url, "http://127.0.0.1:%d/v1/x", ntohs(address.sin_port));
}

/* A request as the binding would make it; false when an allocation failed. */
static inline bool make_request(struct llg_request *r, bool stream) {
  memset(r, 0, sizeof *r);
  llg_buffer_init(&r->body, 1024);
  r->settings = llg_settings_new();
  r->method = llg_strndup("POST", 4);
  r->url = llg_strndup(url, strlen(url));
  r->has_body = true;
  r->stream = stream;
  r->max_response_bytes = 1 << 20;
  r->clocks.total_ms = 20000;
  r->clocks.idle_ms = 10000;
  if (
    r->settings != NULL && r->method != NULL && r->url != NULL
    && llg_buffer_append(&r->body, "{}", 2) == LLG_OK
    && llg_header_list_set(&r->settings->headers, "Authorization", 13, "Bearer k", 8)
         == LLG_OK
    && llg_settings_seal(r->settings) == LLG_OK)
    return true;
  llg_request_free(r);
  return false;
}

#endif
