/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a command in a session of its own, with hooks. */
#ifndef PRIVTMP_RUN_H
#define PRIVTMP_RUN_H

#include "launch.h"

/* Each may be NULL. */
struct run_hooks {
	/*
	 * The command and the shim have been found. Returns -1, after a report, if it must
	 * not run.
	 */
	int (*prepared)(struct launch *launch, void *data);
	/* The session exists; the command is about to start. */
	void (*begins)(const struct launch *launch, void *data);
	/* The command has ended, and its files still exist. Returns the exit status. */
	int (*ended)(const struct launch *launch, int status, void *data);
	void *data;
};

/* privtmp run, with HOOKS. Call once per process. */
int run_hooked(const struct options *options, int argc, char **argv,
	       const struct run_hooks *hooks);

#endif
