/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Other identities: a daemon that starts as root and drops to a user goes on
 * using its /tmp, whose session root is its owner's alone.
 *
 * A user is let in before the process takes it on, and is locked out again when the
 * process has given it up, unless it was taken on for good, or another process has it.
 * A program that has its rights by a set-user-ID bit lets nobody in: whoever runs it
 * chooses when, and what it meets.
 */
#ifndef PRIVTMP_SETUID_H
#define PRIVTMP_SETUID_H

#include <stdbool.h>

/* A change of identity, from before the call to after it. */
struct setuid_change {
	bool counts;	    /* the rest is said */
	unsigned before[4]; /* real, effective, saved, of the file system */
	unsigned taken[3];  /* who was let in for it, each once */
	int n;		    /* how many */
};

/*
 * Before the process takes on the users UID (N of them, ~0u for none): lets them
 * search the session's roots, where that is ours to give. ALL: in all threads, as
 * libc's own functions do it. GOOD: it will not be able to go back.
 */
void setuid_begin(struct setuid_change *change, const unsigned *uid, int n, bool all,
		  bool good);

/* After the call, whatever came of it. */
void setuid_end(const struct setuid_change *change);

/* Whether this process, or what it was forked from, has taken on other users. */
bool setuid_dropped(void);

/* Before there is a process that goes on with the users that this one has now. */
void setuid_keep(void);

#endif
