/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Removing a session that all members have left. */
#ifndef PRIVTMP_SESSION_REAP_H
#define PRIVTMP_SESSION_REAP_H

#include <stdbool.h>

struct lease;
struct remains;

struct reaper {
	/* After a signal handler: whether to go on waiting. NULL: no. */
	bool (*woken)(int rootfd, int lease);
	/* Whether this process knows that nobody is behind the mount door. NULL: no. */
	bool (*knows)(int rootfd);
};

/*
 * Waits until the session whose root is open as ROOTFD has no member left, and removes
 * it, as its owner, who must be the effective user. LEASE is its lease, by an open file
 * description that nobody shares. WAIT: whether to wait. REAPER may be NULL. Returns 0
 * when the session is gone, -EWOULDBLOCK while members live, -EINTR after a signal,
 * -ECANCELED where it is kept, or -errno.
 */
int session_reap(int rootfd, int lease, bool wait, const struct reaper *reaper,
		 struct remains *remains);

/*
 * Whether somebody may be behind the mount door of the session LEASE, whose root is open as
 * ROOTFD, who holds no lock since the keeper was killed.
 */
bool session_is_behind(int rootfd, const struct lease *lease);

/*
 * Tells the members of the session whose root is open as ROOTFD that it no longer has a
 * helper.
 */
void session_unwatched(int rootfd);

#endif
