/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Changes of identity: a daemon that starts as root and becomes a user goes on using
 * its /tmp, whose root is its owner's alone.
 *
 * A user is admitted before the process takes the identity, and the admission is
 * withdrawn when the process gives it up, unless it was for good, or another process
 * has it. A set-user-ID program admits nobody: its caller decides when it runs, and
 * what it finds.
 */
#ifndef PRIVTMP_SETUID_H
#define PRIVTMP_SETUID_H

#include <stdbool.h>

/* State from before the call until after it. */
struct setuid_change {
	bool counts;	    /* the other members are set */
	unsigned before[4]; /* real, effective, saved, of the file system */
	unsigned taken[3];  /* users admitted for it, without repetition */
	int n;		    /* number of these */
};

/*
 * Call before the process takes the identity of the users UID (N of them, ~0u: none):
 * admits them to the session's roots, where it may. ALL: in all threads, as libc's
 * functions. GOOD: the process cannot go back.
 */
void setuid_begin(struct setuid_change *change, const unsigned *uid, int n, bool all,
		  bool good);

/* Call afterwards, also on failure. */
void setuid_end(const struct setuid_change *change);

/* Whether this process, or an ancestor it was forked from, has changed identity. */
bool setuid_dropped(void);

/* Call before another process is created with the current identity. */
void setuid_keep(void);

#endif
