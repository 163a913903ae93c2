/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Becoming two processes. A child counts on what its parent puts into /tmp, and
 * the other way round: there has to be a session before there are two of them.
 *
 * vfork(2) is not wrapped: its child returns into a frame that we would have
 * left. It shares its parent's memory, and with that the session.
 */
#define _GNU_SOURCE
#include "wrap/exec.h"
#include "wrap/setuid.h"
#include "session/session.h"
#include "wrap/wrap.h"

#include <sched.h>
#include <stdarg.h>

/*
 * What a child is about to call is looked for here, once, and not in each child, which
 * would touch a dozen pages for it.
 */
static void before_fork(void)
{
	setuid_keep();
	session_share();
	exec_prepare();
	wrap_find_exit();
}

WRAP(int, fork, void);

int pt_fork(void)
{
	before_fork();

	int pid = REAL(fork)();

	if (pid == 0)
		session_forked();
	return pid;
}

WRAP(int, _Fork, void);

int pt__Fork(void)
{
	setuid_keep();
	session_share(); /* alone: a signal handler may call it */

	int pid = REAL(_Fork)();

	if (pid == 0)
		session_forked();
	return pid;
}

WRAP(int, __fork, void);

int pt___fork(void)
{
	before_fork();

	int pid = REAL(__fork)();

	if (pid == 0)
		session_forked();
	return pid;
}

WRAP(int, forkpty, int *master, char *name, const void *termios, const void *size);

int pt_forkpty(int *master, char *name, const void *termios, const void *size)
{
	before_fork();

	int pid = REAL(forkpty)(master, name, termios, size);

	if (pid == 0)
		session_forked();
	return pid;
}

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

typedef int clone_fn(clone_entry *entry, void *stack, int flags, void *arg, ...);

/*
 * With memory of its own the child is one of fork's; else it is a thread, or in a corner
 * of its own: maybe without a block for what libc has of each thread, so that it is the
 * parent who makes the session.
 */
static int clone_by(clone_fn *real, clone_entry *entry, void *stack, int flags, void *arg,
		    va_list list)
{
	struct cloned cloned = { entry, arg };
	void *parent_tid = va_arg(list, void *);
	void *tls = va_arg(list, void *);
	void *child_tid = va_arg(list, void *);

	if (entry && (flags & (CLONE_VM | CLONE_THREAD)) == CLONE_VM)
		session_share();
	if (!entry || (flags & CLONE_VM))
		return real(entry, stack, flags, arg, parent_tid, tls, child_tid);
	setuid_keep();
	session_share();
	/* The child has a copy of this frame, at the same place. */
	return real(start_cloned, stack, flags, &cloned, parent_tid, tls, child_tid);
}

#define CLONE(name) \
	WRAP(int, name, clone_entry *entry, void *stack, int flags, void *arg, ...); \
	int pt_##name(clone_entry *entry, void *stack, int flags, void *arg, ...) \
	{ \
		va_list list; \
		va_start(list, arg); \
		int pid = clone_by(REAL(name), entry, stack, flags, arg, list); \
		va_end(list); \
		return pid; \
	}

CLONE(clone)
CLONE(__clone)
