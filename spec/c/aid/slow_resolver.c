/*
** slow_resolver.c - LD_PRELOADed: a name server that takes LLG_RESOLVER_MS (4000) for the
** host "slow.invalid", and then does not know it. Every other name goes the usual way.
*/
#include <dlfcn.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int resolver(
  const char *node, const char *service, const struct addrinfo *hints,
  struct addrinfo **result);

__attribute__((visibility("default"))) int getaddrinfo(
  const char *restrict node, const char *restrict service,
  const struct addrinfo *restrict hints, struct addrinfo **restrict result) {
  if (node != NULL && strcmp(node, "slow.invalid") == 0) {
    const char *ms = getenv("LLG_RESOLVER_MS");
    usleep((useconds_t)(ms != NULL ? atoi(ms) : 4000) * 1000);
    return EAI_NONAME;
  }
  resolver *next;
  *(void **)&next = dlsym(RTLD_NEXT, "getaddrinfo");
  return next(node, service, hints, result);
}
