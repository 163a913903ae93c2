/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Running a function in a copy of this process; see copy.h. */
#define _GNU_SOURCE
#include "session/copy.h"
#include "core/signals.h"
#include "core/sys.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

/* Removes the pending, blocked signal of a child that was waited for. */
static void forget_child(const struct signals *pending)
{
	if (!(pending->word[0] & signals_of(SIGCHLD, SIGCHLD).word[0]))
		signals_drop(SIGCHLD);
}

int copy_run(void (*fn)(void *), void *arg, int *status)
{
	struct signals pending = { { 0 } };
	struct signals before;
	int signal = 0;
	long pid;

	signals_block_all(&before);
	SYS2(SYS_rt_sigpending, &pending, sizeof pending);
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
		forget_child(&pending);
	signals_restore(&before);
	return pid < 0 ? (int)pid : 0;
}
