/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Children in a corner of their own, as sandboxes have: with the parent's memory, and with
 * a block for libc's thread-locals that is empty. Makes each call in a child of its own and
 * prints how that ends.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define DIR "/tmp/corner"

extern char **environ;
static char *const run[] = { (char *)"/bin/sh", (char *)"-c", (char *)"exit 7", NULL };
static char buf[8192];
static struct stat st;

static int by_getcwd(void)
{
	return getcwd(buf, sizeof buf) ? 0 : -1;
}

static int by_chdir(void)
{
	return chdir(DIR);
}

static int by_execve(void)
{
	return execve(run[0], run, environ);
}

/* It fails first. */
static int by_second_execve(void)
{
	execve("/tmp/corner-none", run, environ);
	return by_execve();
}

static int by_setuid(void)
{
	return setuid(getuid()) || setgid(getgid());
}

static int with_path(const char *name, const char *a, const char *b)
{
	if (!strcmp(name, "access"))
		return access(a, F_OK);
	if (!strcmp(name, "mkdir"))
		return mkdir(a, 0700);
	if (!strcmp(name, "stat"))
		return stat(a, &st);
	if (!strcmp(name, "lstat"))
		return lstat(a, &st);
	if (!strcmp(name, "chmod"))
		return chmod(a, 0700);
	if (!strcmp(name, "symlink"))
		return symlink(b, a);
	if (!strcmp(name, "readlink"))
		return readlink(a, buf, sizeof buf) > 0 ? 0 : -1;
	if (!strcmp(name, "rename"))
		return rename(a, b);
	if (!strcmp(name, "unlink"))
		return unlink(a);
	if (!strcmp(name, "rmdir"))
		return rmdir(a);
	return chroot(a);
}

static const struct {
	const char *name;
	int (*call)(void);
	const char *path, *other;
} calls[] = {
	{ "access", NULL, "/etc/passwd", NULL },
	{ "mkdir", NULL, DIR, NULL },
	{ "stat", NULL, DIR, NULL },
	{ "symlink", NULL, DIR "/l", "/" },
	{ "lstat", NULL, DIR "/l", NULL },
	{ "readlink", NULL, DIR "/l", NULL },
	{ "stat", NULL, DIR "/l/tmp/corner", NULL },
	{ "access", NULL, "/usr/../etc/passwd", NULL },
	{ "rename", NULL, DIR "/l", DIR "/m" },
	{ "chmod", NULL, DIR, NULL },
	{ "chdir", by_chdir, NULL, NULL },
	{ "getcwd", by_getcwd, NULL, NULL },
	{ "unlink", NULL, DIR "/m", NULL },
	{ "rmdir", NULL, DIR, NULL },
	{ "execve", by_execve, NULL, NULL },
	{ "second execve", by_second_execve, NULL, NULL },
	{ "setuid", by_setuid, NULL, NULL },
	{ "chroot", NULL, "/proc/self/fdinfo", NULL },
};

static int child(void *number)
{
	const int i = *(int *)number;
	const int ret = calls[i].call ?
				calls[i].call() :
				with_path(calls[i].name, calls[i].path, calls[i].other);

	return ret == 0 ? 7 : 1;
}

int main(void)
{
	static char stack[256 * 1024] __attribute__((aligned(64)));
	static char block[64 * 1024] __attribute__((aligned(64)));
	int flags = CLONE_VM | CLONE_VFORK | CLONE_SETTLS | SIGCHLD;

	for (int i = 0; i < (int)(sizeof calls / sizeof *calls); i++) {
		int status;

		memset(block, 0, sizeof block);
		pid_t pid = clone(child, stack + sizeof stack, flags, &i, NULL,
				  block + sizeof block / 2);

		if (pid < 0 || waitpid(pid, &status, 0) != pid) {
			perror("clone");
			return 1;
		}
		printf("%s: %s %d\n", calls[i].name,
		       WIFSIGNALED(status) ? "signal" : "exit",
		       WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	}
	return 0;
}
