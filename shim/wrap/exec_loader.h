/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Executing a dynamic linker itself; see route/loader.h. */
#ifndef PRIVTMP_EXEC_LOADER_H
#define PRIVTMP_EXEC_LOADER_H

#include "route/loader.h"

struct exec_job;

/*
 * Runs the dynamic linker REAL with real paths in its arguments. As job->run: its result,
 * or an errno.
 */
int loader_run(const struct exec_job *job, const char *real, char *const *argv,
	       char *const *envp);

/*
 * The facts (LOOK_OUTSIDE) for which the shim will not see what the program does that a dynamic
 * linker with the arguments ARGV starts, whatever that itself is; and its *NAME if there are.
 */
unsigned loader_facts(const struct exec_job *job, char *const *argv, const char **name);

/*
 * Call at the start: a program that was run so knows the view's path of itself, and nobody
 * learns that of a backing from its arguments. ARGV is that of main.
 */
void loader_show(char **argv);

#endif
