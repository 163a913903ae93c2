/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Leaving a session. */
#ifndef PRIVTMP_SESSION_LEAVE_H
#define PRIVTMP_SESSION_LEAVE_H

#include <stdbool.h>

/*
 * Leaves the session; the last member removes it. Can be called twice, and in a signal
 * handler. MAYBE_VFORKED: the caller may be a vfork child, which shares our memory;
 * then nothing is done.
 */
void session_leave(bool maybe_vforked);

/* Releases the lock. */
void session_let_go(void);

#endif
