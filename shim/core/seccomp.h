/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The seccomp filters that this process has installed. What one of them would end the
 * process for is not called by the shim: sys_call answers it with -EPERM, as a
 * container's filter does.
 *
 * Filters of a program that was executed are known to the kernel alone. One that a thread
 * installs for itself is taken to be everyone's.
 */
#ifndef PRIVTMP_SECCOMP_H
#define PRIVTMP_SECCOMP_H

#include <stdbool.h>

/* How many are known; more make each call a refused one. */
enum { SECCOMP_FILTERS = 16 };

/* Filters and strict mode together; a copy of what another may change. */
extern unsigned seccomp_count;

/*
 * To be called before a filter is installed, since no memory may be had behind it. What
 * comes is taken by seccomp_installed, or given back by it where GOOD is false. FILTER is
 * a struct sock_fprog that the kernel has read, or NULL: the strict mode.
 */
void *seccomp_begin(void);
void seccomp_installed(void *room, const void *filter, bool good);

/* Whether the system call would end the process, or call a handler of its. */
bool seccomp_refuses(long number, const long arg[6]);

#endif
