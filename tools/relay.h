/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Relay: a process that has none of this one's terminal and descriptors. A terminal it is
 * given is one of its own; what goes through that, or through pipes, is carried on here.
 */
#ifndef PRIVTMP_RELAY_H
#define PRIVTMP_RELAY_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

struct relay {
	pid_t child;
	int master;    /* of the terminal of its own, or -1 */
	int own[3];    /* pipes' ends that this process has, or -1 */
	sigset_t mask; /* before */
};

/*
 * Forks. In the child, returns 0 with standard streams of its own in a session of its
 * own: a terminal wherever one of these is one, and a pipe for each that is not where
 * PIPES says so; the terminal is UID's, and no other descriptor is left open then. In
 * the parent, its pid; or -errno.
 */
pid_t relay_start(struct relay *relay, bool pipes, uid_t uid);

/* In the parent: carries on until the child ends; its status, as wait(2) has it. */
int relay_run(struct relay *relay);

#endif
