/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Real paths: the shim stands aside around the tools, so what a path means in
 * the session that they were started in they have to find out by themselves.
 */
#ifndef PRIVTMP_REAL_H
#define PRIVTMP_REAL_H

#include <stdbool.h>
#include <stddef.h>

#include "session/lease.h"
#include "route/walk.h"

enum { REAL_PATH = WALK_ROOM + WALK_PATH };

/*
 * Where PATH leads by the policy that pt_view has. VIEW gets its name in the
 * view, without what a walk has resolved, and OUT the real path; either may be
 * NULL. Returns 0 or an errno.
 */
int real_path(const char *path, char view[REAL_PATH], char out[REAL_PATH]);

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
