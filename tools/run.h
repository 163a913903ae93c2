/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Running a command in a session of its own, with something to do on the way. */
#ifndef PRIVTMP_RUN_H
#define PRIVTMP_RUN_H

#include "launch.h"

/* Each may be NULL. */
struct run_hooks {
	/* The command and the shim have been found. -1, having reported: it is not to run. */
	int (*prepared)(struct launch *launch, void *data);
	/* The session is there; the command is about to start. */
	void (*begins)(const struct launch *launch, void *data);
	/* The command has ended, and its files are still there. Returns the exit status. */
	int (*ended)(const struct launch *launch, int status, void *data);
	void *data;
};

/* privtmp run, with HOOKS. Once in a process. */
int run_hooked(const struct options *options, int argc, char **argv,
	       const struct run_hooks *hooks);

#endif
