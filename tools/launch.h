/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Launching a command into the session that this process is in, and staying
 * until it has ended. What run and enter have in common.
 */
#ifndef PRIVTMP_LAUNCH_H
#define PRIVTMP_LAUNCH_H

#include <stdbool.h>

#include "choose_door.h"
#include "preload.h"
#include "watch.h"

struct launch {
	const struct options *options;
	struct settings settings; /* the options' over the configuration's */
	struct settings exported; /* as variables for who starts a session */
	char **argv;		  /* the command's */
	struct shim shim;
	struct program program; /* what the command is */
	struct choice choice;	/* by which door it comes in */
	char path[PATH_MAX];	/* of the command */
	bool unprotected;	/* known, and agreed to: no proof is awaited */
	struct watch watch;
};

/*
 * Before there is a session: finds the shim and the command, and looks at the
 * latter. Returns 0, or the exit status, having reported.
 */
int launch_prepare(struct launch *launch);

/*
 * After the session has been entered: the command's path still holds, although
 * the working directory may have moved. 0 or the exit status.
 */
int launch_settle(struct launch *launch, const char *former_cwd);

/* Once a member: the command's shim is to say that it has joined. */
void launch_await_joining(struct launch *launch);

/* What the command is let in by, for --verbose. */
void launch_say(const struct launch *launch);

/* Runs the command. Returns its exit status, or one of STATUS_*. */
int launch_command(struct launch *launch);

#endif
