/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * privtmp run: a command with a private /tmp. This process makes the session,
 * is its first member, and stays until it is gone.
 */
#include "interpreter.h"
#include "launch.h"
#include "real.h"
#include "session/remove.h"
#include "core/report.h"
#include "session/session.h"
#include "sessions.h"
#include "standby.h"
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STANDBYS = 3 };	/* one that was killed is replaced, so many times */

static bool is_kept(int status)
{
	switch (pt_session.lease.policy.keep) {
	case KEEP_ALWAYS:
		return true;
	case KEEP_FAILURE:
		return status != 0;
	default:
		return false;
	}
}

/* Names the roots of a session that is kept. */
static void say_kept(void)
{
	const struct policy *policy = &pt_session.lease.policy;

	for (unsigned i = 0; i < policy->guards; i++) {
		char root[POLICY_ROOT_MAX + 1];

		lease_root(&policy->guard[i].root, root);
		if (access(root, F_OK) == 0 &&
		    (i == 0 || strcmp(root, pt_session.root) != 0))
			report(root, "kept", 0,
			       "privtmp sweep --all removes it");
	}
}

/* Waits until the session is gone, or for a signal that asks to leave it. */
static void wait_until_gone(struct watch *watch, pid_t standby)
{
	struct remains remains = { 0, 0, "" };
	int status = 0, ret = 0;

	for (int i = 0; i < STANDBYS && standby > 0; i++) {
		if (!watch_standby(watch, standby, &status))
			return;	/* it stays and will do it */
		if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
			return;
		/* It could not remove all, or it has been killed. */
		ret = session_reap(pt_session.root, false, NULL, &remains);
		if (ret != -EWOULDBLOCK)
			break;
		standby = watch->standby = standby_start();
	}
	if (ret < 0)
		session_say_left(pt_session.root, &remains, -ret);
}

static int run_in_session(struct launch *l)
{
	unsigned char *page = pt_session.page;
	pid_t standby;
	int status;

	page[LEASE_REAPER] = 'r';	/* the standby */
	page[LEASE_JOINED] = '?';
	standby = standby_start();
	if (standby < 0) {
		report(l->path, "no process can be started", (int)-standby,
		       NULL);
		session_leave(false);
		return STATUS_PRIVTMP;
	}
	l->watch.standby = standby;
	l->watch.joined = page + LEASE_JOINED;
	if (l->options->verbose)
		fprintf(stderr, "privtmp: %s: runs in session %s, with %s\n",
			l->path, pt_session.root, l->shim.path);
	status = launch_command(l);
	if (is_kept(status)) {
		page[LEASE_FAILED] = 'f';
		session_let_go();
		say_kept();
		return status;
	}
	session_let_go();
	wait_until_gone(&l->watch, standby);
	return status;
}

int tool_run(const struct options *options, int argc, char **argv)
{
	static struct launch launch;
	static struct lease outer;
	char cwd[PATH_MAX] = "";
	bool nested;
	int status;

	launch.options = options;
	launch.watch.started = -1;
	if (argc < 1) {
		report("run", "no command given", 0, "see privtmp run --help");
		return STATUS_PRIVTMP;
	}
	launch.argv = interpreter_argv(argv);
	if (!launch.argv) {
		report(argv[0], "cannot be run", ENOMEM, NULL);
		return STATUS_PRIVTMP;
	}
	/* Until there is a session of our own, paths mean what they mean there. */
	nested = outer_session(&outer);
	status = launch_prepare(&launch);
	if (status)
		return status;
	if (settings_meet(&launch.settings)) {
		report("scope root", "is not for run, which removes what it makes",
		       0, "use the shim alone, as privtmp unit does");
		return STATUS_PRIVTMP;
	}
	if (options->argv0)
		launch.argv[0] = (char *)options->argv0;
	(void)!getcwd(cwd, sizeof cwd);
	if (nested)
		outer_leave_backing(&outer);
	if (watch_begin(&launch.watch) < 0) {
		report("run", "signals cannot be watched", errno, NULL);
		return STATUS_PRIVTMP;
	}
	pt_session.main_reached = true;
	if (session_enter(environ, &launch.settings) != 0 &&
	    pt_session.state != SESSION_OFF) {
		if (!pt_session.reported)
			session_report();
		return STATUS_PRIVTMP;
	}
	if (pt_session.state != SESSION_LIVE)
		return launch_command(&launch);	/* it was asked for */
	status = launch_settle(&launch, cwd);
	if (status) {
		session_leave(false);
		return status;
	}
	return run_in_session(&launch);
}
