/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lock of a lease: lease.h. */
#ifndef PRIVTMP_SESSION_LEASE_LOCK_H
#define PRIVTMP_SESSION_LEASE_LOCK_H

#include <stdbool.h>

/*
 * Takes the lock that a member holds. Never waits. 0 or more, or -EWOULDBLOCK while a
 * remover is at work.
 *
 * flock(2); where a seccomp filter or the file system refuses that, as those
 * of man-db do, an open file description's own fcntl(2) lock, which lives as
 * long (then LEASE_SHARED_OTHERWISE). BOTH: that one in any case, for the lease says
 * LEASE_LOCK_DESCRIPTION: there may be members who can ask for no other.
 */
enum { LEASE_SHARED_OTHERWISE = 1 };
int lease_share(int fd, bool both);

/*
 * Takes the lock that says that nobody else is a member. WAIT: until that is
 * so, or a signal handler runs (-EINTR); else -EWOULDBLOCK where it is not. Who
 * is refused the lock that the others have is told the same, or -ENOLCK at once.
 */
int lease_own(int fd, bool wait);

/* Lets go of what the two have taken. */
void lease_release(int fd);

#endif
