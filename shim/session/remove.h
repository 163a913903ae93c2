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
	char name[256]; /* its name within its directory */
};

/*
 * Removes the session of LEASE, whose root is open as ROOTFD: its lease, so that
 * nobody joins any more, its further roots, each where it says that it is one, and
 * itself. To be called by the holder of the lease's exclusive lock, as the owner.
 * Returns 0, or -errno of the first thing that is left; REMAINS may be NULL.
 */
int remove_session(const struct lease *lease, int rootfd, struct remains *remains);

/*
 * Removes what is in the root FD, its text last, and then itself, of the name ROOT, as
 * long as that leads to it. 0 or -errno.
 */
int remove_root(int fd, const char *root, struct remains *remains);

#endif
