/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What can be seen of one process from outside: whether the shim is in it, and if not,
 * what kept it out. Its memory holds what it has to say of itself, so all of it is to be
 * shown escaped, and believed by nobody.
 */
#ifndef PRIVTMP_PROCESS_H
#define PRIVTMP_PROCESS_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "program.h"

enum process_state {
	PROCESS_GONE,	/* there is none of that number */
	PROCESS_ENDED,	/* waits to be reaped */
	PROCESS_KERNEL, /* a thread of the kernel's */
	PROCESS_CLOSED, /* may not, or could not, be looked into */
	PROCESS_UNSEEN, /* is there, but procfs is not */
	PROCESS_SEEN,
};

struct process_facts {
	enum process_state state;
	int error; /* what kept it from being looked into, an errno; 0: it may not be */
	pid_t pid;
	char command[256];
	char exe[PATH_MAX];
	struct program program; /* what that is */
	bool secure;		/* runs in secure-execution mode */
	unsigned files;		/* that are mapped; more where they take turns */
	char library[PATH_MAX]; /* the shim, as it is mapped; empty: it is not */
	bool lease;		/* has mapped what may be a session's lease */
	bool helper;		/* calls itself one that removes a session */
	bool replaced;		/* another has taken that file's place */
	/* From the environment that it was started with; empty: not said. */
	bool known_environment;
	char preload[1024];
	char mode[32];
	char onfail[32];
	/* The view on which a private directory is mounted, and its root's name. */
	char mounted[256];
	char mounted_root[64];
};

/* The number that a user names a process by (LLONG_MAX for larger ones); -1: no number. */
long long process_number(const char *word);

/* The process of such a number; 0, which is none's, where no process can have it. */
pid_t process_of(long long number);

/* Looks at PID, in a child and for some seconds. PID 0: there is none. */
void process_look(pid_t pid, struct process_facts *out);

#endif
