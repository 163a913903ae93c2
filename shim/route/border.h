/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Links that lead across a guarded directory's border.
 *
 * A link keeps the text that the program gave, so that readlink, lstat and archivers
 * see it unchanged. The kernel alone would follow it to the wrong place. So once such a
 * link exists, the session's hints say so, and paths are walked (walk.h). Most sessions
 * have none.
 */
#ifndef PRIVTMP_BORDER_H
#define PRIVTMP_BORDER_H

#include "route/route.h"

/* Call before something moves from one route to another: it may be or contain a link. */
void border_moving(const struct route *from, int fromfd, const struct route *to);

/*
 * Call before a link with this TEXT is made at PATH (as given, seen from DIRFD); *TO is
 * its route.
 */
void border_making(const char *text, int dirfd, const char *path, const struct route *to);

/*
 * The errno for moving or replacing PATH (LEN bytes) outside of the backings, or 0: a
 * guarded directory in it would be the shared one under its new name.
 */
int border_refuse(const char *path, size_t len);

#endif
