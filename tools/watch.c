/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Watching a command; see watch.h. */
#include "watch.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int watch_begin(struct watch *w)
{
	const struct sigaction normal = { .sa_handler = SIG_DFL };
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &w->inherited.mask);
	/* If it is ignored, the kernel drops a child's status. */
	sigaction(SIGCHLD, &normal, &w->inherited.on_child);
	w->signals = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
	return w->signals < 0 ? -errno : 0;
}

void watch_restore(const struct inherited *inherited)
{
	sigaction(SIGCHLD, &inherited->on_child, NULL);
	sigprocmask(SIG_SETMASK, &inherited->mask, NULL);
}

/* Stops this process as the signal NUMBER stops one. */
static void stop_self(int number)
{
	const struct sigaction normal = { .sa_handler = SIG_DFL };
	struct sigaction before;
	sigset_t one;

	if (number == SIGSTOP) {
		raise(SIGSTOP);
		return;
	}
	sigemptyset(&one);
	sigaddset(&one, number);
	sigaction(number, &normal, &before);
	raise(number);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	/* Stopped here, until continued. */
	sigprocmask(SIG_BLOCK, &one, NULL);
	sigaction(number, &before, NULL);
}

/*
 * Waits for orphans, which pid 1 of a container gets. Our own children are left alone:
 * their callers wait for them.
 */
static void bury_orphans(const struct watch *w)
{
	siginfo_t info;

	if (getpid() != 1)
		return;
	for (;;) {
		info.si_pid = 0;
		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
		    info.si_pid == 0 || info.si_pid == w->child ||
		    info.si_pid == w->helper)
			return;
		waitpid(info.si_pid, NULL, WNOHANG);
	}
}

/* Waits for what has ended and is nobody else's to wait for. */
static void bury(struct watch *w)
{
	if (w->probe && waitpid(w->probe, NULL, WNOHANG) != 0)
		w->probe = 0;
	bury_orphans(w);
}

/* Updates the state of the command. */
static void look_at_child(struct watch *w)
{
	int status, stop = 0;

	bury(w);

	while (!w->ended &&
	       waitpid(w->child, &status, WNOHANG | WUNTRACED | WCONTINUED) > 0) {
		if (WIFSTOPPED(status)) {
			w->stopped = true;
			stop = WSTOPSIG(status);
		} else if (WIFCONTINUED(status)) {
			w->stopped = false;
		} else {
			w->ended = true;
			w->status = status;
		}
	}
	if (w->stopped && stop && !w->ended)
		stop_self(stop);
}

/* Whether the terminal sends this signal to our process group by itself. */
static bool is_of_terminal(const struct signalfd_siginfo *info)
{
	if (info->ssi_code != SI_KERNEL)
		return false;
	switch (info->ssi_signo) {
	case SIGINT:
	case SIGQUIT:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
	case SIGWINCH: return true;
	case SIGHUP:
	case SIGCONT:
		/* A hang-up is sent to the session leader only. */
		return getsid(0) != getpid();
	default: return false;
	}
}

static bool is_for_child(struct watch *w, const struct signalfd_siginfo *info)
{
	const int number = (int)info->ssi_signo;

	if (number == SIGCHLD)
		return false;
	/* It was sent to the group before the command was in it. */
	if (sigismember(&w->early, number)) {
		sigdelset(&w->early, number);
		return true;
	}
	/*
	 * It has received what it sent to its own group; our SIGPIPE comes from a
	 * closed stderr.
	 */
	if (info->ssi_code <= 0 &&
	    ((pid_t)info->ssi_pid == w->child || (pid_t)info->ssi_pid == getpid()))
		return false;
	/* SIGCONT to the group has continued it already. */
	if (number == SIGCONT && !w->stopped)
		return false;
	return !is_of_terminal(info);
}

static void pass_on(struct watch *w, const struct signalfd_siginfo *info)
{
	const int number = (int)info->ssi_signo;
	union sigval value;

	value.sival_ptr = (void *)(uintptr_t)info->ssi_ptr;
	if (info->ssi_code == SI_QUEUE)
		sigqueue(w->child, number, value);
	else
		kill(w->child, number);
}

static bool next_signal(struct watch *w, struct signalfd_siginfo *info)
{
	return read(w->signals, info, sizeof *info) == sizeof *info;
}

static void take_signals(struct watch *w)
{
	struct signalfd_siginfo info;

	while (!w->ended && next_signal(w, &info)) {
		/* Before a signal is sent to the pid: it must still be the command. */
		look_at_child(w);
		if (!w->ended && is_for_child(w, &info))
			pass_on(w, &info);
	}
}

/* The pipe was closed: the command was executed, or could not be. */
static void take_start(struct watch *w)
{
	int error;

	if (read(w->started, &error, sizeof error) == sizeof error)
		w->error = error;
	close(w->started);
	w->started = -1;
}

static long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool watch_command(struct watch *w, int milliseconds)
{
	long deadline = now() + milliseconds;

	look_at_child(w);
	while (!w->ended) {
		struct pollfd fds[2] = {
			{ .fd = w->signals, .events = POLLIN },
			{ .fd = w->started, .events = POLLIN },
		};
		long left = -1;

		if (milliseconds >= 0 && w->started < 0) {
			left = deadline - now();
			if (left <= 0)
				return false;
		}
		if (poll(fds, 2, (int)left) < 0 && errno != EINTR)
			break;
		if (fds[1].revents) {
			take_start(w);
			deadline = now() + milliseconds;
		}
		if (fds[0].revents)
			take_signals(w);
	}
	if (w->started >= 0)
		take_start(w);
	/* A first process that waits for nobody would keep it. */
	if (w->probe)
		waitpid(w->probe, NULL, 0);
	w->probe = 0;
	return true;
}

/* Whether this process was started with the signal ignored (nohup, "&"). */
static bool is_ignored(int number)
{
	struct sigaction action;

	return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

int watch_helper(struct watch *w, pid_t pid, int milliseconds, int *status)
{
	const long deadline = now() + milliseconds;
	struct pollfd fd = { .fd = w->signals, .events = POLLIN };
	struct signalfd_siginfo info;

	/* Also for one that was killed before it had been executed (__WALL). */
	for (;;) {
		long left = milliseconds < 0 ? -1 : deadline - now();
		const pid_t ended = waitpid(pid, status, WNOHANG | __WALL);

		if (ended == pid)
			return 0;
		/* Waited for by somebody else: nothing says that it has done its work. */
		if (ended < 0 && errno == ECHILD) {
			*status = EXIT_FAILURE << 8;
			return 0;
		}
		bury(w);
		if (milliseconds >= 0 && left <= 0)
			return -ETIMEDOUT;
		if (poll(&fd, 1, (int)left) < 0 && errno != EINTR)
			return -EINTR;
		while (next_signal(w, &info)) {
			if (is_ignored((int)info.ssi_signo))
				continue;
			switch (info.ssi_signo) {
			case SIGINT:
			case SIGTERM:
			case SIGHUP:
			case SIGQUIT: return -EINTR;
			case SIGTSTP: stop_self(SIGTSTP); break;
			default: break;
			}
		}
	}
}
