/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Removing a session: its lease, its roots, and the trees in them (remove_tree.h). */
#ifndef PRIVTMP_REMOVE_H
#define PRIVTMP_REMOVE_H

#include "session/lease.h"
#include "session/remove_tree.h"

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
