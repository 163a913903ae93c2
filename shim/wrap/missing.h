/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The shim exports the functions of all libcs, whichever it was built with and runs
 * with, so that none bypasses it. For a function that the present libc lacks, this is
 * called.
 */
#ifndef PRIVTMP_MISSING_H
#define PRIVTMP_MISSING_H

/*
 * The replacement for NAME: a system call, or the plain function of which NAME is
 * another name; else a function that fails with ENOSYS. Never NULL.
 */
void *missing_find(const char *name);

/* Names of the rows of calls.def that return NULL on failure, separated by NULs. */
extern const char missing_pointers[];

#endif
