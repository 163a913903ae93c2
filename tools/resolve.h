/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where paths lead. The shim does nothing in tools, so they resolve paths of the
 * session that they were started in themselves.
 */
#ifndef PRIVTMP_RESOLVE_H
#define PRIVTMP_RESOLVE_H

#include "route/walk.h"

enum { RESOLVE_PATH = WALK_ROOM + WALK_PATH };

/*
 * Where PATH leads by the policy of pt_view. VIEW gets its name in the view, without
 * links, and OUT the real path; either may be NULL. 0 or an errno.
 */
int resolve_path(const char *path, char view[RESOLVE_PATH], char out[RESOLVE_PATH]);

#endif
