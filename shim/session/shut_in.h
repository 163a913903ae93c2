/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Members that a seccomp filter ends for what their own end would call: they leave all to
 * the helper.
 */
#ifndef PRIVTMP_SHUT_IN_H
#define PRIVTMP_SHUT_IN_H

#include <stdbool.h>

/*
 * When the process has become a member: whether it was executed under a filter that may
 * be such a one. Nobody can read it, so a copy of the process tries.
 */
bool shut_in_from_start(void);

/* Whether a filter of its own is such a one. */
bool shut_in_by_itself(void);

#endif
