/*
** platform.h - what Linux and macOS call by different names, or say differently.
*/
#ifndef LLG_PLATFORM_H
#define LLG_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>

/* Two ends of a pipe that no program inherits which is started. */
bool llg_pipe(int ends[2]);

/* A socket of which the same holds; -1 with errno. */
int llg_socket(int family, int type, int protocol);

/* How many bytes of a socket the peer has not confirmed; 0 where that cannot be told. */
int llg_unconfirmed_bytes(int fd);

/* Whether the peer of a socket will send no more; what it has sent may be unread. */
bool llg_peer_has_closed(int fd);

/* What errno's number means, in `text` or elsewhere. */
const char *llg_why(int number, char *text, size_t n_bytes);

#endif
