/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The work of the helper. */
#ifndef PRIVTMP_AWAIT_END_H
#define PRIVTMP_AWAIT_END_H

#include <stdbool.h>

/*
 * Waits until the session whose root is open as ROOTFD, and its lease as LEASE, has no
 * member left, and removes it. FIRST: the session was made just now, with this helper. Takes
 * over the signals of the process. 0 when the session is gone, or -errno.
 */
int await_end(int rootfd, int lease, bool first);

#endif
