/*
** openssl.h - the TLS library below libcurl, where it is OpenSSL (1.1 or later): for the few things
** that libcurl has no word for. Its types are opaque to us.
*/
#ifndef LLG_OPENSSL_H
#define LLG_OPENSSL_H

#include <stdbool.h>
#include <stddef.h>

/* Put the address of one of its functions into a pointer to such a function; false where libcurl
** uses another library, or another version. */
bool llg_openssl_find(const char *name, void *function, size_t size);

#define LLG_OPENSSL_FIND(pointer, name) \
  llg_openssl_find(name, &(pointer), sizeof(pointer))

#endif
