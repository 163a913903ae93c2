/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Launches a command; see launch.h. */
#include "launch.h"
#include "command.h"
#include "core/report.h"
#include "core/sys.h"
#include "core/valgrind.h"
#include "policy/view.h"
#include "procfs.h"
#include "reach.h"
#include "route/loader.h"
#include "remedy.h"
#include "route/lists.h"
#include "route/walk.h"
#include "same_file.h"
#include "session/confine.h"
#include "session/handover.h"
#include "session/hints.h"
#include "session/session.h"
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	PROOF = 2000,  /* milliseconds for the shim to show itself */
	PATIENCE = 15, /* multiple of that for a busy dynamic linker */
};

/*
 * Whether the command is this program itself, in which the shim does nothing: it looks
 * after its own command.
 */
static bool is_self(const char *path)
{
	return same_paths("/proc/self/exe", path);
}

static bool is_denied(const struct launch *l)
{
	const char *onfail = l->settings.onfail;

	return !onfail || strcmp(onfail, "pass") != 0;
}

static int cannot_run(const char *path, int error)
{
	const struct command_report wrong = command_report(path, error);

	report(path, wrong.what, wrong.error, wrong.remedy);
	return wrong.absent ? STATUS_NOT_FOUND : STATUS_CANNOT_RUN;
}

/*
 * Determines the settings. Running the command by this program overrides a
 * configuration that leaves unnamed programs alone.
 */
static bool settle_settings(struct launch *l)
{
	l->exported = l->options->settings;
	if (!tool_settings_of(l->options, l->program.path, &l->settings))
		return false;
	if (l->enters)
		l->settings.size_limit = NULL;
	/* The mode of those who are only looked at; what this starts has a session. */
	if (l->audited && l->exported.mode && !strcmp(l->exported.mode, "audit"))
		l->exported.mode = l->settings.mode = "redirect";
	if (!l->exported.mode && l->settings.mode && !strcmp(l->settings.mode, "off"))
		l->exported.mode = l->settings.mode = "redirect";
	return true;
}

/*
 * The program that decides by which door: that of the command, or the one that a dynamic linker,
 * which lets in the library, starts.
 */
static const struct program *deciding(const struct launch *l)
{
	static struct program started;
	const size_t at = l->program.is_linker ? loader_started(l->argv) : 0;

	if (!at || program_inspect(l->argv[at], &started) != 0 || !started.known)
		return &l->program;
	started.secure = l->program.secure;
	return &started;
}

/* Chooses the door; where none holds the session to a size and may not, without that. */
static void choose(struct launch *l)
{
	static const char none[] = "0";
	struct choice *choice = &l->choice;
	const enum backend backend = l->options->backend;
	const struct program *program = deciding(l);

	door_choose(backend, &l->settings, &l->shim, program, choice);
	if (choice->door != DOOR_NONE || is_denied(l) || !settings_limit(&l->settings))
		return;
	report(l->program.path, choice->what, 0, "it runs with no limit of the size");
	l->settings.size_limit = l->exported.size_limit = none;
	door_choose(backend, &l->settings, &l->shim, program, choice);
}

int launch_prepare(struct launch *l)
{
	struct choice *choice = &l->choice;
	int error;

	l->audited = !l->observes && shim_is_audited();
	if (shim_find(&l->shim) < 0 || (l->audited && shim_for_audit(&l->shim) < 0))
		return STATUS_PRIVTMP;
	error = command_find(l->argv[0], l->path);
	if (error)
		return cannot_run(l->argv[0], error);
	error = program_inspect(l->path, &l->program);
	if (error) {
		report(l->program.path, "cannot be run", error,
		       remedy_of_program(&l->program, error));
		return STATUS_CANNOT_RUN;
	}
	if (!settle_settings(l))
		return STATUS_PRIVTMP;
	if (is_self(l->path)) {
		l->unprotected = true;
		return 0;
	}
	if (l->beside && l->options->backend == BACKEND_PRELOAD) {
		report(l->program.path,
		       "the library does not reach what is held to a size", 0,
		       "let it in by mounts (--backend mount)");
		return STATUS_PRIVTMP;
	}
	if (l->beside)
		*choice = (struct choice){ .door = DOOR_MOUNT };
	else
		choose(l);
	l->watch.probe = choice->probe;
	if (choice->door == DOOR_PRELOAD && choice->what[0] && !l->settings.confine)
		report(l->program.path, choice->what, 0, "it runs with the shim alone");
	if (choice->door != DOOR_NONE)
		return 0;
	l->unprotected = true;
	report(l->program.path, choice->what, 0,
	       !is_denied(l) ? "it runs unprotected" :
	       l->observes   ? "it cannot be audited" :
			       choice->remedy);
	return is_denied(l) ? STATUS_PRIVTMP : 0;
}

void launch_say(const struct launch *l)
{
	if (!l->options->verbose)
		return;
	fprintf(stderr, "privtmp: %s: runs in session %s, %s%s%s%s\n", l->path,
		pt_session.root, l->choice.door == DOOR_MOUNT ? "by mounts" : "with ",
		l->choice.door == DOOR_MOUNT ? "" : l->shim.path,
		l->choice.why ? ", because it is " : "",
		l->choice.why ? l->choice.why : "");
}

/* Whether PATH lies in a guarded directory, and is not shared. */
static bool is_guarded(const char *path)
{
	const size_t len = strlen(path);
	size_t inside;

	return view_guard_of(path, len, &inside) >= 0 &&
	       !view_is_shared(path, len, inside);
}

int launch_settle(struct launch *l, const char *former_cwd)
{
	char cwd[PATH_MAX], path[PATH_MAX];

	if (l->path[0] != '/' && getcwd(cwd, sizeof cwd) &&
	    strcmp(cwd, former_cwd) != 0) {
		if (snprintf(path, sizeof path, "%s/%s", former_cwd, l->path) >=
		    (int)sizeof path)
			return cannot_run(l->path, ENAMETOOLONG);
		strcpy(l->path, path);
	}
	if (!l->program.script)
		return 0;
	if (l->program.is_linker && l->choice.door != DOOR_MOUNT) {
		report(l->program.path,
		       "a dynamic linker as the interpreter of a script, which opens files "
		       "by itself",
		       0, "execute it with its arguments");
		return STATUS_CANNOT_RUN;
	}
	/* A member that executes the script does not find it, either. */
	if (list_element_leads(l->program.path, strlen(l->program.path)) != 0 &&
	    (!realpath(l->program.path, path) || is_guarded(path))) {
		report(l->program.path,
		       "the interpreter of a script, which lies in a guarded directory",
		       0, "move it, or --share it");
		return STATUS_CANNOT_RUN;
	}
	if (!is_guarded(l->path))
		return 0;
	report(l->path,
	       "a script in a guarded directory, in which its "
	       "interpreter will not find it",
	       0, "move it, or --share it");
	return STATUS_CANNOT_RUN;
}

/*
 * Runs in the child. Returns the errno of a failed exec, or -errno of an earlier
 * failure.
 */
static int become_command(struct launch *l, pid_t launcher)
{
	struct handover handover = { .fd = -1 };
	const bool mounted = l->choice.door == DOOR_MOUNT;
	char **envp = environ, **argv = l->argv;

	if (l->beside) {
		int ret = beside_join(l->beside);

		if (ret < 0)
			return ret;
		session_name_shown(&handover);
		envp = shim_environment(NULL, &l->program, &l->exported,
					handover.variable);
		if (!envp)
			return -ENOMEM;
	} else if (pt_session.state == SESSION_LIVE) {
		session_handover(&handover, launcher, false);
		if (handover.fd < 0)
			return -EMFILE;
		session_name_first(&handover, launcher);
		/*
		 * Here, so that it holds for what does not load the shim, too; but not of
		 * what enters a session that is confined already, see confine.h. And
		 * what is shared is out of sight behind mounts, which a domain forbids.
		 */
		if (!mounted && pt_session.started &&
		    pt_session.lease.policy.confine == CONFINE_YES) {
			int ret = confine_start();

			if (ret < 0)
				return ret;
		}
		/* Behind mounts the shim is not needed. */
		envp = shim_environment(mounted ? NULL : &l->shim, &l->program,
					&l->exported, handover.variable);
		if (mounted)
			argv = door_argv(&l->shim, l->path, l->argv);
		if (!envp || !argv)
			return -ENOMEM;
		if (!mounted) {
			int ret = shim_arguments(&l->shim, &l->program, &argv);

			if (ret < 0)
				return ret;
		}
	}
	watch_restore(&l->watch.inherited);
	return command_execute(mounted && !l->beside ? argv[0] : l->path, argv, envp);
}

/* Makes a pipe whose ends are no standard streams. 0 or -errno. */
static int make_pipe(int fds[2])
{
	int low[2];

	fds[0] = fds[1] = -1;
	if (pipe2(low, O_CLOEXEC) < 0)
		return -errno;
	for (int i = 0; i < 2; i++) {
		fds[i] = fcntl(low[i], F_DUPFD_CLOEXEC, 3);
		close(low[i]);
	}
	return fds[0] < 0 || fds[1] < 0 ? -EMFILE : 0;
}

/* What the child is given. */
struct birth {
	struct launch *launch;
	pid_t launcher;
	int error; /* the pipe's end for it */
};

static int be_child(void *arg)
{
	struct birth *birth = arg;
	int error = become_command(birth->launch, birth->launcher);

	(void)!write(birth->error, &error, sizeof error);
	_exit(STATUS_CANNOT_RUN);
}

/*
 * A child that shares this process's memory until it executes the command: to copy page
 * tables, and then each page that either writes to, takes longer than all that the child
 * does. Until the pipe closes, this process only waits for that, without memory or state of
 * libc's that the child uses. -1: no such child can be had.
 */
static pid_t share(struct birth *birth)
{
	enum { STACK = 256 << 10 };
	const struct launch *l = birth->launch;
	char *stack;
	int error;

#ifdef __SANITIZE_THREAD__
	return -1; /* it takes both for one process */
#endif
	/* Its domain is the child's alone, and so must be what is known of it. */
	if (l->choice.door == DOOR_MOUNT || valgrind_runs() ||
	    pt_session.lease.policy.confine != CONFINE_NO)
		return -1;
	stack = sys_pages(STACK, &error);
	if (!stack)
		return -1;
	return sys_clone(be_child, stack + STACK, CLONE_VM | SIGCHLD, birth);
}

/* Starts the command. 0 or -errno. */
static int start_command(struct launch *l)
{
	static struct birth birth; /* the child reads it when this has returned */
	struct watch *w = &l->watch;
	int fds[2], ret = make_pipe(fds);

	if (ret < 0)
		return ret;
	birth = (struct birth){ .launch = l, .launcher = getpid(), .error = fds[1] };
	w->child = share(&birth);
	if (w->child < 0)
		w->child = fork();
	if (w->child < 0)
		return -errno;
	if (w->child == 0)
		be_child(&birth);
	sigpending(&w->early);
	close(fds[1]);
	w->started = fds[0];
	return 0;
}

/* The progress of a command that has not joined in time. */
enum progress { LOADING, LOADED, ABSENT };

/*
 * Inspects the mappings of the command. Other libraries may come before the shim and
 * take long. Or the dynamic linker is still at work, on a slow disk or stopped.
 */
static enum progress look_inside(pid_t pid)
{
	FILE *maps = procfs_open(pid, "maps");
	struct procfs_files files = { 0, "" };
	char *line = NULL, *name;
	size_t size = 0;
	bool shim = false;

	while (maps && getline(&line, &size, maps) > 0) {
		name = procfs_mapped(&files, line);
		shim |= name && strstr(name, "/libprivtmp");
	}
	free(line);
	if (maps)
		fclose(maps);
	return shim ? LOADED : files.n == PROCFS_LOADING ? LOADING : ABSENT;
}

int launch_await_joining(struct launch *l, bool made)
{
	const struct session *s = &pt_session;
	const int ret = made ? 0 : hints_joined(s->root, s->owner, '?');
	const unsigned char *hints;

	if (ret < 0)
		return walk_is_passing(ret) ? ret : 0;
	l->proves = true;
	hints = hints_map(s->root, s->owner);
	if (hints != hints_unknown)
		l->watch.joined = hints + HINTS_JOINED;
	return 0;
}

static bool has_joined(const struct launch *l)
{
	const volatile unsigned char *joined = l->watch.joined;

	/* Behind the mount door no proof is needed. */
	if (l->unprotected || l->choice.door == DOOR_MOUNT || !l->proves)
		return true;
	/* Whoever has no memory to map it must not take a command that had none for it. */
	return (joined ? *joined :
			 hints_read_joined(pt_session.root, pt_session.owner)) == 'j';
}

/* Reports that the shim is not in the command. Kills it where that is denied. */
static void not_joined(struct launch *l, const char *what)
{
	const bool denied = is_denied(l);

	report(l->path, what, 0,
	       denied ? "use --onfail pass to run it unprotected" :
			"it runs unprotected");
	if (denied && !l->watch.ended) {
		kill(l->watch.child, SIGKILL);
		watch_command(&l->watch, -1);
	}
}

static int status_of(int status)
{
	return WIFSIGNALED(status) ? STATUS_SIGNAL + WTERMSIG(status) :
				     WEXITSTATUS(status);
}

int launch_command(struct launch *l)
{
	struct watch *w = &l->watch;
	int ret = start_command(l);

	if (ret < 0) {
		report(l->path, "no process can be started", -ret, remedy_of(-ret));
		return STATUS_PRIVTMP;
	}
	for (int looks = 1; !watch_command(w, has_joined(l) ? -1 : PROOF); looks++) {
		enum progress progress = look_inside(w->child);

		if (has_joined(l) || progress == LOADED ||
		    (progress == LOADING && looks < PATIENCE))
			continue;
		not_joined(l, "the shim has not been loaded into it");
		if (is_denied(l))
			return STATUS_PRIVTMP;
		l->unprotected = true;
	}
	if (w->error < 0) {
		report(l->path,
		       l->beside ? "the session's memory cannot be entered" :
				   "the session cannot be handed on",
		       -w->error, remedy_of(-w->error));
		return STATUS_PRIVTMP;
	}
	if (w->error) {
		report(l->path, "cannot be run", w->error, remedy_of(w->error));
		return STATUS_CANNOT_RUN;
	}
	/* A command that was killed at once proves nothing. */
	if (!has_joined(l) && WIFEXITED(w->status)) {
		not_joined(l, "has ended, and the shim had not been loaded "
			      "into it");
		if (is_denied(l))
			return STATUS_PRIVTMP;
	}
	return status_of(w->status);
}
