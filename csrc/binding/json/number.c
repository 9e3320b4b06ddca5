#include "number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t llg_json_integer(char *out, int64_t n) {
  char digits[20];
  size_t n_digits = 0, sign = n < 0;
  uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
  do {
    digits[n_digits++] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest > 0);
  if (sign) out[0] = '-';
  for (size_t i = 0; i < n_digits; i++)
    out[sign + i] = digits[n_digits - 1 - i];
  return sign + n_digits;
}

/* What printf wrote for the decimal point (',' or several bytes) becomes '.'. */
static size_t with_point(char *text) {
  char *write = text;
  for (const char *read = text; *read != '\0'; read++) {
    if (strchr("0123456789+-e", *read) != NULL)
      *write++ = *read;
    else if (write == text || write[-1] != '.')
      *write++ = '.';
  }
  return (size_t)(write - text);
}

size_t llg_json_double(char *out, double x) {
  /* Whole numbers go without exponent: servers that want an integer refuse 1e+15. */
  if (x >= -0x1p63 && x < 0x1p63 && x == (double)(int64_t)x)
    return llg_json_integer(out, (int64_t)x);
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(out, LLG_JSON_NUMBER_BYTES, "%.*g", digits, x);
    if (digits == 17 || strtod(out, NULL) == x) break;
  }
  return with_point(out);
}

size_t llg_json_float(char *out, float x) {
  if (x > -1e9f && x < 1e9f && x == (float)(int64_t)x)
    return llg_json_integer(out, (int64_t)x);
  for (int digits = 6; digits <= 9; digits++) {
    snprintf(out, LLG_JSON_NUMBER_BYTES, "%.*g", digits, (double)x);
    if (digits == 9 || strtof(out, NULL) == x) break;
  }
  return with_point(out);
}
