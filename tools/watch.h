/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Watching a command: the signals that go to it and its stops that come back,
 * so that whoever started privtmp does not see that there are two processes.
 *
 * The command is in privtmp's own process group, so that it has the terminal
 * and job control as if it had been started alone. What the terminal sends
 * reaches both; what others send to privtmp is passed on.
 */
#ifndef PRIVTMP_WATCH_H
#define PRIVTMP_WATCH_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/* What this process had before watch_begin, for the command to have again. */
struct inherited {
	sigset_t mask;
	struct sigaction on_child;
};

struct watch {
	struct inherited inherited;
	int signals; /* signalfd */
	pid_t child;
	pid_t helper;	/* 0: none */
	sigset_t early; /* came in while the command was being started */
	bool stopped;
	bool ended;
	int status; /* as wait(2) has it */
	/* The command's page says by this that its shim has loaded. */
	const volatile unsigned char *joined;
	int started; /* end of a pipe that closes at exec, or -1 */
	int error;   /* errno of a failed exec */
};

/* From here on signals wait to be looked at. 0 or -errno. */
int watch_begin(struct watch *watch);

/* In the child: all as it was. */
void watch_restore(const struct inherited *inherited);

/*
 * Until the command ends, or MILLISECONDS (-1: no limit) have passed since it
 * was executed. Returns whether it has ended.
 */
bool watch_command(struct watch *watch, int milliseconds);

/*
 * Until PID ends; *STATUS is then set. -EINTR when a signal that asks to end came
 * first, -ETIMEDOUT when MILLISECONDS (-1: no limit) have passed; else 0.
 */
int watch_helper(struct watch *watch, pid_t pid, int milliseconds, int *status);

#endif
