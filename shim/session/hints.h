/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Hints: what members of a session let each other know while it lives.
 *
 * They lie in a file of their own, ROOT/hints, that only the session's owner can write
 * and that all members map read-only. A hint that is out of date costs time, or makes
 * a call fail; none leads to an exec, to a removal, or to the shared directory. What
 * decides is the lease's text: lease.h.
 */
#ifndef PRIVTMP_HINTS_H
#define PRIVTMP_HINTS_H

#include <stdbool.h>
#include <stddef.h>

#define HINTS_NAME "hints"

/*
 * The bits are LINKS_* (policy/view.h). The file begins with the same byte four times,
 * each without what its number says, so that a process that need not be told of the
 * one or the other any more has a byte to look at that does not say it:
 */
enum {
	HINTS_SANS_MIXED = 1,
	HINTS_SANS_UNWATCHED = 2,
	HINTS_BYTES = 4,
	HINTS_JOINED = HINTS_BYTES, /* '?': a launcher waits; 'j': joined */
	HINTS_TOLD = 8,		    /* what was told, by 4 bytes: hints_tell */
	HINTS_TOLDS = 30,
	HINTS_SIZE = HINTS_TOLD + 4 * HINTS_TOLDS,
};

/*
 * What is assumed where there are none that can be believed: the worst. And what
 * stands for those that a process has not mapped yet: LINKS_UNREAD.
 */
extern const unsigned char hints_unknown[HINTS_BYTES], hints_unread[HINTS_BYTES];

/* Makes the file, which says nothing at first, in the root ROOTFD. 0 or -errno. */
int hints_make(int rootfd);

/*
 * Maps the hints of the session at ROOT, that OWNER owns. hints_unknown where they
 * cannot be believed. For the rest of the process's life: nothing unmaps them.
 */
const unsigned char *hints_map(const char *root, unsigned owner);

/*
 * Sets and clears bits, as OWNER, who must be the effective user. Waits a moment at
 * most for others who are at it. 0 or -errno.
 */
int hints_change(const char *root, unsigned owner, unsigned char set,
		 unsigned char clear);

/* Writes the byte that a launcher waits for. 0 or -errno. */
int hints_joined(const char *root, unsigned owner, char value);

/*
 * Notes that members are told of WHAT, which is not 0. Returns whether nobody has been
 * before, as far as that can be known.
 */
bool hints_tell(const char *root, unsigned owner, unsigned what);

/* A number, which is not 0, for NAME. */
unsigned hints_hash(const char *name);

/*
 * The same in the N numbers at TOLD, 0 at first: whether WHAT is none of them, and is one
 * from now on. A full table has no more news.
 */
bool hints_news(unsigned *told, size_t n, unsigned what);

/*
 * Takes a lock that only the owner can ask for, in the root ROOTFD, for a moment at
 * most: who changes the hints, or lets users in, does so alone. A descriptor, which
 * holds it until it is closed, or -errno.
 */
int hints_lock(int rootfd);

#endif
