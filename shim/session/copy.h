/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Running a function in a copy of this process. */
#ifndef PRIVTMP_COPY_H
#define PRIVTMP_COPY_H

/*
 * Calls FN(ARG), which must end the process, in a copy, and waits for it. wait(2) and
 * SIGCHLD do not show it. *STATUS as from wait4(2). 0, or -errno where there could be
 * no copy.
 */
int copy_run(void (*fn)(void *), void *arg, int *status);

#endif
