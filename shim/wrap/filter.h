/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Seccomp filters of the program's own: wrap/seccomp.c. */
#ifndef PRIVTMP_FILTER_H
#define PRIVTMP_FILTER_H

/*
 * Does CALL with ARG, which installs FILTER (a struct sock_fprog; NULL: the strict mode)
 * where it returns 0 or more. Makes the session before.
 */
typedef long filter_fn(const void *arg);
long filter_by(filter_fn *call, const void *arg, const void *filter);

#endif
