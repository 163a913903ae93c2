/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Launches a command into the session of this process, and waits for its end. Shared by
 * run and enter.
 */
#ifndef PRIVTMP_LAUNCH_H
#define PRIVTMP_LAUNCH_H

#include <stdbool.h>

#include "beside.h"
#include "choose_door.h"
#include "preload.h"
#include "watch.h"

struct launch {
	const struct options *options;
	struct settings settings; /* options, then configuration */
	struct settings exported; /* as variables, for programs that start a session */
	char **argv;		  /* the command's */
	struct shim shim;
	struct program program; /* what the command is */
	struct choice choice;	/* by which door it comes in */
	char path[PATH_MAX];	/* of the command */
	bool unprotected;	/* accepted: no proof is awaited */
	bool proves;		/* the command's shim reports that it has joined */
	bool enters;		/* a session that is there, by whose policy */
	struct beside *beside;	/* it is held to a size, and here; else NULL */
	bool observes; /* the shim itself is wanted, and no door serves instead */
	bool audited;  /* by an audit that this runs in, which sees the command, too */
	struct watch watch;
};

/*
 * Before there is a session: finds the shim and the command, and inspects it. 0, or the
 * exit status after a report.
 */
int launch_prepare(struct launch *launch);

/*
 * After the session has been entered: keeps the command's path valid where the working
 * directory has moved. 0, or the exit status.
 */
int launch_settle(struct launch *launch, const char *former_cwd);

/*
 * As a member: the command's shim must report that it has joined, where the hints can be
 * written. MADE: the session is new, so nobody has reported yet. 0, or -errno where an older
 * report cannot be removed for a moment.
 */
int launch_await_joining(struct launch *launch, bool made);

/* Reports the door, for --verbose. */
void launch_say(const struct launch *launch);

/* Runs the command. Returns its exit status, or one of STATUS_*. */
int launch_command(struct launch *launch);

#endif
