/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Waits for the end of a session; see await_end.h. */
#include "await_end.h"
#include "core/report.h"
#include "core/sys.h"
#include "session/reap.h"
#include "session/remove.h"
#include "keepalive.h"
#include "session/session.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/time.h>

enum {
	TICK = 100000, /* microseconds */
	TICKS = 3,     /* ticks until the last try ends */
	AGAIN = 600,   /* seconds between two calls of keep_alive */
};

static volatile sig_atomic_t asked, ticks;

/*
 * The program may be dying of the same cause: a stopped service, a logout. So the last
 * try waits a moment. The timer repeats, because a tick may come just before the wait
 * begins.
 */
static void on_term(int number)
{
	const struct timeval tick = { 0, TICK };
	const struct itimerval timer = { tick, tick };

	(void)number;
	asked = 1;
	setitimer(ITIMER_REAL, &timer, NULL);
}

static void on_tick(int number)
{
	(void)number;
	if (asked)
		ticks++;
}

/* Blocks all other signals. The program's mask and ignored signals were inherited. */
static void set_signals(void)
{
	struct sigaction action = { .sa_handler = on_tick };
	sigset_t mask;

	sigfillset(&mask);
	sigdelset(&mask, SIGALRM);
	sigdelset(&mask, SIGTERM);
	sigaction(SIGALRM, &action, NULL);
	action.sa_handler = on_term;
	sigaction(SIGTERM, &action, NULL);
	sigprocmask(SIG_SETMASK, &mask, NULL);
}

static bool keep_waiting(int rootfd, int lease)
{
	if (!asked)
		keep_alive(rootfd, lease);
	return ticks < TICKS;
}

int await_end(int rootfd, int lease)
{
	const struct timeval time = { AGAIN, 0 };
	const struct itimerval timer = { time, time };
	struct remains remains = { 0, 0, "" };
	int ret;

	SYS2(SYS_prctl, PR_SET_NAME, "privtmp-reaper");
	set_signals();
	setitimer(ITIMER_REAL, &timer, NULL);
	ret = session_reap(rootfd, lease, true, keep_waiting, &remains);
	/* To the log: there is no standard error. */
	if (ret < 0 && remains.count)
		report(remains.name,
		       "and what else may be left of a session cannot be removed",
		       remains.error, "see to it, then run privtmp sweep");
	/* So that members start another helper. */
	if (ret == -EINTR || ret == -ENOLCK)
		session_unwatched(rootfd);
	return ret;
}
