/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeping a used session from looking old. */
#ifndef PRIVTMP_KEEPALIVE_H
#define PRIVTMP_KEEPALIVE_H

/*
 * Updates the times of the directories of a session, whose root ROOTFD and LEASE are
 * open, and of the lease. A cleaner that goes by age would remove them from a program
 * that has not used its /tmp for days.
 *
 * The program's own files grow old, as in any /tmp. From systemd-tmpfiles they are
 * protected, too, by locks.
 */
void keep_alive(int rootfd, int lease);

#endif
