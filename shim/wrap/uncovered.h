/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Children that the shim cannot be loaded into, and what PRIVTMP_UNCOVERED says of them:
 * such a one is executed by privtmp-door, which gives it the session's /tmp by a mount
 * namespace or keeps it out of the shared one by Landlock; or it is refused, or named.
 */
#ifndef PRIVTMP_UNCOVERED_H
#define PRIVTMP_UNCOVERED_H

#include <stdbool.h>

#include "wrap/exec.h"
#include "wrap/exec_look.h"

/* What is to be executed, as execveat(2) has it: PATH is a real one. */
struct target {
	int dirfd;
	const char *path;
	int flags;
	const char *name; /* as the program called it */
};

/* Whether this process has to look what it executes, in the environment ENV. */
bool uncovered_matters(const struct exec_env *env);

/*
 * For TARGET, which has been looked at. False: it is to be executed as it is. True: it has
 * been executed by the door, where *ERROR is 0, or must not be, for *ERROR. The errors of
 * execve(2) itself are what they are without a door.
 */
bool uncovered_takes(const struct exec_job *job, const struct target *target,
		     struct look *look, char *const *argv, char *const *envp, int *error);

#endif
