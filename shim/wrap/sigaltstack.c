/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sigaltstack(2): the session is made before handlers run on a small stack. */
#define _GNU_SOURCE
#include "session/session.h"
#include "wrap/wrap.h"

#include <signal.h>
#include <sys/auxv.h>

#ifndef AT_MINSIGSTKSZ
#define AT_MINSIGSTKSZ 51 /* headers before glibc 2.34 and Linux 5.14 */
#endif

WRAP(int, sigaltstack, const stack_t *stack, stack_t *old);

/* The stack that making a session needs, besides the handler itself. */
enum { ROOMY = 4096 };

/*
 * A handler may call wrapped functions on a stack that is large enough for libc's own.
 * What needs more and happens once is done before there is such a stack. (The thread
 * sanitizer's run-time sets one before it is ready.)
 */
NO_SANITIZE int pt_sigaltstack(const stack_t *stack, stack_t *old)
{
	if (stack && !(stack->ss_flags & SS_DISABLE) &&
	    stack->ss_size < getauxval(AT_MINSIGSTKSZ) + ROOMY)
		session_share();
	return REAL(sigaltstack)(stack, old);
}
