/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether a file belongs to root, and about whose files a process can be believed. In a user
 * namespace without user 0, the kernel shows files of root, and of all users outside the
 * namespace, as those of the overflow user (user_namespaces(7)).
 */
#ifndef PRIVTMP_OWNER_H
#define PRIVTMP_OWNER_H

#include <stdbool.h>

/* The default of /proc/sys/kernel/overflowuid. Another value there is not recognized. */
enum { OVERFLOW_USER = 65534 };

/*
 * Whether UID can be root: it is 0; or it is the overflow user, this namespace has no
 * user 0, and "/" belongs to the overflow user, too. In the second case UID may also be
 * any user outside the namespace, so ask only about what nobody but root can have made.
 */
bool owner_may_be_root(unsigned uid);

/*
 * Whether UID owns the directory PATH as root: it is 0; or it can be root, and PATH is one of
 * the system's own directories ("" is "/"). Others may be any unknown user's.
 */
bool owner_is_system(unsigned uid, const char *path);

/*
 * Whether files of UID are of one user. False where it is the overflow user, and stands for
 * all whom this namespace does not know.
 */
bool owner_is_known(unsigned uid);

/*
 * Whether all that is shown as UID's, processes too, is of one user. False where UID is the
 * overflow user and the namespace has not all users, even if that one is among those it has.
 */
bool owner_is_one(unsigned uid);

/*
 * Whether the directory or file PATH, which is UID's, is EUID's own. Where EUID is the
 * overflow user, and the namespace has not all users, the others' are shown as EUID's, too.
 * There a link is nobody's own.
 */
bool owner_is_self(unsigned uid, unsigned euid, const char *path);

/*
 * Whether this namespace knows the user UID and the group GID of a file. If not, the kernel
 * ignores its set-user-ID and set-group-ID bits.
 */
bool owner_gives_rights(unsigned uid, unsigned gid);

/*
 * Whether what the process PID, a name in the directory PROC, shows of itself can be believed
 * about files of UID. That is so if it is UID's, or if none but UID and root can have made
 * its user namespace. In a namespace of his own anyone can mount anything under any name.
 */
bool owner_rules(int proc, const char *pid, unsigned uid);

struct statx;

/* Whether both files are on one file system. */
bool owner_same_mount(const struct statx *one, const struct statx *other);

/*
 * Whether a file system is mounted at PATH, whose status ST sys_look has told: another one than
 * that which it lies in, by its text. 1, 0, or -errno.
 */
int owner_mounted(const char *path, const struct statx *st);

/*
 * Whether another user can have said who owns the directory PATH, whose status is ST: by a FUSE
 * that is mounted there, where the directory around it, whose status is AROUND, lets others
 * make names.
 */
bool owner_is_said(const char *path, const struct statx *st, const struct statx *around);

/* The same of PATH, by its text, and ST, which sys_look has told. */
bool owner_is_said_at(const char *path, const struct statx *st);

/*
 * Whether another user can have mounted a file system at PATH or on the way to it, which may
 * answer nobody, or have made a link on the way. False, too, where nothing is there.
 */
bool owner_leads_away(const char *path);

#endif
