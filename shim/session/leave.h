/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Leaving a session. */
#ifndef PRIVTMP_SESSION_LEAVE_H
#define PRIVTMP_SESSION_LEAVE_H

#include <stdbool.h>

/*
 * Leaves; the last one out removes the session. Safe to call twice and in a
 * signal handler. MAYBE_VFORKED: the caller may be a vfork child, which shares
 * our memory and for which nothing is done.
 */
void session_leave(bool maybe_vforked);

/* Lets the lock go. */
void session_let_go(void);

#endif
