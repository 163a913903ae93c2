/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What session.c has for the other files of this folder. */
#ifndef PRIVTMP_SESSION_INTERNAL_H
#define PRIVTMP_SESSION_INTERNAL_H

#include <stdbool.h>

#include "session/session.h"

/*
 * Takes over the lock of the lease FD: by a mapping, or the descriptor itself, which
 * is closed or moved out of the program's way. 0/-errno.
 */
int session_hold(int fd);

void session_set_state(enum session_state state);

/*
 * No session: what is guarded has to fail from now on, by ONFAIL, and ERROR is why. So
 * there must be a policy that says what is guarded, even where the one asked for is no
 * good.
 */
void session_fail(int error, enum onfail onfail);

/*
 * Makes what was planned. The state is STARTING, and is another afterwards. TOOL and
 * CHILD as session_enter's SETTINGS and HELPER. 0 or an errno.
 */
int session_make_planned(enum onfail onfail, bool tool, int *child);

#endif
