/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The session that a tool was started in. The shim does nothing in tools. */
#ifndef PRIVTMP_OUTER_H
#define PRIVTMP_OUTER_H

#include <stdbool.h>

#include "session/lease.h"

/*
 * Reads the lease of the session that this process was started in, and makes pt_view
 * follow it. The inherited descriptor of the lease stays open, because the session is
 * used, but becomes close-on-exec.
 */
bool outer_session(struct lease *lease);

/*
 * Moves from the outer session's backing of a guarded directory to that directory, for
 * a new session.
 */
void outer_leave_backing(const struct lease *outer);

#endif
