/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Seccomp filters of the program; see wrap/seccomp.c. */
#ifndef PRIVTMP_FILTER_H
#define PRIVTMP_FILTER_H

/*
 * Makes the session, then calls CALL with ARG, which installs FILTER (a struct
 * sock_fprog; NULL: strict mode) if it returns 0 or more.
 */
typedef long filter_fn(const void *arg);
long filter_by(filter_fn *call, const void *arg, const void *filter);

#endif
