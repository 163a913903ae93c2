/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* privtmp enter: a command inside a session that others have started. */
#include "launch.h"
#include "real.h"
#include "core/report.h"
#include "session/root_name.h"
#include "session/hints.h"
#include "session/session.h"
#include "sessions.h"
#include "tool.h"
#include "users.h"
#include "policy/view.h"

#include <ctype.h>
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_number(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text);
}

/* Whether NAME is the session's: its root, its id, or how that begins. */
static bool is_meant(const struct found *f, const char *name)
{
	const char *id = strrchr(f->root, '/') + 1 + sizeof ROOT_BEGIN - 1;

	if (f->state == FOUND_PART)
		return false;
	if (strchr(name, '/'))
		return !strcmp(f->root, name);
	if (!strncmp(name, ROOT_BEGIN, sizeof ROOT_BEGIN - 1))
		name += sizeof ROOT_BEGIN - 1;
	return *name && !strncmp(id, name, strlen(name));
}

/* Finds the root of the session NAME. Returns whether it is there. */
static bool find(const struct options *options, const char *name,
		 char root[POLICY_ROOT_MAX + 1])
{
	struct sessions sessions;
	unsigned n = 0;

	if (is_number(name) && session_of_process((pid_t)atol(name), root))
		return true;
	sessions_find(&options->settings, &sessions);
	for (size_t i = 0; i < sessions.n; i++) {
		if (!is_meant(&sessions.at[i], name))
			continue;
		strcpy(root, sessions.at[i].root);
		n++;
	}
	if (n == 1)
		return true;
	report(name, n ? "more than one session begins like that" :
			 is_number(name) ? "no process in a session" :
					   "no such session",
	       0, "see privtmp list");
	return false;
}

/*
 * Root takes on the identity of the session's owner: to what others may write
 * to, root is not to lend its rights.
 */
static int become_owner(const char *root)
{
	struct stat st;
	struct user user;
	bool known;
	int ret;

	if (lstat(root, &st) < 0)
		return -errno;
	if (st.st_uid == geteuid())
		return 0;
	if (geteuid() != 0)
		return -EPERM;
	known = user_find(st.st_uid, &user);
	ret = known ? user_take_groups(&user) : setgroups(1, &st.st_gid);
	if (ret < 0 || setgid(known ? user.gid : st.st_gid) < 0 ||
	    setuid(st.st_uid) < 0)
		return -errno;
	return 0;
}

/* Becomes a member of the session at ROOT. 0 or -errno. */
static int join(const char *root)
{
	struct session *s = &pt_session;
	char value[POLICY_ROOT_MAX + 16];
	int ret;

	snprintf(value, sizeof value, "-:0:0:%s", root);
	s->euid = geteuid();
	s->main_reached = true;
	ret = session_join(value);
	if (ret < 0)
		return ret;
	s->pid = getpid();
	s->state = SESSION_LIVE;
	view_use(&s->lease.policy, hints_map(s->root, s->owner));
	return 0;
}

/* Who stands in a guarded directory stands in its backing from now on. */
static void move_in(const char *cwd)
{
	const size_t len = strlen(cwd);
	size_t inside;
	int guard = view_guard_of(cwd, len, &inside);
	char to[POLICY_ROOT_MAX + PATH_MAX];

	if (guard < 0 || inside < len ||
	    session_need_backing((unsigned)guard, false) < 0)
		return;
	lease_root(&pt_session.lease.policy.guard[guard].prefix, to);
	strcat(to, cwd);
	if (chdir(to) == 0)
		pt_view.cwd_inside = 1;
}

/* Between joining and leaving. */
static int run_inside(struct launch *l)
{
	char cwd[PATH_MAX] = "";
	int status;

	if (getcwd(cwd, sizeof cwd))
		move_in(cwd);
	status = launch_settle(l, cwd);
	if (status)
		return status;
	launch_await_joining(l);
	if (l->options->verbose)
		fprintf(stderr, "privtmp: %s: runs in session %s, with %s\n",
			l->path, pt_session.root, l->shim.path);
	return launch_command(l);
}

int tool_enter(const struct options *options, int argc, char **argv)
{
	static struct launch launch;
	static struct lease outer;
	char root[POLICY_ROOT_MAX + 1];
	int status, ret;

	if (argc > 1 && !strcmp(argv[1], "--")) {
		argv[1] = argv[0];
		argv++;
		argc--;
	}
	if (argc < 2) {
		options_complain(options->command, argc ? argv[0] : "enter",
				 argc ? "no command given" :
					"no session given");
		return STATUS_PRIVTMP;
	}
	if (!find(options, argv[0], root))
		return STATUS_PRIVTMP;
	ret = become_owner(root);
	if (ret < 0) {
		report(root, "cannot be entered", -ret,
		       "only its owner and root may");
		return STATUS_PRIVTMP;
	}
	launch.options = options;
	launch.argv = argv + 1;
	launch.watch.started = -1;
	outer_session(&outer);
	status = launch_prepare(&launch);
	if (status)
		return status;
	ret = join(root);
	if (ret < 0) {
		report(root, ret == -ESTALE ? "has no members any more" :
					      "cannot be entered",
		       -ret, "see privtmp list");
		return STATUS_PRIVTMP;
	}
	if (watch_begin(&launch.watch) < 0) {
		report("enter", "signals cannot be watched", errno, NULL);
		status = STATUS_PRIVTMP;
	} else {
		status = run_inside(&launch);
	}
	session_leave(false);
	return status;
}
