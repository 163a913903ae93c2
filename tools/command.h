/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finding a command and executing it. */
#ifndef PRIVTMP_COMMAND_H
#define PRIVTMP_COMMAND_H

#include <limits.h>

/*
 * Finds the command NAME as execvp(3) does, in the view that pt_view has; OUT
 * is its real path. 0, or the errno: ENOENT where
 * there is none, EACCES where there is one that may not be executed.
 */
int command_find(const char *name, char out[PATH_MAX]);

/*
 * Executes PATH; a file in no known format is given to the shell, as execvp
 * does. Returns the errno, if at all.
 */
int command_execute(const char *path, char **argv, char **envp);

#endif
