/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Running a function in a copy of this process; see copy.h. */
#define _GNU_SOURCE
#include "session/copy.h"
#include "core/sys.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

/* Removes the pending, blocked signal of a child that was waited for. */
static void forget_child(const unsigned long *pending)
{
	const unsigned long child[2] = { 1UL << (SIGCHLD - 1), 0 };
	const long at_once[2] = { 0, 0 };

	if (!(pending[0] & child[0]))
		SYS4(SYS_rt_sigtimedwait, child, NULL, at_once, _NSIG / 8);
}

int copy_run(void (*fn)(void *), void *arg, int *status)
{
	unsigned long pending[_NSIG / 8 / sizeof(long) + 1] = { 0 };
	sigset_t all, before;
	int signal = 0;
	long pid;

	memset(&all, 0xff, sizeof all);
	SYS4(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, _NSIG / 8);
	SYS2(SYS_rt_sigpending, pending, _NSIG / 8);
	pid = SYS2(SYS_clone, 0, 0);
	if (pid == -EINVAL) {
		/* Emulators may allow only SIGCHLD as the exit signal. */
		signal = SIGCHLD;
		pid = SYS2(SYS_clone, signal, 0);
	}
	if (pid == 0) {
		fn(arg);
		SYS1(SYS_exit_group, 0);
	}
	if (pid > 0)
		SYS4(SYS_wait4, pid, status, signal ? 0 : __WCLONE, NULL);
	if (signal)
		forget_child(pending);
	SYS4(SYS_rt_sigprocmask, SIG_SETMASK, &before, NULL, _NSIG / 8);
	return pid < 0 ? (int)pid : 0;
}
