/*
** memory.h - the allocator of the C core, in one place, so that a test can make the
** n-th call fail. libcurl and Lua keep their own.
*/
#ifndef LLG_MEMORY_H
#define LLG_MEMORY_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#ifdef LLG_TEST_ALLOCATOR
/* Fail the n-th allocation from now on (1 is the next one) and every later one until it
** is called again; 0 never fails. */
void llg_test_fail_at(long n);
/* Allocations seen since the last llg_test_fail_at. */
long llg_test_allocations(void);
void *llg_malloc(size_t n_bytes);
void *llg_calloc(size_t n, size_t n_bytes);
void *llg_realloc(void *p, size_t n_bytes);
void llg_free(void *p);
#else
#define llg_malloc malloc
#define llg_calloc calloc
#define llg_realloc realloc
#define llg_free free
#endif

/* A copy of n bytes with a NUL behind them, or NULL when out of memory. */
char *llg_strndup(const char *s, size_t n);

/* Overwrite what was secret; the compiler may not drop it. */
void llg_wipe(void *p, size_t n_bytes);

#endif
