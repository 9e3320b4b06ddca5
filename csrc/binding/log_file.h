/*
** log_file.h - lines at the end of a file that several processes may share: core.log.
*/
#ifndef LLG_LOG_FILE_H
#define LLG_LOG_FILE_H

#include "compat.h"

/* Add `log` to the module on top of the stack. */
void llg_open_log_file(lua_State *L);

#endif
