/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Hints: what the members of a session tell each other while it lives.
 *
 * They are in a file of their own, ROOT/hints. Only the session's owner can write it;
 * all members map it read-only. An outdated hint costs time, or makes a call fail. None
 * leads to an exec, to a removal, or to the shared directory. What decides is the text
 * of the lease: lease.h.
 */
#ifndef PRIVTMP_HINTS_H
#define PRIVTMP_HINTS_H

#include <stdbool.h>
#include <stddef.h>

#define HINTS_NAME "hints"

/*
 * The bits are LINKS_* (policy/view.h). The file begins with four copies of the same
 * byte. Each copy lacks the bits of its number, so that a process that already knows of
 * these can read a byte without them:
 */
enum {
	HINTS_SANS_MIXED = 1,
	HINTS_SANS_UNWATCHED = 2,
	HINTS_BYTES = 4,
	HINTS_JOINED = HINTS_BYTES, /* 0 or '?': not yet; 'j': joined */
	HINTS_KEEPER,		    /* 'k': a keeper of which the helper does not know */
	HINTS_TOLD = 8,		    /* what was told, by 4 bytes: hints_tell */
	HINTS_TOLDS = 30,
	HINTS_SIZE = HINTS_TOLD + 4 * HINTS_TOLDS,
};

/*
 * The value where there are no hints that can be trusted: the worst case. And the value
 * before a process has mapped them: LINKS_UNREAD.
 */
extern const unsigned char hints_unknown[HINTS_BYTES], hints_unread[HINTS_BYTES];

/*
 * Makes the file, with no bit set, in the root ROOTFD. MEETS: others may make it at the same
 * time, or may have; then it is theirs. 0 or -errno.
 */
int hints_make(int rootfd, bool meets);

/*
 * Maps the hints of the session at ROOT, which OWNER owns, for the rest of the
 * process's life. hints_unknown where they cannot be trusted.
 */
const unsigned char *hints_map(const char *root, unsigned owner);

/*
 * Sets and clears bits as OWNER, who must be the effective user. Waits a moment at most
 * for other writers. 0 or -errno.
 */
int hints_change(const char *root, unsigned owner, unsigned char set,
		 unsigned char clear);

/* Writes the byte that a launcher waits for. 0 or -errno. */
int hints_joined(const char *root, unsigned owner, char value);

/* Reads that byte without a mapping, for which there may be no memory; 0: it cannot be. */
char hints_read_joined(const char *root, unsigned owner);

/* Notes that a namespace of the mount door has a keeper of its own. 0 or -errno. */
int hints_keeper(const char *root, unsigned owner);

/* What the file in the root ROOTFD says of doors: LINKS_DOOR; *KEEPERS: as HINTS_KEEPER. */
unsigned char hints_of_doors(int rootfd, bool *keepers);

/*
 * Notes that members are told of WHAT, which is not 0. Returns whether nobody has been
 * before, as far as that can be known.
 */
bool hints_tell(const char *root, unsigned owner, unsigned what);

/*
 * Whether WHAT, which is not 0, is none of the N numbers at TOLD, which are 0 at first; from
 * now on it is one. A full table has no more news.
 */
bool hints_news(unsigned *told, size_t n, unsigned what);

/* A number, which is not 0, for NAME: a WHAT of these two. */
unsigned hints_hash(const char *name);

/*
 * Takes the owner's lock in the root ROOTFD, waiting a moment at most: for changes of
 * the hints, and for admissions. A descriptor that holds it, or -errno.
 */
int hints_lock(int rootfd);

#endif
