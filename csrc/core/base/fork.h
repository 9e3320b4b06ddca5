/*
** fork.h - whether the process was forked since: a number that changes in the child. To look
** at it costs nothing, where getpid is a system call.
*/
#ifndef LLG_FORK_H
#define LLG_FORK_H

/* How many forks lie between this process and the one that asked first. */
unsigned llg_fork_count(void);

#endif
