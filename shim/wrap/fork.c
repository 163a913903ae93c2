/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Creating processes. Parent and child rely on each other's files in /tmp, so the
 * session must exist before there are two.
 *
 * vfork(2) is not wrapped: its child would return into a frame that we have left. It
 * shares the parent's memory, and so the session.
 */
#define _GNU_SOURCE
#include "wrap/exec.h"
#include "wrap/setuid.h"
#include "policy/inherited.h"
#include "session/plan.h"
#include "session/session.h"
#include "wrap/wrap.h"

#include <sched.h>
#include <stdarg.h>

/* Looks up once what a child will call. Each child would touch a dozen pages for that. */
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
	session_share(); /* nothing else: a signal handler may call it */

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

/* The child returns; the parent has ended without running handlers. */
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
 * With its own memory the child is like one of fork(2). Else it is a thread, or may
 * lack a thread block for libc, so the parent makes the session.
 */
static int clone_by(clone_fn *real, clone_entry *entry, void *stack, int flags, void *arg,
		    va_list list)
{
	struct cloned cloned = { entry, arg };
	void *parent_tid = va_arg(list, void *);
	void *tls = va_arg(list, void *);
	void *child_tid = va_arg(list, void *);

	const bool shares = (flags & (CLONE_VM | CLONE_THREAD)) == CLONE_VM;

	view_cloning((unsigned)flags);
	if (flags & CLONE_NEWUSER)
		session_need_backings(); /* see pt_unshare */
	if (entry && shares)
		session_share();
	if (!entry || (flags & CLONE_VM)) {
		int pid = real(entry, stack, flags, arg, parent_tid, tls, child_tid);

		if (pid > 0 && shares && !(flags & CLONE_VFORK))
			session_cloned(pid);
		return pid;
	}
	setuid_keep();
	session_share();
	/* The child has a copy of this frame at the same address. */
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
