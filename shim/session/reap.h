/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The end of a session that others have left. */
#ifndef PRIVTMP_SESSION_REAP_H
#define PRIVTMP_SESSION_REAP_H

#include <stdbool.h>

struct remains;

/*
 * The end of the session whose root is open as ROOTFD, and its lease as LEASE, by a
 * description that nobody else has: waits until no member is left, and removes it, as
 * its owner, who must be the effective user.
 * WAIT: whether to wait. When a signal handler has run, WOKEN is given the lease
 * and asked whether to go on with that; NULL: no. Then it is -EINTR.
 * Returns 0 when it is gone, -EWOULDBLOCK while members live, -ECANCELED when
 * it is kept, or -errno.
 */
int session_reap(int rootfd, int lease, bool wait, bool (*woken)(int rootfd, int lease),
		 struct remains *remains);

/*
 * Tells the members of the session whose root is open as ROOTFD that its helper is
 * there no more.
 */
void session_unwatched(int rootfd);

#endif
