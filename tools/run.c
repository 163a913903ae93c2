/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * privtmp run: a command with a private /tmp. This process makes the session,
 * is its first member, and stays until it is gone.
 */
#include "interpreter.h"
#include "launch.h"
#include "members.h"
#include "outer.h"
#include "remedy.h"
#include "run.h"
#include "progress.h"
#include "session/remove.h"
#include "core/report.h"
#include "session/enter.h"
#include "session/helper.h"
#include "session/hints_use.h"
#include "session/leave.h"
#include "session/plan.h"
#include "session/reap.h"
#include "session/own.h"
#include "session/session.h"
#include "session/trust.h"
#include "sessions.h"
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	HELPERS = 3,	   /* how often a killed helper is replaced */
	FIRST_WAIT = 1000, /* milliseconds for the helper, */
	NEXT_WAIT = 5000,  /* and each time after it was looked whom for */
	KEPT_WAIT = 1000,
};

static bool is_kept(int status)
{
	switch (pt_session.lease.policy.keep) {
	case KEEP_ALWAYS: return true;
	case KEEP_FAILURE: return status != 0;
	default: return false;
	}
}

/* Reports the roots of a session that is kept. */
static void say_kept(void)
{
	const struct policy *policy = &pt_session.lease.policy;

	for (unsigned i = 0; i < policy->guards; i++) {
		char root[POLICY_ROOT_MAX + 1];

		text_copy(&policy->guard[i].root, root);
		if (access(root, F_OK) == 0 &&
		    (i == 0 || strcmp(root, pt_session.root) != 0))
			report(root, "kept", 0, "privtmp sweep --all removes it");
	}
}

/*
 * Handles what the helper has left of the session whose root is open as ROOT: it could not
 * remove all, or was killed. FIRST is the lease as it was at the start, or an error: a
 * program that cleans /tmp can have removed the lease although members hold it. Returns
 * whether another helper was started.
 */
static bool remove_left(struct watch *watch, int root, int first, bool again)
{
	struct remains remains = { 0, 0, "" };
	int found = lease_open_at(root), lease = found == -ENOENT ? first : found;
	int ret = lease;
	bool started = false;

	if (lease >= 0)
		ret = session_reap(root, lease, false, NULL, &remains);
	if (ret == -EWOULDBLOCK && again)
		started = helper_start(root, lease, &watch->helper) == 0;
	if (found >= 0)
		close(found);
	if (ret < 0 && ret != -ENOENT && !started)
		session_say_left(pt_session.root, &remains, -ret);
	return started;
}

/* The lease goes first: while it is there, members are waited for. */
static void show_removal(int root)
{
	if (root < 0 || faccessat(root, LEASE_NAME, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return;
	progress_begin(root);
	progress_show("removing the session's files");
}

/*
 * Waits until the helper has ended; false: it stays. Admitted users can hold the lease as
 * long as they like, so this waits only for members of our own user.
 */
static bool await_helper(struct watch *watch, int root, int *status)
{
	int ret = watch_helper(watch, watch->helper, FIRST_WAIT, status);

	while (ret == -ETIMEDOUT) {
		if (session_mixed() && !members_other(pt_session.root, geteuid()))
			return false;
		for (int i = 0; i < NEXT_WAIT / PROGRESS_TICK && ret == -ETIMEDOUT; i++) {
			show_removal(root);
			ret = watch_helper(watch, watch->helper, PROGRESS_TICK, status);
		}
	}
	progress_end();
	return ret == 0;
}

/*
 * Waits until the session, whose root is open as ROOT and whose lease as LEASE, is gone,
 * or for a signal that asks to leave it.
 */
static void wait_until_gone(struct watch *watch, int root, int lease)
{
	int status = 0;

	/* None could be started. */
	if (watch->helper <= 0 && !remove_left(watch, root, lease, true))
		return;
	for (int i = 1; watch->helper > 0; i++) {
		if (!await_helper(watch, root, &status))
			return; /* the helper stays, and will remove it */
		if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
			return;
		if (!remove_left(watch, root, lease, i < HELPERS))
			return;
	}
}

/* Leaves a mark that keeps the files of a failed command from removal. */
static void mark_failed(int root)
{
	int fd = openat(root, LEASE_FAILED, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
}

static int run_in_session(struct launch *l, const struct run_hooks *hooks)
{
	struct statx st;
	int root = trust_open_root(pt_session.root, pt_session.owner, &st);
	int lease = root >= 0 ? lease_open_at(root) : root, status, ignored;

	launch_await_joining(l, true);
	launch_say(l);
	if (hooks->begins)
		hooks->begins(l, hooks->data);
	status = launch_command(l);
	if (hooks->ended)
		status = hooks->ended(l, status, hooks->data);
	if (is_kept(status)) {
		mark_failed(root);
		session_let_go();
		/*
		 * The helper ends when it sees the mark; until then sweep leaves the
		 * session alone.
		 */
		if (l->watch.helper > 0)
			watch_helper(&l->watch, l->watch.helper, KEPT_WAIT, &ignored);
		say_kept();
	} else {
		session_let_go();
		wait_until_gone(&l->watch, root, lease);
	}
	if (lease >= 0)
		close(lease);
	if (root >= 0)
		close(root);
	return status;
}

/*
 * Before there is a session: finds out what is run, and whether it can be. *NESTED: this is
 * in the session OUTER. 0, or the exit status after a report.
 */
static int prepare(struct launch *l, const struct run_hooks *hooks, int argc, char **argv,
		   struct lease *outer, bool *nested)
{
	int status;

	if (argc < 1) {
		report("run", "no command given", 0, "see privtmp run --help");
		return STATUS_PRIVTMP;
	}
	l->argv = interpreter_argv(l->options->command->name, argv);
	if (!l->argv) {
		report(argv[0], "cannot be run", ENOMEM, remedy_of(ENOMEM));
		return STATUS_PRIVTMP;
	}
	/* Until there is a session of our own, paths are those of the outer session. */
	*nested = outer_session(outer);
	if (*nested && outer->policy.confine == CONFINE_YES) {
		report("run",
		       "this is in a confined session, in which no other can "
		       "be made",
		       0,
		       "run the command as it is: it has that one's "
		       "/tmp");
		return STATUS_PRIVTMP;
	}
	status = launch_prepare(l);
	if (status)
		return status;
	if (hooks->prepared && hooks->prepared(l, hooks->data) < 0)
		return STATUS_PRIVTMP;
	if (settings_meet(&l->settings)) {
		report("scope root", "is not for run, which removes what it makes", 0,
		       "use the shim alone, as privtmp unit does");
		return STATUS_PRIVTMP;
	}
	return 0;
}

int run_hooked(const struct options *options, int argc, char **argv,
	       const struct run_hooks *hooks)
{
	static struct launch launch;
	static struct lease outer;
	char cwd[PATH_MAX] = "";
	bool nested;
	int status;

	launch.options = options;
	launch.observes = hooks->prepared;
	launch.watch.started = -1;
	status = prepare(&launch, hooks, argc, argv, &outer, &nested);
	if (status)
		return status;
	if (options->argv0)
		launch.argv[0] = (char *)options->argv0;
	(void)!getcwd(cwd, sizeof cwd);
	if (nested)
		outer_leave_backing(&outer);
	if (watch_begin(&launch.watch) < 0) {
		report("run", "signals cannot be watched", errno, remedy_of(errno));
		return STATUS_PRIVTMP;
	}
	pt_session.main_reached = true;
	helper_use(launch.shim.helper);
	own_shim_is(launch.shim.path);
	if (session_enter(environ, &launch.settings, &launch.watch.helper) != 0 &&
	    pt_session.state != SESSION_OFF) {
		if (!pt_session.reported)
			session_report();
		return STATUS_PRIVTMP;
	}
	if (pt_session.state != SESSION_LIVE)
		return launch_command(&launch); /* it was asked for */
	status = launch_settle(&launch, cwd);
	if (status) {
		session_leave(false);
		return status;
	}
	return run_in_session(&launch, hooks);
}

int tool_run(const struct options *options, int argc, char **argv)
{
	const struct run_hooks none = { NULL, NULL, NULL, NULL };

	return run_hooked(options, argc, argv, &none);
}
