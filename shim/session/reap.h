/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Removing a session that all members have left. */
#ifndef PRIVTMP_SESSION_REAP_H
#define PRIVTMP_SESSION_REAP_H

#include <stdbool.h>

struct remains;

/*
 * Waits until the session whose root is open as ROOTFD has no member left, and removes
 * it, as its owner, who must be the effective user. LEASE is its lease, by an open file
 * description that nobody shares. WAIT: whether to wait. After a signal handler, WOKEN
 * decides whether to go on waiting; NULL: no, and the result is -EINTR. Returns 0 when
 * the session is gone, -EWOULDBLOCK while members live, -ECANCELED where it is kept, or
 * -errno.
 */
int session_reap(int rootfd, int lease, bool wait, bool (*woken)(int rootfd, int lease),
		 struct remains *remains);

/*
 * Tells the members of the session whose root is open as ROOTFD that it no longer has a
 * helper.
 */
void session_unwatched(int rootfd);

#endif
