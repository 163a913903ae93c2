/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Removing trees: by descriptor, without following links or crossing mounts, with
 * permissions changed where needed, at any depth, and without stopping at the first
 * failure.
 */
#ifndef PRIVTMP_REMOVE_TREE_H
#define PRIVTMP_REMOVE_TREE_H

#include "core/sys.h"

enum { REMOVE_OWN_NAME = sizeof ".r" + SYS_DECIMAL };

/* What could not be removed: the number, and the first. */
struct remains {
	unsigned long count;
	int error;	/* errno of the first */
	char name[256]; /* the last component of its path */
};

/* Writes ".r<N>" to OUT: how what waits in the root to be emptied is named there. */
void remove_own_name(unsigned long n, char out[REMOVE_OWN_NAME]);

/*
 * Removes everything but the entry KEEP (NULL: none) in the directory ROOTFD, which
 * nobody but the caller can write to. Adds to REMAINS. 0 or the first -errno.
 */
int remove_contents(int rootfd, const char *keep, struct remains *remains);

#endif
