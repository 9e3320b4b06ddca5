/*
** bytes.h - eight bytes as one number, the first one lowest, on every machine. Compilers make
** one load of it where that is what it is.
*/
#ifndef LLG_BYTES_H
#define LLG_BYTES_H

#include <stdint.h>

static inline uint64_t llg_load64(const unsigned char *p) {
  return p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24
         | (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48
         | (uint64_t)p[7] << 56;
}

#endif
