/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where a trace is: a new directory that only the caller can reach, outside of the watched
 * ones, and in memory if possible. Whoever makes it holds a lock on it, which the kernel
 * releases at any end: so one without is left of an audit that was killed.
 */
#ifndef PRIVTMP_AUDIT_PLACE_H
#define PRIVTMP_AUDIT_PLACE_H

#include <limits.h>
#include <stdbool.h>

/* Makes the directory, and locks it as long as *LOCK is open. False with errno set. */
bool place_make(char directory[PATH_MAX], int *lock);

/*
 * Finds the caller's own that are left. SAY, unless it is NULL, is told each, and what came of
 * its removal: 0 or an errno. DRY: nothing is removed.
 */
void place_sweep(bool dry, void (*say)(void *arg, const char *directory, int error),
		 void *arg);

#endif
