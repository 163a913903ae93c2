/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions of session.c for this folder alone. */
#ifndef PRIVTMP_SESSION_INTERNAL_H
#define PRIVTMP_SESSION_INTERNAL_H

#include <stdbool.h>

#include "session/session.h"

/*
 * Keeps the lock of the lease FD: by a mapping, after which FD is closed, or by FD
 * itself, which is moved out of the program's way. 0 or -errno.
 */
int session_hold(int fd);

void session_set_state(enum session_state state);

/* Whether who has one root directory meets here: others may make, or use, the same root. */
static inline bool session_meets(void)
{
	return pt_session.lease.policy.scope == SCOPE_ROOT;
}

/*
 * There is no session: guarded paths fail from now on with ERROR, as ONFAIL says. A
 * policy is set that says what is guarded, even where the requested one is invalid.
 */
void session_fail(int error, enum onfail onfail);

/*
 * Makes the planned session. The state is STARTING before, and another one afterwards.
 * TOOL and CHILD: as SETTINGS and HELPER of session_enter. 0 or an errno.
 */
int session_make_planned(enum onfail onfail, bool tool, int *child);

#endif
