/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Admission: which other users may reach the contents of a session.
 *
 * A root stays its owner's. If it were given to an admitted user, that user could
 * replace the backing under the daemon. So a POSIX ACL entry gives search permission,
 * to that user alone. Where the file system has no ACLs, or the ACL has no room for
 * another user, a group without accounts is used instead: the session's own, which the
 * process takes as a supplementary group.
 *
 * From the first admission on the session is mixed (LINKS_MIXED): its backings are
 * treated like shared directories.
 */
#ifndef PRIVTMP_ADMIT_H
#define PRIVTMP_ADMIT_H

#include <stdbool.h>

enum {
	ADMIT_BY_USER,	/* the user is in the roots' ACLs, and was before */
	ADMIT_NEW,	/* the user was added to the roots' ACLs */
	ADMIT_BY_GROUP, /* the process has to join admit_group() */
};

/*
 * Lets the user UID search all roots of the session, which must exist. GOOD: for the
 * life of the session. Call as the session's owner, or as root. ADMIT_* or -errno.
 */
int admit_user(unsigned uid, bool good);

/*
 * Undoes admit_user in all roots, unless it was for good. USERS: how many processes
 * have become that user meanwhile; if any, nothing is done. 0 or -errno.
 */
int admit_withdraw(unsigned uid, const unsigned *users);

/*
 * The session's own group, from a range that no system uses for accounts, services or
 * containers. Derived from the session's name, so all members get the same one.
 */
unsigned admit_group(void);

#endif
