/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A plain copy of this process that does something and ends. */
#ifndef PRIVTMP_COPY_H
#define PRIVTMP_COPY_H

/*
 * Has a copy do FN(ARG), which ends it, and waits for that, unseen by wait(2) and
 * SIGCHLD. *STATUS as wait4(2)'s. 0, or -errno where there could be none.
 */
int copy_run(void (*fn)(void *), void *arg, int *status);

#endif
