/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The seccomp filters that this process has installed. Where one of them would kill the
 * process for a call of the shim's, sys_call does not make the call and returns -EPERM,
 * as a container's filter does.
 *
 * Filters from before the last exec are unknown here. A filter of one thread is applied
 * to all threads.
 */
#ifndef PRIVTMP_SECCOMP_H
#define PRIVTMP_SECCOMP_H

#include <stdbool.h>

/* Filters that are remembered. After more, every call counts as refused. */
enum { SECCOMP_FILTERS = 16 };

/* The number of filters and strict modes. Copies of memory that others may change. */
extern unsigned seccomp_count;

/*
 * Call before a filter is installed: afterwards allocation may be refused. Copies
 * FILTER, a struct sock_fprog that the kernel can read (NULL: strict mode). Pass the
 * result to seccomp_installed, which keeps it where GOOD is true and frees it
 * otherwise.
 */
void *seccomp_begin(void);
void seccomp_installed(void *room, const void *filter, bool good);

/* Whether a filter kills the process, or calls its signal handler, for this call. */
bool seccomp_refuses(long number, const long arg[6]);

#endif
