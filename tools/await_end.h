/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the helper does: wait for a session's end. */
#ifndef PRIVTMP_AWAIT_END_H
#define PRIVTMP_AWAIT_END_H

/*
 * Waits until the session whose root is open as ROOTFD, and its lease as
 * LEASE, has no member left and
 * removes it. Takes over the process's signals. Returns 0 when it is gone, or -errno.
 */
int await_end(int rootfd, int lease);

#endif
