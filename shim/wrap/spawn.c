/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posix_spawn, and functions that start a shell inside libc: system, popen, wordexp. */
#define _GNU_SOURCE
#include "wrap/exec.h"
#include "core/report.h"
#include "core/sys.h"
#include "route/lists.h"
#include "route/loader.h"
#include "session/handover.h"
#include "wrap/uncovered.h"
#include "wrap/wrap.h"

#include <string.h>
#include <unistd.h>

typedef int spawn_fn(int *pid, const char *path, const void *actions,
		     const void *attributes, char *const *argv, char *const *envp);

struct spawn {
	int *pid;
	const void *actions, *attributes;
	spawn_fn *real;
};

static int refuse_link(const char *path)
{
	report(path,
	       "a link may lead a name of its file actions, or its own, elsewhere than it "
	       "was seen to lead, into a shared directory",
	       EACCES,
	       "name what it leads to, or add the name when the link is there, and destroy "
	       "lists after use");
	return EACCES;
}

/* PATH is the program, or the interpreter of a script. */
static int run_spawn(void *arg, const char *path, char *const *argv, char *const *envp)
{
	const struct spawn *s = arg;

	if (unlikely(spawn_moves_program(s->actions, path)))
		return refuse_link(path);
	return s->real(s->pid, path, s->actions, s->attributes, argv, envp);
}

/*
 * Whether a list of ld.so's, in the environment or an argument of its own, leads the child
 * into a shared directory. The caller's own lists are redirected as seen from the caller.
 */
static bool any_strays(const void *actions, const char *path, char *const *argv,
		       char *const *envp)
{
	const bool loader = loader_is(path) && argv;
	const size_t program = loader ? loader_started(argv) : 0;

	/* Its own arguments end with the program, which it opens itself. */
	for (size_t i = 1; loader && argv[0] && argv[i] && (!program || i <= program);
	     i++) {
		const char *option = text_after(argv[i], "--");
		const char *value = option ? strchr(option, '=') : argv[i];

		if (value && spawn_list_strays(actions, value + (option != NULL), false))
			return true;
	}
	for (size_t i = 0; envp && envp[i]; i++)
		if (list_is(envp[i]) &&
		    spawn_list_strays(actions, strchr(envp[i], '=') + 1,
				      text_after(envp[i], "LD_PRELOAD=") ||
					      text_after(envp[i], "LD_AUDIT=")))
			return true;
	return false;
}

/*
 * A process that another thread starts at this moment inherits the lease's descriptor,
 * too. It is a member as well, so that does no harm.
 */
static int spawn(struct spawn *s, const char *path, char *const *argv, char *const *envp,
		 bool search, bool shell)
{
	struct exec_env env;
	int saved = errno;

	if (unlikely(!spawn_may_start(s->actions))) {
		report(path,
		       "the working directory has changed since its file actions got "
		       "relative names, which may lead into a shared directory",
		       EACCES, "add them with absolute names");
		return EACCES;
	}
	if (unlikely(spawn_leads_elsewhere(s->actions)))
		return refuse_link(path);
	session_share();
	void *room[exec_env_plan(&env, argv, envp)];
	const struct exec_job job = {
		.run = run_spawn,
		.arg = s,
		.env = &env,
		.parent = env.whole ? 0 : pt_session.pid,
		.matters = uncovered_matters(&env),
		.moves = spawn_may_move(s->actions) ? s->actions : NULL,
	};
	int error;

	if (s->actions && !env.whole && any_strays(s->actions, path, argv, envp))
		return EACCES;
	/* They may name any number, open or not. */
	env.apart = s->actions;
	envp = exec_env_fill(&env, room, job.parent);
	if (!envp)
		error = env.error;
	else if (search)
		error = exec_search(&job, path, argv, envp, shell);
	else
		error = exec_try(&job, path, argv, envp, shell);

	exec_env_end(&env);
	errno = saved;
	return error;
}

#define SPAWN_PARAMETERS \
	int *pid, const char *path, const void *actions, const void *attributes, \
		char *const *argv, char *const *envp

/* BASE: starts the file that was found. SHELL: see exec_search. */
#define SPAWN(pt_name, base, search, shell) \
	int pt_name(SPAWN_PARAMETERS) \
	{ \
		struct spawn s = { pid, actions, attributes, (spawn_fn *)REAL(base) }; \
		return spawn(&s, path, argv, envp, search, shell); \
	}

WRAP(int, posix_spawn, SPAWN_PARAMETERS);
WRAP(int, posix_spawnp, SPAWN_PARAMETERS);
SPAWN(pt_posix_spawn, posix_spawn, false, false)
SPAWN(pt_posix_spawnp, posix_spawn, true, false)

/* The old version gave a file in no known format to the shell. */
#ifdef OLD_posix_spawn
WRAP_OLD(int, posix_spawn, OLD_posix_spawn, SPAWN_PARAMETERS);
SPAWN(pt_old_posix_spawn, posix_spawn, false, true)
#endif
#ifdef OLD_posix_spawnp
WRAP_OLD(int, posix_spawnp, OLD_posix_spawnp, SPAWN_PARAMETERS);
SPAWN(pt_old_posix_spawnp, posix_spawn, true, true)
#endif

/* These return a pidfd instead of a pid. */
WRAP(int, pidfd_spawn, SPAWN_PARAMETERS);
SPAWN(pt_pidfd_spawn, pidfd_spawn, false, false)
WRAP(int, pidfd_spawnp, SPAWN_PARAMETERS);
SPAWN(pt_pidfd_spawnp, pidfd_spawn, true, false)

enum { COMMAND_ON_STACK = 4096, NO_SHELL = 127 << 8 };

/* The room on the stack that shell_command needs for COMMAND. */
static size_t shell_room(const struct shell *shell, const char *command)
{
	const size_t size = shell->door[0] ? uncovered_put_command(shell, command, NULL) :
					     1;

	return size > COMMAND_ON_STACK ? 1 : size;
}

/* What libc's shell has to be told, for COMMAND; NULL where there is no memory. */
static const char *shell_command(const struct shell *shell, const char *command,
				 char *room)
{
	size_t size;

	if (!shell->door[0])
		return command;
	size = uncovered_put_command(shell, command, NULL);
	if (size > COMMAND_ON_STACK)
		room = exec_pages(size);
	if (room)
		uncovered_put_command(shell, command, room);
	return room;
}

WRAP(int, system, const char *command);

static int start_system(const char *command)
{
	struct shell shell;

	if (!uncovered_shell(&shell, true))
		return NO_SHELL;
	char room[shell_room(&shell, command)];

	command = shell_command(&shell, command, room);
	return command ? REAL(system)(command) : NO_SHELL;
}

int pt_system(const char *command)
{
	int status = -1, error;

	/* The caller waits for the shell, which so finds the session alive by its name. */
	error = exec_env_mend();
	if (!command)
		status = REAL(system)(command);
	else if (error)
		errno = error;
	else
		status = start_system(command);
	exec_env_mended();
	return status;
}

/*
 * popen returns when the shell is executed, and the program may end before the shell
 * has joined. So the shell inherits a descriptor of the lease. False: it must not start.
 */
static bool lend_lease(struct handover *mine)
{
	const int error = exec_env_mend();

	mine->fd = -1;
	if (error) {
		errno = error;
		return false;
	}
	session_handover(mine, pt_session.pid, false);
	if (mine->fd >= 0)
		memcpy(exec_env_published()->variable, mine->variable,
		       sizeof mine->variable);
	return true;
}

static void take_lease_back(struct handover *mine)
{
	exec_env_mended();
	if (mine->fd < 0)
		return;
	session_name_shown(exec_env_published());
	session_handover_end(mine);
}

/* popen, popen's old name, or _IO_proc_open, which is given the STREAM. */
union popen {
	void *(*open)(const char *command, const char *mode);
	void *(*proc_open)(void *stream, const char *command, const char *mode);
};

static void *start_popen(union popen real, bool given, void *stream, const char *command,
			 const char *mode)
{
	struct shell shell;

	if (!uncovered_shell(&shell, true)) {
		errno = EACCES;
		return NULL;
	}
	char room[shell_room(&shell, command)];

	command = shell_command(&shell, command, room);
	if (!command) {
		errno = ENOMEM;
		return NULL;
	}
	return given ? real.proc_open(stream, command, mode) : real.open(command, mode);
}

#define POPEN(name) \
	WRAP(void *, name, const char *command, const char *mode); \
	void *pt_##name(const char *command, const char *mode) \
	{ \
		struct handover mine; \
		void *stream = NULL; \
		if (lend_lease(&mine)) \
			stream = start_popen((union popen){ .open = REAL(name) }, false, \
					     NULL, command, mode); \
		take_lease_back(&mine); \
		return stream; \
	}

POPEN(popen)
POPEN(_IO_popen)

WRAP(void *, _IO_proc_open, void *stream, const char *command, const char *mode);

void *pt__IO_proc_open(void *stream, const char *command, const char *mode)
{
	struct handover mine;
	void *started = NULL;

	if (lend_lease(&mine))
		started = start_popen((union popen){ .proc_open = REAL(_IO_proc_open) },
				      true, stream, command, mode);
	take_lease_back(&mine);
	return started;
}
