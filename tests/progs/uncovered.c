/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Executes a program by one of all ways, and says with which error that has failed:
 *
 *     uncovered WAY PROGRAM [ARG]...
 *     uncovered                        lists the ways
 *
 * The program gets "zero" as its argument 0. Where it becomes a child, its status is
 * returned.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static char **args; /* zero ARG... */

static int by_execve(const char *path)
{
	execve(path, args, environ);
	return errno;
}

static int by_execv(const char *path)
{
	execv(path, args);
	return errno;
}

static int by_execvp(const char *path)
{
	execvp(path, args);
	return errno;
}

static int by_execl(const char *path)
{
	execl(path, "zero", args[1], (char *)NULL);
	return errno;
}

static int by_fexecve(const char *path)
{
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		return errno;
	fexecve(fd, args, environ);
	return errno;
}

static int by_fexecve_cloexec(const char *path)
{
	int fd = open(path, O_PATH | O_CLOEXEC);

	if (fd < 0)
		return errno;
	fexecve(fd, args, environ);
	return errno;
}

/* By the directory's descriptor, without and with a close-on-exec flag. */
static int from_directory(const char *path, int flags)
{
	char dir[4096];
	char *slash = strrchr(strcpy(dir, path), '/');
	int fd;

	if (!slash)
		return EINVAL;
	*slash = '\0';
	fd = open(dir, O_RDONLY | O_DIRECTORY | flags);
	if (fd < 0)
		return errno;
	syscall(SYS_execveat, fd, slash + 1, args, environ, 0);
	return errno;
}

static int by_execveat(const char *path)
{
	return from_directory(path, 0);
}

static int by_execveat_cloexec(const char *path)
{
	return from_directory(path, O_CLOEXEC);
}

static int by_number(const char *path)
{
	syscall(SYS_execve, path, args, environ);
	return errno;
}

static int await(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		return errno;
	exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

static int by_spawn(const char *path)
{
	pid_t pid;
	int error = posix_spawn(&pid, path, NULL, NULL, args, environ);

	return error ? error : await(pid);
}

static int by_spawnp(const char *path)
{
	pid_t pid;
	int error = posix_spawnp(&pid, path, NULL, NULL, args, environ);

	return error ? error : await(pid);
}

static int by_vfork(const char *path)
{
	volatile int error = 0;
	pid_t pid = vfork();

	if (pid == 0) {
		execve(path, args, environ);
		error = errno;
		_exit(127);
	}
	return error ? error : await(pid);
}

static int by_fork(const char *path)
{
	pid_t pid = fork();

	if (pid == 0) {
		execve(path, args, environ);
		_exit(errno);
	}
	return await(pid);
}

/* Many arguments, and a vfork child's errno and memory go back to the parent. */
static int by_long_list(const char *path)
{
	enum { MANY = 5000 };
	static char *many[MANY + 1];

	for (int i = 0; i < MANY; i++)
		many[i] = (char *)"x";
	for (int i = 0; args[i]; i++)
		many[i] = args[i];
	args = many;
	return by_vfork(path);
}

/* More than the kernel takes. */
static int by_too_long_list(const char *path)
{
	static char word[1 << 18];

	memset(word, 'x', sizeof word - 1);
	args[1] = word;
	return by_execve(path);
}

static const struct {
	const char *name;
	int (*run)(const char *path);
} ways[] = {
	{ "execve", by_execve },
	{ "execv", by_execv },
	{ "execvp", by_execvp },
	{ "execl", by_execl },
	{ "fexecve", by_fexecve },
	{ "fexecve-cloexec", by_fexecve_cloexec },
	{ "execveat", by_execveat },
	{ "execveat-cloexec", by_execveat_cloexec },
	{ "number", by_number },
	{ "spawn", by_spawn },
	{ "spawnp", by_spawnp },
	{ "vfork", by_vfork },
	{ "fork", by_fork },
	{ "long-list", by_long_list },
	{ "too-long-list", by_too_long_list },
};

int main(int argc, char **argv)
{
	const size_t n = sizeof ways / sizeof *ways;
	const char *program;

	if (argc < 3) {
		for (size_t i = 0; i < n; i++)
			puts(ways[i].name);
		return argc == 1 ? 0 : 2;
	}
	program = argv[2];
	argv[2] = (char *)"zero";
	args = argv + 2;
	for (size_t i = 0; i < n; i++)
		if (!strcmp(argv[1], ways[i].name)) {
			printf("%s\n", strerrorname_np(ways[i].run(program)));
			return 1;
		}
	return 2;
}
