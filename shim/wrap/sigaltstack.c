/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sigaltstack(2): a session is made before a handler has little room. */
#define _GNU_SOURCE
#include "session/session.h"
#include "wrap/wrap.h"

#include <signal.h>
#include <sys/auxv.h>

#ifndef AT_MINSIGSTKSZ
#define AT_MINSIGSTKSZ 51 /* headers before glibc 2.34 and Linux 5.14 */
#endif

WRAP(int, sigaltstack, const stack_t *stack, stack_t *old);

/* What the shim takes to make a session, beside what a handler needs by itself. */
enum { ROOMY = 4096 };

/*
 * A handler may call what is safe there first thing, on a stack that has room for what
 * libc's own function takes. What takes more, and is done once, is done before there
 * is such a stack: later would be on it. (The thread sanitizer's run-time gives itself one
 * before it is ready.)
 */
NO_SANITIZE int pt_sigaltstack(const stack_t *stack, stack_t *old)
{
	if (stack && !(stack->ss_flags & SS_DISABLE) &&
	    stack->ss_size < getauxval(AT_MINSIGSTKSZ) + ROOMY)
		session_share();
	return REAL(sigaltstack)(stack, old);
}
