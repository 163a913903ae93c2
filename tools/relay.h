/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Relay: a child without this process's terminal and descriptors. It gets a terminal or
 * pipes of its own, and this process copies between these and its own.
 */
#ifndef PRIVTMP_RELAY_H
#define PRIVTMP_RELAY_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

struct relay {
	pid_t child;
	int master;    /* of the child's terminal, or -1 */
	int own[3];    /* this process's ends of pipes, or -1 */
	sigset_t mask; /* before */
	int lost;      /* the errno by which output could not be carried on; or 0 */
};

/*
 * Forks. In the child: returns 0, in a session of its own, with standard streams of its
 * own: a terminal where one of these is one, and, with PIPES, a pipe for each that is
 * not. The terminal belongs to UID, and all other descriptors are closed then. In the
 * parent: returns its pid, or -errno.
 */
pid_t relay_start(struct relay *relay, bool pipes, uid_t uid);

/* In the parent: copies until the child ends. Returns its wait status. */
int relay_run(struct relay *relay);

#endif
