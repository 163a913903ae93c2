/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Watches a command: passes signals on to it, and reports its stops, so that the caller
 * of privtmp does not see two processes.
 *
 * The command is in privtmp's process group, so it has the terminal and job control as
 * if it was started alone. Signals from the terminal reach both; those sent to privtmp
 * are passed on.
 */
#ifndef PRIVTMP_WATCH_H
#define PRIVTMP_WATCH_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/* The signals by which users and systems end a program. */
#define WATCH_ENDS SIGHUP, SIGINT, SIGQUIT, SIGTERM

/* The state of this process before watch_begin, restored for the command. */
struct inherited {
	sigset_t mask;
	struct sigaction on_child;
};

struct watch {
	struct inherited inherited;
	int signals; /* signalfd */
	pid_t child;
	pid_t helper;	/* 0: none */
	pid_t probe;	/* a child that ends soon by itself; 0: none */
	sigset_t early; /* arrived while the command was being started */
	bool stopped;
	bool ended;
	int status; /* as wait(2) has it */
	/* Set in the hints by the command's shim when it has joined; NULL: not mapped. */
	const volatile unsigned char *joined;
	int started; /* end of a pipe that closes at exec, or -1 */
	int error;   /* errno of a failed exec */
};

/* From now on signals are queued. 0 or -errno. */
int watch_begin(struct watch *watch);

/* In the child: restores the state. */
void watch_restore(const struct inherited *inherited);

/*
 * Waits until the command ends, or MILLISECONDS (-1: no limit) have passed since it was
 * executed. Returns whether it has ended.
 */
bool watch_command(struct watch *watch, int milliseconds);

/*
 * Waits until PID ends, and sets *STATUS: to that of a failure where PID is no child. 0;
 * -EINTR after a signal that asks to end; -ETIMEDOUT after MILLISECONDS (-1: no limit).
 */
int watch_helper(struct watch *watch, pid_t pid, int milliseconds, int *status);

#endif
