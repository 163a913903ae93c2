/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Removing a session's trees: by descriptor, without following links or crossing
 * mounts, with permissions changed where needed, at any depth, and without stopping at
 * the first failure.
 */
#ifndef PRIVTMP_REMOVE_H
#define PRIVTMP_REMOVE_H

#include "session/lease.h"

/* What could not be removed: the number, and the first. */
struct remains {
	unsigned long count;
	int error;	/* errno of the first */
	char name[256]; /* the last component of its path */
};

/*
 * Removes the session of LEASE, whose root is open as ROOTFD: first its lease, so that
 * nobody joins any more, then its further roots, if their texts agree, then the root
 * itself. The caller must be the owner and hold the exclusive lock. Adds to REMAINS, and
 * returns 0, or the first -errno.
 */
int remove_session(const struct lease *lease, int rootfd, struct remains *remains);

/*
 * Removes the contents of the root FD, its text last, and then the root, if ROOT still
 * names it. 0 or -errno.
 */
int remove_root(int fd, const char *root, struct remains *remains);

#endif
