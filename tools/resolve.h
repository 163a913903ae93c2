/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where paths lead: the shim stands aside around the tools, so what a path means in
 * the session that they were started in they have to find out by themselves.
 */
#ifndef PRIVTMP_RESOLVE_H
#define PRIVTMP_RESOLVE_H

#include "route/walk.h"

enum { RESOLVE_PATH = WALK_ROOM + WALK_PATH };

/*
 * Where PATH leads by the policy that pt_view has. VIEW gets its name in the
 * view, without what a walk has resolved, and OUT the real path; either may be
 * NULL. Returns 0 or an errno.
 */
int resolve_path(const char *path, char view[RESOLVE_PATH], char out[RESOLVE_PATH]);

#endif
