/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Becoming two processes. A child counts on what its parent puts into /tmp, and
 * the other way round: there has to be a session before there are two of them.
 *
 * vfork(2) is not wrapped: its child returns into a frame that we would have
 * left. It shares its parent's memory, and with that the session.
 */
#define _GNU_SOURCE
#include "session.h"
#include "wrap.h"

#include <sched.h>
#include <stdarg.h>
#include <sys/prctl.h>

WRAP(int, fork, void);

int pt_fork(void)
{
	session_share();

	int pid = REAL(fork)();

	if (pid == 0)
		session_forked();
	return pid;
}

#ifdef HAVE__Fork
WRAP(int, _Fork, void);

int pt__Fork(void)
{
	session_share();

	int pid = REAL(_Fork)();

	if (pid == 0)
		session_forked();
	return pid;
}
#endif

#ifdef HAVE___fork
WRAP(int, __fork, void);

int pt___fork(void)
{
	session_share();

	int pid = REAL(__fork)();

	if (pid == 0)
		session_forked();
	return pid;
}
#endif

#ifdef HAVE_forkpty
WRAP(int, forkpty, int *master, char *name, const void *termios,
     const void *size);

int pt_forkpty(int *master, char *name, const void *termios, const void *size)
{
	session_share();

	int pid = REAL(forkpty)(master, name, termios, size);

	if (pid == 0)
		session_forked();
	return pid;
}
#endif

WRAP(int, daemon, int stay, int keep);

/* The one that returns is the child; its parent has gone without a handler. */
int pt_daemon(int stay, int keep)
{
	int ret = REAL(daemon)(stay, keep);

	if (ret == 0)
		session_forked();
	return ret;
}

typedef int clone_entry(void *arg);

struct cloned {
	clone_entry *entry;
	void *arg;
};

static int start_cloned(void *arg)
{
	const struct cloned *cloned = arg;

	session_forked();
	return cloned->entry(cloned->arg);
}

WRAP(int, clone, clone_entry *entry, void *stack, int flags, void *arg, ...);

/* With memory of its own the child is one of fork's; else it is a thread. */
int pt_clone(clone_entry *entry, void *stack, int flags, void *arg, ...)
{
	struct cloned cloned = { entry, arg };
	void *parent_tid, *tls, *child_tid;
	va_list list;

	va_start(list, arg);
	parent_tid = va_arg(list, void *);
	tls = va_arg(list, void *);
	child_tid = va_arg(list, void *);
	va_end(list);
	if (!entry || (flags & CLONE_VM))
		return REAL(clone)(entry, stack, flags, arg, parent_tid, tls,
				   child_tid);
	session_share();
	/* The child has a copy of this frame, at the same place. */
	return REAL(clone)(start_cloned, stack, flags, &cloned, parent_tid,
			   tls, child_tid);
}

WRAP(int, prctl, int option, ...);

/*
 * Behind a seccomp filter nothing of what a session needs may be allowed: what is
 * not made by then could only be made at the price of the process.
 */
int pt_prctl(int option, ...)
{
	unsigned long a, b, c, d;
	va_list list;

	va_start(list, option);
	a = va_arg(list, unsigned long);
	b = va_arg(list, unsigned long);
	c = va_arg(list, unsigned long);
	d = va_arg(list, unsigned long);
	va_end(list);
	/* The former comes before a filter that is set by seccomp(2). */
	if (option == PR_SET_NO_NEW_PRIVS || option == PR_SET_SECCOMP)
		session_share();
	return REAL(prctl)(option, a, b, c, d);
}
