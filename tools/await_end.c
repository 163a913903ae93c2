/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Waits for the end of a session; see await_end.h. */
#include "await_end.h"
#include "core/report.h"
#include "core/sys.h"
#include "door/serve.h"
#include "session/reap.h"
#include "session/remove.h"
#include "keepalive.h"
#include "session/helper.h"
#include "session/left.h"
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
	DOOR = 2000,   /* microseconds between two looks for a door */
	CLOSES = 50,   /* tries to remove a directory in which files are closed */
	CLOSE = 20,    /* milliseconds between two of them */
};

static volatile sig_atomic_t asked, ticks, called;

static void set_timer(long seconds, long microseconds)
{
	const struct timeval time = { seconds, microseconds };
	const struct itimerval timer = { time, time };

	setitimer(ITIMER_REAL, &timer, NULL);
}

/*
 * The program may be dying of the same cause: a stopped service, a logout. So the last
 * try waits a moment. The timer repeats, because a tick may come just before the wait
 * begins.
 */
static void on_term(int number)
{
	(void)number;
	asked = 1;
	set_timer(0, TICK);
}

/* A door asks for a keeper (door/serve.h). The timer repeats for the same reason. */
static void on_door(int number)
{
	(void)number;
	called = 1;
	set_timer(0, DOOR);
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
	sigdelset(&mask, SIGIO);
	sigdelset(&mask, SIGTERM);
	sigaction(SIGALRM, &action, NULL);
	action.sa_handler = on_door;
	sigaction(SIGIO, &action, NULL);
	action.sa_handler = on_term;
	sigaction(SIGTERM, &action, NULL);
	sigprocmask(SIG_SETMASK, &mask, NULL);
}

/* While it serves doors it is a member, which outlives SIGTERM as its program may. */
static void on_served_tick(int rootfd, int lease)
{
	if (called)
		called = 0;
	else
		keep_alive(rootfd, lease);
	set_timer(AGAIN, 0);
}

static bool keep_waiting(int rootfd, int lease)
{
	if (called) {
		called = 0;
		set_timer(AGAIN, 0);
		if (serve(rootfd, lease, on_served_tick))
			called = 1;
		ticks = 0;
		set_timer(asked ? 0 : AGAIN, asked ? TICK : 0);
		/* One more, just before that. */
		if (called)
			set_timer(0, DOOR);
	} else if (!asked) {
		keep_alive(rootfd, lease);
	}
	return ticks < TICKS;
}

/* To the log: there is no standard error. */
static void say_left(int rootfd, int ret, const struct remains *remains)
{
	static const char remedy[] = "see to it, then run privtmp sweep";
	char root[POLICY_ROOT_MAX + 1];
	ssize_t n = sys_fd_name(rootfd, root, sizeof root - 1);
	struct left left;

	if (remains->count) {
		report(remains->name,
		       "and what else may be left of a session cannot be removed",
		       remains->error, remedy);
	} else if (n > 0 && ret != -ECANCELED && ret != -EINTR && ret != -ENOLCK) {
		root[n] = '\0';
		left = left_root(root, -ret);
		report(root, left.what, left.error, left.remedy ? left.remedy : remedy);
	}
}

int await_end(int rootfd, int lease, bool first)
{
	static const struct reaper reaper = { keep_waiting, serve_knows };
	struct remains remains;
	int ret;

	SYS2(SYS_prctl, PR_SET_NAME, HELPER_COMM);
	set_signals();
	set_timer(AGAIN, 0);
	serve_begin(lease, first);
	for (int closes = 0;; closes++) {
		remains = (struct remains){ 0, 0, "" };
		ret = session_reap(rootfd, lease, true, &reaper, &remains);
		/* The last member's files may still be being closed: is_kept_open in remove.c. */
		if (ret != -ENOTEMPTY || closes == CLOSES)
			break;
		sys_pause(CLOSE);
	}
	if (ret < 0)
		say_left(rootfd, ret, &remains);
	/* So that members start another helper. */
	if (ret == -EINTR || ret == -ENOLCK)
		session_unwatched(rootfd);
	return ret;
}
