/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The exec family; see exec.h. All of it ends in execute_file, because libc's own
 * execvp, execl and the rest call each other where no wrapper sees it.
 */
#define _GNU_SOURCE
#include "wrap/exec.h"
#include "core/sys.h"
#include "wrap/wrap.h"

#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
	HEAD = 256,	  /* the kernel's BINPRM_BUF_SIZE */
	INTERPRETERS = 4, /* the kernel's limit of one within the other */
};

/* Where musl does otherwise. */
#ifdef __GLIBC__
#define LIBC_FALLS_BACK true /* to the shell, for a file in no format */
#define DEFAULT_PATH "/bin:/usr/bin"
#else
#define LIBC_FALLS_BACK false
#define DEFAULT_PATH "/usr/local/bin:/bin:/usr/bin"
#endif

WRAP(int, execve, const char *path, char *const *argv, char *const *envp);

void exec_prepare(void)
{
	(void)REAL(execve);
}

/* The interpreter line of a script. */
struct script {
	char head[HEAD + 1];
	char *interpreter;
	char *argument; /* NULL: none */
};

/*
 * Whether the file is in one of the system's own directories, as most are: not worth
 * a look at its first bytes, since none has an interpreter in /tmp.
 */
static bool is_systems(const char *path)
{
	static const char dirs[][8] = { "/usr/", "/bin/", "/sbin/", "/lib/", "/lib64/" };

	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++)
		if (text_after(path, dirs[i]))
			return true;
	return false;
}

/* Splits "#! interpreter [argument]" as the kernel does. */
static bool parse_script(struct script *s)
{
	char *at = s->head + 2, *end = at + strcspn(at, "\n");

	*end = '\0';
	while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
		*--end = '\0';
	at += strspn(at, " \t");
	s->interpreter = at;
	at += strcspn(at, " \t");
	s->argument = NULL;
	if (*at) {
		*at++ = '\0';
		at += strspn(at, " \t");
		if (*at)
			s->argument = at;
	}
	return *s->interpreter != '\0';
}

/* Whether the real PATH is a script that may be executed; reads its line. */
static bool read_script(const char *path, struct script *s)
{
	int fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
	struct statvfs fs;
	ssize_t n;
	bool runs;

	if (fd < 0)
		return false;
	n = sys_read(fd, s->head, HEAD);
	runs = n > 2 && s->head[0] == '#' && s->head[1] == '!' &&
	       SYS3(SYS_faccessat, AT_FDCWD, path, X_OK) == 0 && fstatvfs(fd, &fs) == 0 &&
	       !(fs.f_flag & ST_NOEXEC);
	sys_close(fd);
	if (!runs)
		return false;
	s->head[n] = '\0';
	return parse_script(s);
}

static bool is_guarded(const char *path)
{
	unsigned guard;
	size_t len;

	return view_kind(path, true, &guard, &len) != VIEW_PASS;
}

static int run_file(const char *path, char *const *argv, char *const *envp,
		    exec_runner *run, void *arg, int depth);

/* Runs a script's interpreter with what the kernel would give it. */
static int run_script(const struct script *s, const char *path, char *const *argv,
		      char *const *envp, exec_runner *run, void *arg, int depth)
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
	return run_file(s->interpreter, vector, envp, run, arg, depth + 1);
}

static int run_routed(const char *path, char *const *argv, char *const *envp,
		      exec_runner *run, void *arg, int depth)
{
	struct route r;
	char room[route_plan(&r, AT_FDCWD, path, FOLLOW, ROUTE_READ)];
	struct script script;
	int error;

	if (route_go(&r, room) < 0)
		return errno;
	if (view_length(path) > 0 && (r.guard >= 0 || !is_systems(path)) &&
	    read_script(r.path, &script) &&
	    (r.guard >= 0 || is_guarded(script.interpreter))) {
		route_end(&r);
		if (depth == INTERPRETERS)
			return ELOOP;
		return run_script(&script, path, argv, envp, run, arg, depth);
	}
	error = run(arg, r.path, argv, envp);
	route_end(&r);
	return error;
}

static int run_file(const char *path, char *const *argv, char *const *envp,
		    exec_runner *run, void *arg, int depth)
{
	if (view_passes(path) && is_systems(path))
		return run(arg, path, argv, envp);
	return run_routed(path, argv, envp, run, arg, depth);
}

/*
 * Runs PATH, which is in view terms, by RUN. A script in a guarded directory, or one whose
 * interpreter is, is taken apart here: the kernel would tell its interpreter the backing's
 * path. Returns RUN's result, or an errno.
 */
static int execute_file(const char *path, char *const *argv, char *const *envp,
			exec_runner *run, void *arg)
{
	return run_file(path, argv, envp, run, arg, 0);
}

/* A file in no known format, executed as execvp(3) says: by the shell. */
static int run_shell(const char *path, char *const *argv, char *const *envp,
		     exec_runner *run, void *arg)
{
	size_t n = 0;

	while (argv[n])
		n++;
	char *vector[n + 3];

	vector[0] = (char *)"/bin/sh";
	vector[1] = (char *)path;
	for (size_t i = 1; i <= n; i++)
		vector[i + 1] = argv[i];
	vector[n + 1] = NULL;
	return run(arg, "/bin/sh", vector, envp);
}

int exec_try(const char *path, char *const *argv, char *const *envp, bool shell,
	     exec_runner *run, void *arg)
{
	int error = execute_file(path, argv, envp, run, arg);

	if (error == ENOEXEC && shell && LIBC_FALLS_BACK)
		error = run_shell(path, argv, envp, run, arg);
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

int exec_search(const char *file, char *const *argv, char *const *envp, bool shell,
		exec_runner *run, void *arg)
{
	const char *list = environment_value(environ, "PATH");
	size_t len = strnlen(file, NAME_MAX + 1);
	bool denied = false;
	int error = ENOENT;

	if (!*file)
		return ENOENT;
	if (strchr(file, '/'))
		return exec_try(file, argv, envp, shell, run, arg);
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
			error = exec_try(path, argv, envp, shell, run, arg);
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
	REAL(execve)(path, argv, envp);
	return errno;
}

/* The parent that the new image will have, where that is a member. */
static int parent_of_image(void)
{
	const struct session *s = &pt_session;

	/* A vfork child still sees its parent's pid as its own. */
	return sys_getpid() == s->pid ? s->parent : s->pid;
}

/* What all of the family come to. SEARCH: along PATH. */
static int execute(const char *path, char *const *argv, char *const *envp, bool search)
{
	struct exec_env env;

	void *room[exec_env_plan(&env, envp)];
	int error;

	envp = exec_env_fill(&env, room, env.whole ? 0 : parent_of_image());
	if (!envp)
		error = env.error;
	else if (search)
		error = exec_search(path, argv, envp, true, run_execve, NULL);
	else
		error = execute_file(path, argv, envp, run_execve, NULL);

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
	return execute(path, argv, environ, false);
}

WRAP(int, execvp, const char *file, char *const *argv);

int pt_execvp(const char *file, char *const *argv)
{
	return execute(file, argv, environ, true);
}

WRAP(int, execvpe, const char *file, char *const *argv, char *const *envp);

int pt_execvpe(const char *file, char *const *argv, char *const *envp)
{
	return execute(file, argv, envp, true);
}

/* The arguments of execl and its kin as a vector on the caller's stack. */
#define LIST_ARGUMENTS(first, argv, list) \
	va_list list; \
	size_t argv##_n = 1; \
	va_start(list, first); \
	if (first) \
		while (va_arg(list, const char *)) \
			argv##_n++; \
	va_end(list); \
	char *argv[argv##_n + 1]; \
	va_start(list, first); \
	argv[0] = (char *)first; \
	for (size_t i = 1; first && i <= argv##_n; i++) \
	argv[i] = va_arg(list, char *)

WRAP(int, execl, const char *path, const char *first, ...);

int pt_execl(const char *path, const char *first, ...)
{
	LIST_ARGUMENTS(first, argv, list);
	va_end(list);
	return execute(path, argv, environ, false);
}

WRAP(int, execlp, const char *file, const char *first, ...);

int pt_execlp(const char *file, const char *first, ...)
{
	LIST_ARGUMENTS(first, argv, list);
	va_end(list);
	return execute(file, argv, environ, true);
}

WRAP(int, execle, const char *path, const char *first, ...);

int pt_execle(const char *path, const char *first, ...)
{
	LIST_ARGUMENTS(first, argv, list);
	char *const *envp = va_arg(list, char *const *);

	va_end(list);
	return execute(path, argv, envp, false);
}

/* By descriptor: no path of ours, but the image must find the session. */
WRAP(int, fexecve, int fd, char *const *argv, char *const *envp);

int pt_fexecve(int fd, char *const *argv, char *const *envp)
{
	struct exec_env env;

	void *space[exec_env_plan(&env, envp)];

	envp = exec_env_fill(&env, space, env.whole ? 0 : parent_of_image());
	if (envp)
		REAL(fexecve)(fd, argv, envp);
	else
		errno = env.error;
	exec_env_end(&env);
	return -1;
}

/* The call by its number: not every libc has a function for it. */
static int execveat_by_number(int fd, const char *path, char *const *argv,
			      char *const *envp, int flags)
{
	errno = (int)-SYS5(SYS_execveat, fd, path, argv, envp, flags);
	return -1;
}

/*
 * Runs a script that was found from a descriptor under the name that the kernel
 * gives it, by which its interpreter has to find it.
 */
static int run_script_at(const struct script *s, int fd, const char *path,
			 char *const *argv, char *const *envp)
{
	static const char dir[] = "/dev/fd/";
	char name[sizeof dir + SYS_DECIMAL + strlen(path)];
	size_t n = sizeof dir - 1;
	long fd_flags = SYS3(SYS_fcntl, fd, F_GETFD, 0);

	if (fd_flags < 0 || (fd_flags & FD_CLOEXEC))
		return ENOENT;
	memcpy(name, dir, n);
	n += sys_decimal((unsigned long)fd, name + n);
	name[n++] = '/';
	strcpy(name + n, path);
	return run_script(s, name, argv, envp, run_execve, NULL, 0);
}

int exec_at(execveat_fn *real, int fd, const char *path, char *const *argv,
	    char *const *envp, int flags)
{
	/* Without what only this call can do, a script's name must be right. */
	if (!flags && view_length(path) > 0 && (fd == AT_FDCWD || path[0] == '/'))
		return execute(path, argv, envp, false);

	struct route r;
	char room[route_plan(&r, fd, path, follow_at(flags), ROUTE_READ)];
	struct exec_env env;
	struct script script;

	if (route_go(&r, room) < 0)
		return -1;
	void *space[exec_env_plan(&env, envp)];

	envp = exec_env_fill(&env, space, env.whole ? 0 : parent_of_image());
	if (!envp)
		errno = env.error;
	else if (!flags && r.guard >= 0 && read_script(r.path, &script))
		errno = run_script_at(&script, fd, path, argv, envp);
	else
		(real ? real : execveat_by_number)(fd, r.path, argv, envp, flags);
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
