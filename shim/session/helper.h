/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The helper: a process that removes the session when its last member has died. It gets
 * descriptors, not names: 3 is the session's root, 4 its lease.
 *
 * The program in which it is started must not notice: no child that wait(2) reports, no
 * SIGCHLD, no descriptor, none of the caller's stack, and no copy of its memory.
 */
#ifndef PRIVTMP_HELPER_H
#define PRIVTMP_HELPER_H

#include <stdbool.h>
#include <sys/types.h>

#include "session/make.h"

enum { HELPER_ROOT = 3, HELPER_LEASE = 4 }; /* the descriptors */
/* The number of its arguments if it is the first one, of a session made just now. */
enum { HELPER_FIRST = 2 };
#define HELPER_COMM "privtmp-reaper" /* the name of the process */

/*
 * Makes the planned session and starts its helper, so that at no time a root exists
 * that no living process knows. *WATCHED: whether there is a helper; -errno where one
 * was wanted and could not be started. CHILD, where not NULL, gets the helper's pid,
 * and a tool waits for it.
 */
void helper_make(struct making *making, int *watched, pid_t *child);

/*
 * Starts a helper for the session whose root is open as ROOTFD, and its lease as LEASE,
 * an open file description that nobody shares. 0 or -errno.
 */
int helper_start(int rootfd, int lease, pid_t *child);

/* The same, in a mount namespace of its own. */
int helper_start_apart(int rootfd);

/*
 * Writes where the program NAME is to be: beside the shim in a build tree, else where it
 * is installed. SHIM is the shim's file, or NULL.
 */
void helper_place(const char *shim, const char *name, char *out, size_t size);

/* Sets the path of the helper's program. Default: where it is installed. */
void helper_use(const char *path);

#endif
