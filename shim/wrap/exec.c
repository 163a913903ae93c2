/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The exec family; see exec.h. All functions end in execute_file: libc's own execvp,
 * execl and the rest call each other where no wrapper sees it.
 */
#define _GNU_SOURCE
#include "wrap/exec.h"
#include "core/libc.h"
#include "core/sys.h"
#include "wrap/exec_loader.h"
#include "wrap/exec_look.h"
#include "wrap/uncovered.h"
#include "wrap/wrap.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

/* Where musl differs. */
#ifdef __GLIBC__
#define LIBC_FALLS_BACK true	/* runs a file in no known format by the shell */
#define LIBC_WANTS_VECTORS true /* fexecve(3) fails without them, by itself */
#define DEFAULT_PATH "/bin:/usr/bin"
#else
#define LIBC_FALLS_BACK false
#define LIBC_WANTS_VECTORS false
#define DEFAULT_PATH "/usr/local/bin:/bin:/usr/bin"
#endif

WRAP(int, execve, const char *path, char *const *argv, char *const *envp);

void exec_prepare(void)
{
	(void)REAL(execve);
}

/*
 * Whether the file is in one of the system's own directories, as most are: its first
 * bytes need not be read, since no script there has its interpreter in /tmp. Not so what
 * was built here.
 */
static bool is_systems(const char *path)
{
	static const char dirs[][8] = { "/usr/", "/bin/", "/sbin/", "/lib/", "/lib64/" };

	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++)
		if (text_after(path, dirs[i]))
			return !text_after(path, "/usr/local/");
	return false;
}

static bool is_guarded(const char *path)
{
	unsigned guard;
	size_t len;

	return view_kind(path, true, &guard, &len) != VIEW_PASS;
}

static int run_file(const struct exec_job *job, const char *path, char *const *argv,
		    char *const *envp, int depth);

/* Runs a script's interpreter with the arguments that the kernel would give it. */
static int run_script(const struct exec_job *job, const struct script *s,
		      const char *path, char *const *argv, char *const *envp, int depth)
{
	size_t n = 0, to = 0;

	while (argv && argv[n])
		n++;
	char *vector[n + 4];

	vector[to++] = s->interpreter;
	if (s->argument)
		vector[to++] = s->argument;
	vector[to++] = (char *)path;
	for (size_t i = 1; i < n; i++)
		vector[to++] = argv[i];
	vector[to] = NULL;
	return run_file(job, s->interpreter, vector, envp, depth + 1);
}

/* Whether the interpreter of S is a dynamic linker, which opens what its argument names. */
static bool is_for_loader(const struct script *s)
{
	struct look look;

	if (!s->argument || !strchr(s->argument, '/'))
		return false;
	look_at(&look, AT_FDCWD, s->interpreter, 0);
	look_end(&look);
	return loader_is(s->interpreter) || (look.facts & LOOK_LOADER);
}

/*
 * Whether something would be looked for in a shared directory: the interpreter of S, by the
 * kernel, or what that opens by itself; or that of the interpreter, if it is a script.
 */
static bool leads_in(const struct script *s)
{
	bool in = is_guarded(s->interpreter) || is_for_loader(s);
	char name[SCRIPT_HEAD];

	strcpy(name, s->interpreter);
	for (int i = 0; !in && *name && i < SCRIPT_NESTING && !is_systems(name); i++) {
		struct look look;

		look_for_script(&look, AT_FDCWD, name, 0);
		*name = '\0';
		if (look.facts & LOOK_SCRIPT) {
			in = is_guarded(look.script.interpreter) ||
			     is_for_loader(&look.script);
			strcpy(name, look.script.interpreter);
		}
		look_end(&look);
	}
	return in;
}

/* Whether LOOK is a script that the kernel must not start: REAL, of GUARD or -1. */
static bool takes_apart(const struct look *look, int dirfd, const char *path,
			const char *real, int guard)
{
	return (look->facts & LOOK_SCRIPT) &&
	       (guard >= 0 || (!is_systems(path) && leads_in(&look->script))) &&
	       look_may_run(look, dirfd, real);
}

/*
 * Whether REAL is a dynamic linker, by LOOK of JOB: by its name where that does not tell. Ask
 * before uncovered_takes, which looks at a script's interpreter.
 */
static bool is_loader(const struct exec_job *job, const struct look *look,
		      const char *real)
{
	const bool untold = !job->matters || (look->facts & LOOK_OUTSIDE);

	return !(look->facts & LOOK_SCRIPT) &&
	       ((look->facts & LOOK_LOADER) || (untold && loader_is(real)));
}

/*
 * The same. Then LOOK has the facts of the program that it starts, too, and NAME is that one's
 * if there are any.
 */
static bool takes_loader(const struct exec_job *job, struct look *look, const char *real,
			 char *const *argv, const char **name)
{
	if (!is_loader(job, look, real))
		return false;
	if (job->matters)
		look->facts |= loader_facts(job, argv, name);
	return true;
}

/* Runs the file REAL, which is PATH to the program, in the backing of GUARD or none. */
static int run_real(const struct exec_job *job, const char *path, const char *real,
		    int guard, char *const *argv, char *const *envp, int depth)
{
	const bool moves = job->moves && view_length(real) > 0 && real[0] != '/';
	char room[moves ? spawn_room(real) : 1];
	/* What is inspected must be what the child executes. */
	const char *at = moves ? room : real;
	struct target target = { AT_FDCWD, at, 0, path, real };
	struct look look;
	bool loader;
	int error;

	if (job->env->unreadable || (moves && !spawn_moved(job->moves, real, room)))
		return job->run(job->arg, real, argv, envp);
	if (job->matters)
		look_at(&look, AT_FDCWD, at, 0);
	else
		look_for_script(&look, AT_FDCWD, at, 0);
	if (look.error)
		return look.error;
	if (job->env->apart)
		look.fd = sys_move_apart(look.fd);
	if (view_length(path) > 0 && takes_apart(&look, AT_FDCWD, path, at, guard)) {
		look_end(&look);
		if (depth == SCRIPT_NESTING)
			return ELOOP;
		return run_script(job, &look.script, path, argv, envp, depth);
	}
	loader = takes_loader(job, &look, real, argv, &target.name);
	if (!job->matters || !uncovered_takes(job, &target, &look, argv, envp, &error))
		error = loader ? loader_run(job, real, argv, envp) :
				 job->run(job->arg, real, argv, envp);
	look_end(&look);
	return error;
}

static int run_routed(const struct exec_job *job, const char *path, char *const *argv,
		      char *const *envp, int depth)
{
	const bool moves = job->moves && view_length(path) > 0;
	char whole[moves ? spawn_room(path) : 1];
	const char *seen = moves ? spawn_seen(job->moves, path, whole) : path;

	if (moves && !seen)
		return EACCES;
	struct route r;
	char room[route_plan(&r, AT_FDCWD, seen, FOLLOW, ROUTE_READ)];
	int error;

	if (route_go(&r, room) < 0)
		return errno;
	error = run_real(job, path, r.path == seen ? path : r.path, r.guard, argv, envp,
			 depth);
	route_end(&r);
	return error;
}

static int run_file(const struct exec_job *job, const char *path, char *const *argv,
		    char *const *envp, int depth)
{
	if (!view_passes(path) || !is_systems(path))
		return run_routed(job, path, argv, envp, depth);
	if (job->matters || loader_is(path))
		return run_real(job, path, path, -1, argv, envp, depth);
	return job->run(job->arg, path, argv, envp);
}

/*
 * Runs PATH, a path in the view. A script in a guarded directory, or whose interpreter
 * is in one, is started here: the kernel would tell the interpreter the backing's path.
 * Returns the runner's result, or an errno.
 */
static int execute_file(const struct exec_job *job, const char *path, char *const *argv,
			char *const *envp)
{
	return run_file(job, path, argv, envp, 0);
}

/* Runs a file in no known format by the shell, as execvp(3) does. */
static int run_shell(const struct exec_job *job, const char *path, char *const *argv,
		     char *const *envp)
{
	size_t n = 0;

	while (argv[n])
		n++;
	char *vector[n + 3];

	vector[0] = (char *)"/bin/sh";
	vector[1] = (char *)path;
	/* Even where the program has not so much as a name. */
	for (size_t i = 1; i < n; i++)
		vector[i + 1] = argv[i];
	vector[n ? n + 1 : 2] = NULL;
	return run_file(job, "/bin/sh", vector, envp, 0);
}

int exec_try(const struct exec_job *job, const char *path, char *const *argv,
	     char *const *envp, bool shell)
{
	int error = execute_file(job, path, argv, envp);

	if (error == ENOEXEC && shell && LIBC_FALLS_BACK)
		error = run_shell(job, path, argv, envp);
	return error;
}

/* Whether the search goes on after this error, as in libc's execvpe. */
static bool goes_on(int error)
{
#ifdef __GLIBC__
	if (error == ESTALE || error == ENODEV || error == ETIMEDOUT)
		return true;
#endif
	return error == ENOENT || error == ENOTDIR || error == EACCES;
}

int exec_search(const struct exec_job *job, const char *file, char *const *argv,
		char *const *envp, bool shell)
{
	const char *list = environment_value(libc_environ, "PATH");
	size_t len = text_length(file, NAME_MAX + 1);
	bool denied = false;
	int error = ENOENT;

	if (!*file)
		return ENOENT;
	if (strchr(file, '/'))
		return exec_try(job, file, argv, envp, shell);
	if (len > NAME_MAX)
		return ENAMETOOLONG;
	if (!list)
		list = DEFAULT_PATH;
	for (;;) {
		size_t n = text_until(list, ":");

		if (n < PATH_MAX) {
			char path[n + len + 2];

			memcpy(path, list, n);
			if (n)
				path[n] = '/';
			memcpy(path + n + (n != 0), file, len + 1);
			error = exec_try(job, path, argv, envp, shell);
			denied |= error == EACCES;
			if (!error || !goes_on(error))
				return error;
		}
		if (!list[n])
			return denied ? EACCES : error;
		list += n + 1;
	}
}

static int run_execve(void *unused, const char *path, char *const *argv,
		      char *const *envp)
{
	(void)unused;
	/* Where errno has no place, libc's function could not tell why it failed. */
	if (unlikely(errno_is_none()))
		return (int)-SYS3(SYS_execve, path, argv, envp);
	REAL(execve)(path, argv, envp);
	return errno;
}

/* The parent of the new image, if that is a member. */
static int parent_of_image(void)
{
	const struct session *s = &pt_session;

	/* A vfork child sees its parent's pid here. */
	return sys_getpid() == s->pid ? s->parent : s->pid;
}

/* The job for an exec of this process, in the planned environment ENV. */
static struct exec_job job_of(struct exec_env *env)
{
	return (struct exec_job){
		.run = run_execve,
		.env = env,
		.parent = env->whole ? 0 : parent_of_image(),
		.matters = uncovered_matters(env),
	};
}

/* All of the family end here. SEARCH: along PATH. */
static int execute(const char *path, char *const *argv, char *const *envp, bool search)
{
	struct exec_env env;

	void *room[exec_env_plan(&env, argv, envp)];
	const struct exec_job job = job_of(&env);
	int error;

	envp = exec_env_fill(&env, room, job.parent);
	if (!envp)
		error = env.error;
	else if (search)
		error = exec_search(&job, path, argv, envp, true);
	else
		error = execute_file(&job, path, argv, envp);

	exec_env_end(&env);
	errno = error;
	return -1;
}

int pt_execve(const char *path, char *const *argv, char *const *envp)
{
	return execute(path, argv, envp, false);
}

WRAP(int, execv, const char *path, char *const *argv);

int pt_execv(const char *path, char *const *argv)
{
	return execute(path, argv, libc_environ, false);
}

WRAP(int, execvp, const char *file, char *const *argv);

int pt_execvp(const char *file, char *const *argv)
{
	return execute(file, argv, libc_environ, true);
}

WRAP(int, execvpe, const char *file, char *const *argv, char *const *envp);

int pt_execvpe(const char *file, char *const *argv, char *const *envp)
{
	return execute(file, argv, envp, true);
}

WRAP(int, execl, const char *path, const char *first, ...);

int pt_execl(const char *path, const char *first, ...)
{
	LIST_ARGUMENTS(first, argv, list);
	va_end(list);
	return execute(path, argv, libc_environ, false);
}

WRAP(int, execlp, const char *file, const char *first, ...);

int pt_execlp(const char *file, const char *first, ...)
{
	LIST_ARGUMENTS(first, argv, list);
	va_end(list);
	return execute(file, argv, libc_environ, true);
}

WRAP(int, execle, const char *path, const char *first, ...);

int pt_execle(const char *path, const char *first, ...)
{
	LIST_ARGUMENTS(first, argv, list);
	char *const *envp = va_arg(list, char *const *);

	va_end(list);
	return execute(path, argv, envp, false);
}

/*
 * Runs a script that was opened from a descriptor, by the kernel's name for it, so that
 * its interpreter finds it.
 */
static int run_script_at(const struct exec_job *job, const struct script *s, int fd,
			 const char *path, char *const *argv, char *const *envp)
{
	static const char dir[] = "/dev/fd/";
	char name[sizeof dir + SYS_DECIMAL + strlen(path)];
	size_t n = sizeof dir - 1;
	long fd_flags;

	if (fd == AT_FDCWD || path[0] == '/')
		return run_script(job, s, path, argv, envp, 0);
	fd_flags = SYS3(SYS_fcntl, fd, F_GETFD, 0);
	if (fd_flags < 0 || (fd_flags & FD_CLOEXEC))
		return ENOENT;
	memcpy(name, dir, n);
	n += sys_decimal((unsigned long)fd, name + n);
	if (*path)
		name[n++] = '/';
	strcpy(name + n, path);
	return run_script(job, s, name, argv, envp, 0);
}

/* By descriptor: no path to redirect, but the image needs the session. */
WRAP(int, fexecve, int fd, char *const *argv, char *const *envp);

/* An exec by descriptor. */
struct exec_by {
	execveat_fn *real; /* NULL: fexecve */
	int fd, flags;
};

static int run_by(void *arg, const char *path, char *const *argv, char *const *envp)
{
	const struct exec_by *by = arg;

	if (by->real)
		by->real(by->fd, path, argv, envp, by->flags);
	else
		REAL(fexecve)(by->fd, argv, envp);
	return errno;
}

/*
 * Executes TARGET, which is relative to a descriptor or has flags, and leads into the backing
 * of GUARD or elsewhere (-1), BY a descriptor; unless it is a script that the kernel must
 * not start, is executed by the door, or must not be executed. errno says what came of it.
 */
static void run_at(const struct exec_job *job, struct target *target, int guard,
		   struct exec_by *by, char *const *argv, char *const *envp)
{
	struct exec_job direct = *job;
	/* Others do not execute it, or are unknown. */
	const bool plain = !(target->flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW));
	struct look look;
	bool taken, loader;
	int error;

	if (job->env->unreadable) {
		errno = run_by(by, target->path, argv, envp);
		return;
	}
	if (job->matters)
		look_at(&look, target->dirfd, target->path, target->flags);
	else
		look_for_script(&look, target->dirfd, target->path, target->flags);
	loader = plain && takes_loader(job, &look, target->path, argv, &target->name);
	taken = plain &&
		takes_apart(&look, target->dirfd, target->name, target->path, guard);
	if (taken) {
		look_end(&look);
		error = run_script_at(job, &look.script, target->dirfd, target->name,
				      argv, envp);
	} else if (job->matters) {
		taken = uncovered_takes(job, target, &look, argv, envp, &error);
	}
	direct.run = run_by;
	direct.arg = by;
	if (!taken)
		error = loader ? loader_run(&direct, target->path, argv, envp) :
				 run_by(by, target->path, argv, envp);
	look_end(&look);
	errno = error;
}

int pt_fexecve(int fd, char *const *argv, char *const *envp)
{
	struct target target = { fd, "", AT_EMPTY_PATH, "", NULL };
	struct exec_env env;

	if (LIBC_WANTS_VECTORS && (fd < 0 || !argv || !envp)) {
		errno = EINVAL;
		return -1;
	}
	void *space[exec_env_plan(&env, argv, envp)];
	const struct exec_job job = job_of(&env);

	envp = exec_env_fill(&env, space, job.parent);
	if (!envp)
		errno = env.error;
	else
		run_at(&job, &target, -1, &(struct exec_by){ NULL, fd, 0 }, argv, envp);
	exec_env_end(&env);
	return -1;
}

/* By number: some libcs lack the function. */
static int execveat_by_number(int fd, const char *path, char *const *argv,
			      char *const *envp, int flags)
{
	errno = (int)-SYS5(SYS_execveat, fd, path, argv, envp, flags);
	return -1;
}

int exec_at(execveat_fn *real, int fd, const char *path, char *const *argv,
	    char *const *envp, int flags)
{
	/* Without flags, and with a path that needs no descriptor, this is execve(2). */
	if (!flags && view_length(path) > 0 && (fd == AT_FDCWD || path[0] == '/'))
		return execute(path, argv, envp, false);

	struct route r;
	char room[route_plan(&r, fd, path, follow_at(flags), ROUTE_READ)];
	struct exec_env env;

	if (route_go(&r, room) < 0)
		return -1;
	void *space[exec_env_plan(&env, argv, envp)];
	const struct exec_job job = job_of(&env);
	struct target target = { fd, r.path, flags, path, NULL };

	envp = exec_env_fill(&env, space, job.parent);
	if (!envp)
		errno = env.error;
	else
		run_at(&job, &target, r.guard,
		       &(struct exec_by){ real ? real : execveat_by_number, fd, flags },
		       argv, envp);
	exec_env_end(&env);
	route_end(&r);
	return -1;
}

WRAP(int, execveat, int fd, const char *path, char *const *argv, char *const *envp,
     int flags);

int pt_execveat(int fd, const char *path, char *const *argv, char *const *envp, int flags)
{
	return exec_at(REAL(execveat), fd, path, argv, envp, flags);
}
