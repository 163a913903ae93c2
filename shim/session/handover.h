/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Handing a session over to a new image. How that joins: join.c. */
#ifndef PRIVTMP_SESSION_HANDOVER_H
#define PRIVTMP_SESSION_HANDOVER_H

#include <stdbool.h>

#include "core/sys.h"
#include "policy/policy.h"

#define SESSION_VARIABLE "PRIVTMP_SESSION"

/* What a new image needs to join: see session_handover. */
struct handover {
	int fd; /* an inheritable descriptor of the lease, or -errno */
	/* "PRIVTMP_SESSION=FD:PARENT:HOW:ROOT" */
	char variable[sizeof SESSION_VARIABLE "=" + 2 * (SYS_DECIMAL + 1) +
		      sizeof "31:" + POLICY_ROOT_MAX];
};

/* HOW is made of these. */
enum {
	HANDOVER_INSIDE = 1,   /* the working directory may lie in a backing */
	HANDOVER_FIRST = 2,    /* from the launcher, which waits for the joining */
	HANDOVER_PARENT = 4,   /* by name, from whoever is the parent when it starts */
	HANDOVER_CONFINED = 8, /* it is in a domain: confine.h */
	HANDOVER_CALLERS = 16, /* see session_has_callers_variables */
};

/*
 * Opens what a new image inherits. PARENT: the pid of its parent where that is a
 * member, else 0. APART: at SYS_APART or above, for file actions that name numbers which the
 * program has not opened. Never fails: without a descriptor, the image joins by name.
 */
void session_handover(struct handover *handover, int parent, bool apart);
/* Writes the variable for the descriptor in HANDOVER, which may be -1. */
void session_name(struct handover *handover, int parent);
/*
 * What a member shows in its environment, and libc's own children get: the same in every
 * program of a session, so that nobody sees a change over two of them.
 */
void session_name_shown(struct handover *handover);
/* As session_name, for what the launcher executes, which has to say that it has joined. */
void session_name_first(struct handover *handover, int parent);
void session_handover_end(struct handover *handover);

/*
 * Whether the program that is executed now runs for another user: what a set-user-ID
 * program executes as its caller, or with mixed ids, is told nothing of the session.
 */
bool session_is_for_caller(void);

/*
 * Whether what is executed now gets variables of another user's: those of a set-user-ID
 * program's caller. They name no shared paths, neither for it nor for its children.
 */
bool session_has_callers_variables(void);
/* What it is told where there is no session to name. */
#define SESSION_CALLERS SESSION_VARIABLE "=-:-:16:"
_Static_assert(HANDOVER_CALLERS == 16, "SESSION_CALLERS says so");
/* Whether PRIVTMP_SESSION, which is VALUE (NULL: not set), says so. */
bool session_says_callers(const char *value);

#endif
