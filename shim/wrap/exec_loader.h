/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A dynamic linker that is executed itself, as ldd(1) does: it opens the program and the
 * libraries that its arguments name, where no wrapper sees it.
 */
#ifndef PRIVTMP_EXEC_LOADER_H
#define PRIVTMP_EXEC_LOADER_H

#include <stdbool.h>
#include <stddef.h>

struct exec_job;

/* Whether PATH is called as dynamic linkers are. */
bool loader_is(const char *path);

/*
 * Runs the dynamic linker REAL with real paths in its arguments. As job->run: its result,
 * or an errno.
 */
int loader_run(const struct exec_job *job, const char *real, char *const *argv,
	       char *const *envp);

/*
 * Call at the start: a program that was run so knows the view's path of itself. ARGV is
 * that of main.
 */
void loader_show(char **argv);

#endif
