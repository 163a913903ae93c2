/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Removal of a session's trees: by descriptor, following no link, crossing no
 * mount, mending permissions that are in the way, of any depth, and not
 * stopping at the first file that cannot be removed.
 */
#ifndef PRIVTMP_REMOVE_H
#define PRIVTMP_REMOVE_H

#include "session/lease.h"

/* What could not be removed: how many, and the first. */
struct remains {
	unsigned long count;
	int error;	/* errno of the first */
	char name[256];	/* its name within its directory */
};

/*
 * Removes the backings of LEASE's session, its lease and its roots. To be
 * called by the holder of the lease's exclusive lock. Returns 0, or -errno of
 * the first thing that is left; REMAINS may be NULL.
 */
int remove_session(const struct lease *lease, struct remains *remains);

/*
 * Removes everything in the directory ROOTFD but the entry KEEP (NULL: all).
 * ROOTFD must be writable by the caller alone.
 */
int remove_contents(int rootfd, const char *keep, struct remains *remains);

#endif
