/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * privtmp enter: runs a command in a running session.
 *
 * The session's members have the command's user, and so access to all that the command
 * has. Root's terminal, descriptors and environment must not be among that: the command
 * gets its own (relay.h).
 */
#include "interpreter.h"
#include "launch.h"
#include "outer.h"
#include "process.h"
#include "core/report.h"
#include "session/root_name.h"
#include "session/hints.h"
#include "session/join.h"
#include "session/leave.h"
#include "session/plan.h"
#include "session/session.h"
#include "relay.h"
#include "remedy.h"
#include "sessions.h"
#include "show.h"
#include "tool.h"
#include "policy/view.h"
#include "users.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The login shell of USER (NULL: no account), if it is usable. */
static const char *shell_of(const struct passwd *user)
{
	const char *shell = user ? user->pw_shell : "";
	const char *name = strrchr(shell, '/');

	if (!name || !strcmp(name, "/nologin") || !strcmp(name, "/false") ||
	    access(shell, X_OK) < 0)
		return "/bin/sh";
	return shell;
}

/* Whether NAME means the root: its path, its id, or a beginning of the id. */
static bool is_meant(const struct found *f, const char *name)
{
	const char *id = strrchr(f->root, '/') + 1 + sizeof ROOT_BEGIN - 1;
	const size_t len = strlen(f->root);

	/* A shell that completes a directory's name ends it with a slash. */
	if (strchr(name, '/'))
		return !strncmp(name, f->root, len) &&
		       !name[len + strspn(name + len, "/")];
	if (!strncmp(name, ROOT_BEGIN, sizeof ROOT_BEGIN - 1))
		name += sizeof ROOT_BEGIN - 1;
	return *name && !strncmp(id, name, strlen(name));
}

/* The session of the process PID, which the mount door can have let in. */
static const struct found *session_of(const struct options *options, pid_t pid)
{
	static struct process_facts facts;
	const struct found *found = sessions_of(&options->settings, pid);

	if (found)
		return found;
	process_look(pid, &facts);
	return facts.state == PROCESS_SEEN && facts.mounted[0] ?
		       sessions_shown(&options->settings, pid, facts.mounted_root) :
		       NULL;
}

/* The session of the root F, which may be a further one; NULL: none. */
static const struct found *session_with(const struct sessions *sessions,
					const struct found *f)
{
	if (f->state == FOUND_PART)
		f = sessions_at(sessions, f->primary, f->owner);
	return f && f->state != FOUND_PART && f->state != FOUND_STRANGE ? f : NULL;
}

/* Finds the session NAME, or reports why there is none. */
static const struct found *find_session(const struct options *options, const char *name)
{
	const struct query query = { &options->settings, .seconds = 0 };
	static struct sessions sessions;
	const long long number = process_number(name);
	const struct found *found = NULL;
	unsigned n = 0;

	if (number >= 0)
		found = session_of(options, process_of(number));
	if (found)
		return found;
	sessions_find(&query, &sessions);
	for (size_t i = 0; i < sessions.n; i++) {
		const struct found *meant =
			is_meant(&sessions.at[i], name) ?
				session_with(&sessions, &sessions.at[i]) :
				NULL;

		n += meant && meant != found;
		if (meant)
			found = meant;
	}
	if (n == 1)
		return found;
	show_report(name,
		    n		? "more than one session begins like that" :
		    number >= 0 ? "no process in a session" :
				  "no such session",
		    0, "see privtmp list");
	return NULL;
}

/* -- Identity and environment -- */

enum { JOIN_SESSION_KEYRING = 1 }; /* <linux/keyctl.h> */

/* Drops what root must not bring into another user's session. */
static void leave_behind(void)
{
	char cwd[PATH_MAX];

	/* A working directory can lead to what is below a closed one. */
	if (!getcwd(cwd, sizeof cwd) || chdir(cwd) < 0)
		(void)!chdir("/");
#ifdef SYS_keyctl
	syscall(SYS_keyctl, JOIN_SESSION_KEYRING, NULL);
#endif
}

/*
 * Root becomes the session's owner, because others can write to what it uses now. The
 * process cannot be traced until the command is executed.
 */
static int become_owner(const struct found *f)
{
	const struct passwd *user = user_of(f->owner);
	const gid_t gid = crew_group(f->owner, f->group);
	int ret;

	if (prctl(PR_SET_DUMPABLE, 0) < 0)
		return -errno;
	ret = user ? user_take_groups(user->pw_name, gid) : setgroups(1, &gid);
	if (ret < 0 || setresgid(gid, gid, gid) < 0 ||
	    setresuid(f->owner, f->owner, f->owner) < 0 || prctl(PR_SET_DUMPABLE, 0) < 0)
		return -errno;
	leave_behind();
	return 0;
}

enum { VARIABLES = OPTIONS_ENVS + 64 };

static void put_variable(char **to, size_t *n, const char *name, const char *value)
{
	if (*n + 1 < VARIABLES && asprintf(&to[*n], "%s=%s", name, value) >= 0)
		++*n;
}

/* Terminal and language are no secret. */
static bool is_terminal_variable(const char *variable)
{
	return !strncmp(variable, "TERM=", 5) || !strncmp(variable, "LANG=", 5) ||
	       !strncmp(variable, "LC_", 3);
}

static void clean_environment(const struct options *options, uid_t uid)
{
	static char *clean[VARIABLES + 1];
	const struct passwd *user = user_of(uid);
	char number[32];
	size_t n = 0;

	snprintf(number, sizeof number, "%lu", (unsigned long)uid);
	put_variable(clean, &n, "PATH",
		     "/usr/local/sbin:/usr/local/bin:"
		     "/usr/sbin:/usr/bin:/sbin:/bin");
	put_variable(clean, &n, "HOME", user ? user->pw_dir : "/");
	put_variable(clean, &n, "USER", user ? user->pw_name : number);
	put_variable(clean, &n, "LOGNAME", user ? user->pw_name : number);
	put_variable(clean, &n, "SHELL", shell_of(user));
	for (char **at = environ; *at && n < 32; at++)
		if (is_terminal_variable(*at))
			clean[n++] = *at;
	/* Named variables are copied from the previous environment. */
	for (unsigned i = 0; i < options->envs; i++)
		if (!strchr(options->env[i], '=') && getenv(options->env[i]))
			put_variable(clean, &n, options->env[i], getenv(options->env[i]));
	environ = clean;
}

/* The variables of --env. */
static void add_variables(const struct options *options)
{
	for (unsigned i = 0; i < options->envs; i++) {
		const char *value = strchr(options->env[i], '=');
		char *name = value ? strndup(options->env[i],
					     (size_t)(value - options->env[i])) :
				     NULL;

		if (name)
			setenv(name, value + 1, 1);
		free(name);
	}
}

/* Becomes a member of the session at ROOT. 0 or -errno. */
static int become_member(const char *root)
{
	struct session *s = &pt_session;
	static const char by_name[] = "-:0:0:"; /* see struct handover */
	char value[sizeof by_name + POLICY_ROOT_MAX];
	int ret;

	snprintf(value, sizeof value, "%s%s", by_name, root);
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

/* Moves from a guarded directory to its backing. */
static void move_in(const char *cwd)
{
	const size_t len = strlen(cwd);
	size_t inside;
	int guard = view_guard_of(cwd, len, &inside);
	char to[POLICY_ROOT_MAX + PATH_MAX];

	if (guard < 0 || inside < len || session_need_backing((unsigned)guard, false) < 0)
		return;
	text_copy(&pt_session.lease.policy.guard[guard].prefix, to);
	strcat(to, cwd);
	if (chdir(to) == 0)
		pt_view.cwd_inside = 1;
}

/* Runs as a member. */
static int run_inside(struct launch *l)
{
	char cwd[PATH_MAX] = "";
	int status, ret;

	if (getcwd(cwd, sizeof cwd) && !l->beside)
		move_in(cwd);
	status = launch_settle(l, cwd);
	if (status)
		return status;
	ret = l->beside ? 0 : launch_await_joining(l, false);
	if (ret < 0) {
		report(l->path, "its joining cannot be awaited", -ret, remedy_of(-ret));
		return STATUS_PRIVTMP;
	}
	launch_say(l);
	return launch_command(l);
}

/* Runs in the process that becomes the command's parent. */
static int be_inside(const struct options *options, const struct found *f, char **argv)
{
	static struct launch launch;
	static struct lease outer;
	static struct beside beside;
	int status, ret;

	launch.options = options;
	launch.argv = argv;
	launch.enters = true;
	if (f->lease && f->lease->policy.size_limit) {
		if (!beside_find(f->lease, &beside)) {
			show_report(f->root,
				    "is held to a size, and no process in its memory can "
				    "be found",
				    0, "see privtmp list");
			return STATUS_PRIVTMP;
		}
		launch.beside = &beside;
	}
	launch.watch.started = -1;
	outer_session(&outer);
	status = launch_prepare(&launch);
	if (status)
		return status;
	ret = become_member(f->root);
	if (ret < 0) {
		show_report(f->root,
			    ret == -ESTALE ? "has no members any more" :
					     "cannot be entered",
			    -ret, "see privtmp list");
		return STATUS_PRIVTMP;
	}
	if (watch_begin(&launch.watch) < 0) {
		report("enter", "signals cannot be watched", errno, remedy_of(errno));
		status = STATUS_PRIVTMP;
	} else {
		status = run_inside(&launch);
	}
	session_leave(false);
	return status;
}

static int cannot_enter(const struct found *f, int ret)
{
	show_report(f->root, "cannot be entered", -ret, "only its owner and root may");
	return STATUS_PRIVTMP;
}

/* Continues as the session's owner. */
static int enter_as_owner(const struct options *options, const struct found *f,
			  char **argv)
{
	static struct options others;
	static char *shell[2];
	int ret;

	if (f->owner != geteuid()) {
		clean_environment(options, f->owner);
		ret = become_owner(f);
		if (ret < 0)
			return cannot_enter(f, ret);
		/* Root's settings do not apply. */
		others = *options;
		memset(&others.settings, 0, sizeof others.settings);
		options = &others;
	}
	add_variables(options);
	if (!argv[0]) {
		shell[0] = getenv("SHELL");
		if (!shell[0] || !*shell[0])
			shell[0] = (char *)"/bin/sh";
		argv = shell;
	} else {
		argv = interpreter_argv("enter", argv);
		if (!argv)
			return cannot_enter(f, -ENOMEM);
	}
	return be_inside(options, f, argv);
}

int tool_enter(const struct options *options, int argc, char **argv)
{
	static struct relay relay;
	const struct found *f;
	char **command;
	bool other;
	int status;

	if (argc < 1) {
		options_complain(options->command, "enter", "no session given");
		return STATUS_PRIVTMP;
	}
	command = argv + (argc > 1 && !strcmp(argv[1], "--") ? 2 : 1);
	f = find_session(options, argv[0]);
	if (!f)
		return STATUS_PRIVTMP;
	other = f->owner != geteuid();
	if (other && geteuid() != 0)
		return cannot_enter(f, -EPERM);
	if (options->inherit_tty || (!other && !isatty(0) && !isatty(1) && !isatty(2)))
		return enter_as_owner(options, f, command);
	if (relay_start(&relay, other, f->owner) < 0) {
		report("enter", "no terminal of its own can be had", errno,
		       "--tty inherit gives it this one");
		return STATUS_PRIVTMP;
	}
	if (relay.child == 0)
		return enter_as_owner(options, f, command);
	status = relay_run(&relay);
	if (relay.lost) {
		/* The command has written it, and does not know. */
		report("standard output", "cannot be written", relay.lost,
		       remedy_of(relay.lost));
		return STATUS_PRIVTMP;
	}
	return WIFSIGNALED(status) ? STATUS_SIGNAL + WTERMSIG(status) :
				     WEXITSTATUS(status);
}
