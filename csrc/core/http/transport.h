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
  char *key; /* two transports are equal if these are; made by llg_transport_seal */
};

/* No more changes. False when out of memory. */
bool llg_transport_seal(struct llg_transport *t);
void llg_transport_free(struct llg_transport *t);

/* All of it on a CURL handle for which nothing was set yet; a CURLcode. */
int llg_transport_apply(const struct llg_transport *t, void *curl);

#endif
