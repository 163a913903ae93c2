/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finding a command and executing it. */
#ifndef PRIVTMP_COMMAND_H
#define PRIVTMP_COMMAND_H

#include <limits.h>
#include <stdbool.h>

/*
 * Finds the command NAME as execvp(3) does, in the view of pt_view. OUT is its real
 * path. 0, or the errno: ENOENT where there is none, EACCES where it cannot be
 * executed.
 */
int command_find(const char *name, char out[PATH_MAX]);

/* What a report says of the ERROR of command_find: the cause and the remedy. */
struct command_report {
	bool absent; /* there is no such command */
	const char *what, *remedy;
	int error; /* as the user should see it */
};
struct command_report command_report(const char *name, int error);

/*
 * Executes PATH. A file in no known format is given to the shell, as execvp(3) does.
 * Returns the errno on failure.
 */
int command_execute(const char *path, char **argv, char **envp);

#endif
