/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Children that the shim cannot be loaded into, and PRIVTMP_UNCOVERED: such a child is
 * executed by privtmp-door, which gives it the session's /tmp by a mount namespace, or
 * keeps it out of the shared one by Landlock; or it is refused, or reported.
 */
#ifndef PRIVTMP_UNCOVERED_H
#define PRIVTMP_UNCOVERED_H

#include <stdbool.h>

#include "wrap/exec.h"
#include "wrap/exec_look.h"

/* The program to be executed, as for execveat(2). PATH is a real one. */
struct target {
	int dirfd;
	const char *path;
	int flags;
	const char *name; /* by the program */
	const char
		*there; /* PATH, as it is to the child that executes it; NULL: the same */
};

/* Whether this process must inspect what it executes, in the environment ENV. */
bool uncovered_matters(const struct exec_env *env);

/*
 * Handles the inspected TARGET. False: execute it as it is. True: the door has executed
 * it, where *ERROR is 0; or it must not be executed. Errors of execve(2) itself stay
 * the same.
 */
bool uncovered_takes(const struct exec_job *job, const struct target *target,
		     struct look *look, char *const *argv, char *const *envp, int *error);

/* The shell of system(3) and the like. */
struct shell {
	char door[512]; /* what it has to execute its command by; empty: nothing */
};

/*
 * Looks at /bin/sh, which libc executes by itself. False: it must not; that has been
 * reported. TAKES_DOOR: it can be given another command, by uncovered_put_command.
 */
bool uncovered_shell(struct shell *shell, bool takes_door);

/*
 * Puts a command to TO (NULL: only counts) by which the shell executes itself once more by
 * the door, with COMMAND. Returns its size.
 */
size_t uncovered_put_command(const struct shell *shell, const char *command, char *to);

#endif
