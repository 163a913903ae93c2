/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The constructor: how the shim starts in a process, and what it registers for the end.
 */
#define _GNU_SOURCE
#include "core/libc.h"
#include "route/lists.h"
#include "route/out.h"
#include "session/enter.h"
#include "session/leave.h"
#include "session/own.h"
#include "session/session.h"
#include "wrap/wrap.h"

#include <link.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "wrap/exec.h"
#include "wrap/exec_loader.h"
#include "wrap/guest.h"
#include "wrap/libc_env.h"
#include "wrap/symbols.h"

/*
 * The project's tools define this. The shim does nothing in them: a sweep from a
 * service with the shim would sweep in a private /tmp.
 */
extern const char privtmp_tool __attribute__((weak));

#ifdef __GLIBC__
extern int __cxa_atexit(void (*fn)(void *), void *arg, void *dso);

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

/* The kernel's name for the program, as getauxval(3) has it, is that of its backing. */
static void show_program(void)
{
	char *name = (char *)getauxval(AT_EXECFN);

	if (name)
		out_cut(name);
}

/*
 * Runs before main. Constructors of other libraries may have run before, and called
 * wrappers, which enter a session by themselves.
 *
 * The handler is registered for no library (NULL), so it runs after all others, which
 * may still use /tmp: the first registered one runs last. quick_exit(3) has a list of
 * its own.
 */
__attribute__((constructor)) static void start(int argc, char **argv)
{
	bool entered;

	(void)argc;
	if (&privtmp_tool) {
		pt_session.state = SESSION_OFF;
		pt_session.main_reached = true;
		return;
	}
	symbols_start();
	if (symbols_own())
		own_shim_is(symbols_own()->l_name);
	entered = pt_session.state != SESSION_NONE;
	if (guest_is())
		guest_enter();
	else
		session_enter(session_environment(), NULL, NULL);
	/* A vfork child of a constructor may have done so, in this memory. */
	if (entered)
		pt_session.pid = sys_getpid();
	/* A program that has joined was executed with lists of real paths. */
	if ((pt_session.state == SESSION_PLANNED || pt_session.started) &&
	    !pt_session.privileged)
		list_heed(libc_environ);
	if (!pt_session.privileged)
		list_keep(libc_environ);
	exec_remember();
	pt_session.main_reached = true;
	exec_publish();
#ifdef __GLIBC__ /* musl passes no arguments */
	loader_show(argv);
#else
	(void)argv;
#endif
	show_program();
	libc_env_start();
	/* A guest's libc has no end of its own. */
	if (guest_is())
		return;
#ifdef __GLIBC__
	__cxa_atexit(leave, NULL, NULL);
#endif
	(void)at_quick_exit(leave_quickly);
}
