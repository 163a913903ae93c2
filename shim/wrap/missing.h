/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The shim exports the functions of all libcs, whichever it was built with and runs
 * with: none may go past it. Of those that the libc here lacks, this is what is called.
 */
#ifndef PRIVTMP_MISSING_H
#define PRIVTMP_MISSING_H

/*
 * What does NAME's work: a system call, or the plain function that NAME is another
 * name of. Else what fails with ENOSYS. Never NULL.
 */
void *missing_find(const char *name);

/* Rows of calls.def that return a pointer, NULL when they fail: names, NULs between. */
extern const char missing_pointers[];

#endif
