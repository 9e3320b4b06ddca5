/* random.h - random bytes that nobody can foresee, from the system. */
#ifndef LLG_RANDOM_H
#define LLG_RANDOM_H

#include <stdbool.h>
#include <stddef.h>

/* Fill `out` with n hexadecimal digits (n even, at most 64) and a NUL. False where the system has
** no random bytes to give. */
bool llg_random_hex(char *out, size_t n);

#endif
