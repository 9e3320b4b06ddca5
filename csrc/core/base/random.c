#include "random.h"

#include <unistd.h>
#if defined(__APPLE__)
#include <sys/random.h>
#endif

enum { MAX_BYTES = 32 };

bool llg_random_hex(char *out, size_t n) {
  static const char digits[] = "0123456789abcdef";
  unsigned char bytes[MAX_BYTES];
  if (n > 2 * MAX_BYTES || getentropy(bytes, n / 2) != 0) return false;
  for (size_t i = 0; i < n; i++)
    out[i] = digits[i % 2 == 0 ? bytes[i / 2] >> 4 : bytes[i / 2] & 15];
  out[n] = '\0';
  return true;
}
