/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The session that a tool was started in, around which the shim stands aside. */
#ifndef PRIVTMP_OUTER_H
#define PRIVTMP_OUTER_H

#include <stdbool.h>

#include "session/lease.h"

/*
 * Reads the lease of the session that this process was started in, and lets
 * pt_view follow it. The descriptor of that lease which has been inherited
 * stays open, because what is there is being used, but is handed on to nobody.
 */
bool outer_session(struct lease *lease);

/*
 * Whoever stands in the outer session's backing of a guarded directory stands
 * in that directory, as far as a new session is concerned.
 */
void outer_leave_backing(const struct lease *outer);

#endif
