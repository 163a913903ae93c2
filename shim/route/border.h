/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Links that lead across a guarded directory's border.
 *
 * A link's text is kept as the program wrote it, so that readlink, lstat and
 * every archiver see it byte for byte. The kernel alone would follow it to the
 * wrong place, so from the moment that one exists, the session's lease says so
 * and paths are walked (walk.h). Most sessions never have one.
 */
#ifndef PRIVTMP_BORDER_H
#define PRIVTMP_BORDER_H

#include "route/route.h"

/* Something moves from one route to another: it may be, or hold, a link. */
void border_moving(const struct route *from, int fromfd, const struct route *to);

/*
 * A link with this TEXT is about to be made at PATH (as given, seen from
 * DIRFD); *TO is its route.
 */
void border_making(const char *text, int dirfd, const char *path, const struct route *to);

#endif
