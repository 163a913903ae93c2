/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Members whose seccomp filter kills them for the calls of session_leave: they leave
 * everything to the helper.
 */
#ifndef PRIVTMP_SHUT_IN_H
#define PRIVTMP_SHUT_IN_H

#include <stdbool.h>

/*
 * Call when the process has become a member: whether it was executed under such a
 * filter. Filters cannot be read, so a copy of the process tries the calls.
 */
bool shut_in_from_start(void);

/* Whether a filter of its own is one. */
bool shut_in_by_itself(void);

#endif
