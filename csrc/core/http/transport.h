/*
** transport.h - what the connections of a client depend on: whom they trust, how they prove who
** they are, and by which way they go. Two clients for which all of it is equal may share a
** connection.
*/
#ifndef LLG_TRANSPORT_H
#define LLG_TRANSPORT_H

#include <stdbool.h>

/* Owned strings, NULL where nothing was said. */
struct llg_transport {
  bool tls_verify; /* false only where the user said so */
  char *ca_file;   /* with either of the two, the system's authorities are out */
  char *ca_path;
  char *client_cert; /* files: who we are, and the key for it */
  char *client_key;
  bool tls_1_3;      /* no less; else no less than 1.2 */
  char *proxy;       /* a URL, which may hold a password; NULL: none */
  char *no_proxy;    /* hosts that are asked without it, as curl has them */
  char *unix_socket; /* the server is behind this path, whatever the URL names */
  char *key; /* two transports are equal if these are; made by llg_transport_seal */
};

/* No more changes. False when out of memory. */
bool llg_transport_seal(struct llg_transport *t);
void llg_transport_free(struct llg_transport *t);

/* All of it on a CURL handle for which nothing was set yet; a CURLcode. */
int llg_transport_apply(const struct llg_transport *t, void *curl);

#endif
