/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The shim's start and end in a process, and the way to what it wraps.
 */
#define _GNU_SOURCE
#include "route/lists.h"
#include "session/enter.h"
#include "session/helper.h"
#include "session/leave.h"
#include "session/own.h"
#include "session/session.h"
#include "wrap/wrap.h"

#include <link.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "wrap/exec.h"
#include "wrap/guest.h"
#include "wrap/libc_env.h"
#include "wrap/missing.h"
#include "wrap/symbols.h"

#ifndef AT_MINSIGSTKSZ
#define AT_MINSIGSTKSZ 51 /* headers before glibc 2.34 and Linux 5.14 */
#endif

/*
 * The project's own tools define this: around them the shim stands aside, or
 * a sweep started from a shimmed service would sweep in a private /tmp.
 */
extern const char privtmp_tool __attribute__((weak));

#ifdef __GLIBC__
extern int __cxa_atexit(void (*fn)(void *), void *arg, void *dso);
#endif

/*
 * Not by dlsym: that is a wrapper itself, takes the linker's lock, and leaves a
 * message where there is nothing.
 */
NO_SANITIZE void *wrap_find(void **slot, const char *name)
{
	const struct link_map *own = symbols_own();
	void *found = own ? symbols_next(own, name, NULL) : NULL;

	if (!found)
		found = missing_find(name);
	__atomic_store_n(slot, found, __ATOMIC_RELAXED);
	return found;
}

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
	    stack->ss_size < getauxval(AT_MINSIGSTKSZ) + ROOMY) {
		int saved = errno;

		session_share();
		errno = saved;
	}
	return REAL(sigaltstack)(stack, old);
}

#ifdef __GLIBC__
static void leave(void *unused)
{
	(void)unused;
	session_leave(true);
}
#else
/* musl runs destructors after its atexit handlers. */
__attribute__((destructor)) static void leave(void)
{
	session_leave(true);
}
#endif

static void leave_quickly(void)
{
	session_leave(true);
}

/*
 * Before main. Constructors of other libraries may have run before this one,
 * and have used what is wrapped: each wrapper enters a session by itself.
 *
 * The handler is registered for no library (NULL), so that it runs after all
 * others, which may still use /tmp: the first registered is the last to run.
 * quick_exit(3) has a list of its own.
 */
__attribute__((constructor)) static void start(void)
{
	if (&privtmp_tool) {
		pt_session.state = SESSION_OFF;
		return;
	}
	symbols_start();
	if (symbols_own())
		own_shim_is(symbols_own()->l_name);
	if (guest_is())
		guest_enter();
	else
		session_enter(environ, NULL, NULL);
	/* Whoever has joined was executed with lists that lead to the backings. */
	if ((pt_session.state == SESSION_PLANNED || pt_session.started) &&
	    !pt_session.privileged)
		list_heed(environ);
	exec_remember(pt_session.privileged ? NULL : environ);
	pt_session.main_reached = true;
	exec_publish();
	libc_env_start();
	/* A guest's are with its libc, which has no end of its own. */
	if (guest_is())
		return;
#ifdef __GLIBC__
	__cxa_atexit(leave, NULL, NULL);
#endif
	(void)at_quick_exit(leave_quickly);
}

WRAP(void, _exit, int status);
WRAP(void, _Exit, int status);

void wrap_find_exit(void)
{
	(void)REAL(_exit);
}

void pt__exit(int status)
{
	session_leave(true);
	REAL(_exit)(status);
	__builtin_unreachable();
}

void pt__Exit(int status)
{
	session_leave(true);
	REAL(_Exit)(status);
	__builtin_unreachable();
}
