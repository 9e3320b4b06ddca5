/*
** host_pin.h - keep every library that is loaded now until the process ends. lua_close unloads
** the C modules, and a leak that is found later could not be named.
*/
#ifndef LLG_HOST_PIN_H
#define LLG_HOST_PIN_H

#include <dlfcn.h>
#include <link.h>
#include <stdio.h>

enum { MAX_PINNED = 256, MAX_PINNED_PATH = 512 };

struct pins {
  int n;
  char paths[MAX_PINNED][MAX_PINNED_PATH];
};

static inline int pin_collect(struct dl_phdr_info *info, size_t size, void *data) {
  struct pins *pins = data;
  (void)size;
  if (pins->n < MAX_PINNED && info->dlpi_name[0] == '/')
    snprintf(pins->paths[pins->n++], MAX_PINNED_PATH, "%s", info->dlpi_name);
  return 0;
}

static inline void pin_libraries(void) {
  static struct pins pins;
  pins.n = 0;
  dl_iterate_phdr(pin_collect, &pins);
  for (int i = 0; i < pins.n; i++)
    (void)dlopen(pins.paths[i], RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
}

#endif
