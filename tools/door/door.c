/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Executes a program by the mount door; see door.h. */
#include "door/door.h"
#include "command.h"
#include "core/report.h"
#include "core/sys.h"
#include "policy/view.h"
#include "remedy.h"
#include "route/lists.h"
#include "session/confine.h"
#include "session/handover.h"
#include "session/hints.h"
#include "session/hints_use.h"
#include "session/join.h"
#include "session/plan.h"
#include "session/session.h"
#include "tool.h"
#include "mark.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

enum way { WAY_MOUNT = 1, WAY_CONFINE = 2 };

/* The command line. */
struct wish {
	unsigned ways; /* WAY_*, in this order */
	bool warn;
	const char *argv0;
	char **argv; /* its first element is the path */
};

static bool parse(char **argv, struct wish *wish)
{
	*wish = (struct wish){ .ways = WAY_MOUNT };
	while (*++argv) {
		if (!strcmp(*argv, "--mount"))
			wish->ways = WAY_MOUNT;
		else if (!strcmp(*argv, "--confine"))
			wish->ways = WAY_CONFINE;
		else if (!strcmp(*argv, "--mount-or-confine"))
			wish->ways = WAY_MOUNT | WAY_CONFINE;
		else if (!strcmp(*argv, "--warn"))
			wish->warn = true;
		else if (!strcmp(*argv, "--argv0") && argv[1])
			wish->argv0 = *++argv;
		else
			break;
	}
	if (!*argv || strcmp(*argv, "--") != 0 || !argv[1])
		return false;
	wish->argv = argv + 1;
	return true;
}

/* Most often it is there. One that cannot be made covers what is there: see mounts_make. */
static void make_backing(unsigned number)
{
	const struct guard *guard = &pt_session.lease.policy.guard[number];
	char path[POLICY_ROOT_MAX + POLICY_PATH + 1];
	struct statx st;

	if (guard->view.len > POLICY_PATH)
		return;
	text_copy(&guard->prefix, path);
	text_copy(&guard->view, path + guard->prefix.len);
	if (sys_statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &st) < 0)
		(void)session_need_backing(number, false);
}

/* Becomes a member of the session that was handed over. 0 or -errno. */
static int join(void)
{
	struct session *s = &pt_session;
	const char *value = getenv(SESSION_VARIABLE);
	int ret;

	s->euid = geteuid();
	s->pid = getpid();
	s->main_reached = true;
	ret = value ? session_join(value) : -ENOENT;
	if (ret < 0)
		return ret;
	s->state = SESSION_LIVE;
	view_use(&s->lease.policy, hints_map(s->root, s->owner));
	for (unsigned i = 0; i < s->lease.policy.guards; i++)
		make_backing(i);
	return 0;
}

/*
 * Sets the environment of the new image, which holds the lease by the descriptor. 0 or
 * -errno.
 */
static int hand_over(struct handover *handover)
{
	session_handover(handover, 0, false);
	if (handover->fd < 0)
		return handover->fd;
	for (char **entry = environ; *entry; entry++) {
		if (!strncmp(*entry, SESSION_VARIABLE "=", sizeof SESSION_VARIABLE))
			*entry = handover->variable;
		else if (list_is(*entry))
			list_show(
				*entry); /* in the namespace the view's names are real */
	}
	return 0;
}

/* Opens the door, with the locked LEASE. 0 or -errno. */
static int open_door(int lease, struct refusal *refusal)
{
	struct start_name cwd;
	struct rights rights;
	bool user;
	int ret;

	if (ask_first() && !probe_door(refusal, &user, NULL))
		return -EPERM;
	/* A removed working directory cannot be restored. */
	if (start_name(&cwd, NULL) < 0)
		cwd.view[0] = '\0';
	space_save_rights(&rights);
	ret = keeper_start(pt_session.root, lease, refusal);
	if (ret == 0)
		ret = space_enter(refusal, &user);
	if (ret == 0)
		ret = mounts_make(refusal);
	if (ret < 0)
		return ret;
	start_settle(&cwd);
	start_reopen();
	return space_restore_rights(&rights, refusal);
}

static int cannot_run(const char *path, int error)
{
	report(path, "cannot be run", error, remedy_of(error));
	return error == ENOENT || error == ENOTDIR ? STATUS_NOT_FOUND : STATUS_CANNOT_RUN;
}

/* Executes the program by its name in the view. Returns an exit status. */
static int execute(const struct wish *wish, const char *path)
{
	return cannot_run(path, command_execute(path, wish->argv, environ));
}

/* Where the door is open. */
static int execute_inside(const struct wish *wish, const char *path,
			  const struct start_name *program)
{
	if (start_is_same(program, program->view))
		return execute(wish, program->view);
	report(path,
	       "lies in a shared directory, which is a private one behind the mount "
	       "door",
	       0, "move it, or --share it");
	return STATUS_CANNOT_RUN;
}

static int go_through(const struct wish *wish, const char *path)
{
	static struct start_name program;
	struct handover handover = { .fd = -1 };
	struct refusal refusal = { NULL, 0 };
	int ret = start_name(&program, path);

	if (ret == 0)
		ret = sys_access(path, X_OK);
	if (ret < 0)
		return cannot_run(path, -ret);
	ret = hand_over(&handover);
	if (ret < 0) {
		report(path, "the session cannot be handed on", -ret, remedy_of(-ret));
		return STATUS_PRIVTMP;
	}
	/* Members outside of the door must follow the links that the program makes. */
	if (pt_session.euid == pt_session.owner)
		session_links(LINKS_ACROSS | LINKS_UP | LINKS_UP_OUTSIDE | LINKS_DOOR);
	if (wish->ways & WAY_MOUNT && open_door(handover.fd, &refusal) == 0) {
		/*
		 * The keeper holds the lease. The program must not inherit more
		 * descriptors.
		 */
		fcntl(handover.fd, F_SETFD, FD_CLOEXEC);
		session_name_shown(&handover);
		return execute_inside(wish, path, &program);
	}
	if (wish->ways & WAY_CONFINE) {
		ret = confine_start();
		if (ret == 0) {
			session_name(
				&handover,
				0); /* the name says that the program is in a domain */
			return execute(wish, path);
		}
		if (!refusal.step)
			refusal = (struct refusal){ STEP_CONFINE, -ret };
	}
	if (!wish->warn || session_news(path))
		ask_report(&refusal, path, wish->warn);
	return wish->warn ? execute(wish, path) : STATUS_PRIVTMP;
}

int main(int argc, char **argv)
{
	struct wish wish;
	const char *path;
	int ret;

	if (argc < 2 || !parse(argv, &wish)) {
		report("privtmp-door", "wrong use", 0,
		       "privtmp run --backend mount is for people");
		return STATUS_PRIVTMP;
	}
	path = wish.argv[0];
	if (getauxval(AT_SECURE)) {
		report(path, "the mount door does not open with the rights of another", 0,
		       "start it without these");
		return STATUS_PRIVTMP;
	}
	ret = join();
	if (ret < 0) {
		report(path, "there is no session to run it in", -ret, "use privtmp run");
		return STATUS_PRIVTMP;
	}
	/* Each entry would get an empty /tmp of its own. */
	if (pt_session.lease.policy.size_limit &&
	    !(pt_session.first && wish.ways & WAY_MOUNT)) {
		report(path,
		       "its session is held to a size, and in memory that others "
		       "cannot enter",
		       0, "start it from inside");
		return STATUS_PRIVTMP;
	}
	if (wish.argv0)
		wish.argv[0] = (char *)wish.argv0;
	return go_through(&wish, path);
}
