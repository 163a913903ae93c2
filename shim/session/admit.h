/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Admission: which other users may use what is in a session.
 *
 * A root stays its owner's: whoever owned it could put something else in the
 * backing's place, under the feet of the daemon that let him in. Search permission is
 * given by a POSIX ACL entry, which leaves everyone else out. Where the file system
 * has no ACLs, or an ACL has no room for yet another user, a group does it that no
 * account has: the session's own, which the process takes along as a supplementary
 * one.
 *
 * From the first admission on the session is a mixed one (LINKS_MIXED): its backings
 * are shared directories, and are used as such.
 */
#ifndef PRIVTMP_ADMIT_H
#define PRIVTMP_ADMIT_H

#include <stdbool.h>

enum {
	ADMIT_BY_USER,	/* the user is in the roots' ACLs; was, before */
	ADMIT_NEW,	/* the same, and was not */
	ADMIT_BY_GROUP, /* the process has to take along admit_group() */
};

/*
 * Lets the user UID search all roots of the session, which have to be made; GOOD: for
 * as long as there is the session. To be called as the session's owner, or as root.
 * ADMIT_* or -errno.
 */
int admit_user(unsigned uid, bool good);

/*
 * Takes back what admit_user gave, in all roots, unless it gave it for good. USERS:
 * how many have come to be that user meanwhile; then nothing is done. 0 or -errno.
 */
int admit_withdraw(unsigned uid, const unsigned *users);

/*
 * The session's own group: from a range that no system gives to accounts, services or
 * containers, by the session's name, so that all members come to the same one.
 */
unsigned admit_group(void);

#endif
