/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The helper: a process that removes what the session leaves, however it ends. It is
 * given descriptors, not names: its descriptor 3 is the session's root, and 4 the lease.
 *
 * It is started from inside a program that must not notice: no child that wait(2)
 * would report, no SIGCHLD, no descriptor, no stack of the caller's, and no copy of
 * its memory.
 */
#ifndef PRIVTMP_HELPER_H
#define PRIVTMP_HELPER_H

#include <stdbool.h>
#include <sys/types.h>

#include "session/make.h"

enum { HELPER_ROOT = 3, HELPER_LEASE = 4 }; /* the descriptors */

/*
 * Makes the planned session, and starts its helper, so that there is at no time a root
 * that nobody living knows. *WATCHED: whether a helper is there; -errno where one was
 * wanted and could not be started. CHILD, where not NULL, is a tool's: the helper is its
 * child, of that pid, to be waited for.
 */
void helper_make(struct making *making, int *watched, pid_t *child);

/*
 * Starts a helper for the session whose root is open as ROOTFD, and its lease as LEASE,
 * by a description that nobody else has. 0 or -errno.
 */
int helper_start(int rootfd, int lease, pid_t *child);

/* The same for the session of ROOTFD, in a mount namespace of its own. */
int helper_start_apart(int rootfd);

/*
 * Writes where the program NAME is to be: beside the shim in a build tree, else where it
 * is installed. SHIM is the shim's file, or NULL.
 */
void helper_place(const char *shim, const char *name, char *out, size_t size);

/* Where a tool has found the helper's program; else it is where it was installed. */
void helper_use(const char *path);

#endif
