/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lock of a lease: lease.h. */
#ifndef PRIVTMP_SESSION_LEASE_LOCK_H
#define PRIVTMP_SESSION_LEASE_LOCK_H

#include <stdbool.h>

/*
 * Takes a member's shared lock. Never waits. 0 or more, or -EWOULDBLOCK while a remover
 * is at work.
 *
 * The lock is flock(2). Where a seccomp filter (as in man-db) or the file system
 * refuses that, it is a fcntl(2) lock of the open file description, which lives as
 * long; the result is then LEASE_SHARED_OTHERWISE. BOTH: take that lock in any case.
 * The lease says LEASE_LOCK_DESCRIPTION, so there may be members who see no other.
 */
enum { LEASE_SHARED_OTHERWISE = 1 };
int lease_share(int fd, bool both);

/*
 * Takes the exclusive lock, which shows that there is no other member. WAIT: until it
 * is granted, or a signal handler runs (-EINTR); else -EWOULDBLOCK where it is not. A
 * process that cannot use the members' lock gets -EWOULDBLOCK, too, or -ENOLCK at once.
 */
int lease_own(int fd, bool wait);

/* Releases both locks. */
void lease_release(int fd);

#endif
