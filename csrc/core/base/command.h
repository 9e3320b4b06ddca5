/*
** command.h - a program that is run for what it prints, such as one that knows a key: no shell
** between, nothing on its standard input, nobody waits for it.
*/
#ifndef LLG_COMMAND_H
#define LLG_COMMAND_H

#include <stdbool.h>
#include <sys/types.h>

#include "buffer.h"

struct llg_command {
  pid_t pid;        /* 0: none that has to be waited for */
  int out, err;     /* our ends of its pipes; -1: closed */
  unsigned n_forks; /* whose child it is */
  int status;       /* of its end, as waitpid has it; -1: somebody else took it */
  bool too_long;    /* it printed more than LLG_MAX_PRINTED_BYTES */
  bool out_of_memory;
  struct llg_buffer printed; /* on its standard output */
  struct llg_buffer said;    /* on its standard error: the beginning */
};

/* Nothing runs. To be called before anything else. */
void llg_command_init(struct llg_command *c);

/* Run argv[0], looked up in PATH, with these arguments, NULL behind the last. 0, or errno. */
int llg_command_start(struct llg_command *c, char *const argv[]);

/* Take what it has printed. True once it has ended, or has printed too much. */
bool llg_command_is_over(struct llg_command *c);

/* Kill it if it runs, and wipe what it printed. May be called again. */
void llg_command_close(struct llg_command *c);

#endif
