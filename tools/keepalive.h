/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeping a session that is in use from looking old. */
#ifndef PRIVTMP_KEEPALIVE_H
#define PRIVTMP_KEEPALIVE_H

/*
 * Makes the directories of a session, whose root ROOTFD and LEASE are open, look as if
 * they had just been used, and the lease, too. What cleans /tmp by age would take them
 * away from a program that has not used its /tmp for days.
 *
 * The program's own files are left to grow old, as they would in any /tmp; but where
 * it is systemd-tmpfiles that cleans, they are protected, too, by locks.
 */
void keep_alive(int rootfd, int lease);

#endif
