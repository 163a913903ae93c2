/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * forks KIND WHO: makes a child by the call that KIND names, before either has used
 * /tmp. WHO says who makes a file there that the other one looks for:
 *   child    the child, and goes; prints "seen"
 *   orphan   the child, whose parent is gone by then, looks for it a while later; its
 *            standard output says "kept"
 * KIND "twin": a clone(2) that shares its parent's memory.
 * An exit status of 3 says that libc has no such function, or the kernel no such call.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char file[] = "/tmp/forks-file";
static bool orphan;
static int out;	     /* the real standard output: forkpty's child has another */
static int ready[2]; /* a pipe: the child has all that its call makes for it */

static void *function(const char *name)
{
	void *fn = dlsym(RTLD_DEFAULT, name);

	if (!fn)
		exit(3);
	return fn;
}

static int say(const char *what)
{
	return write(out, what, strlen(what)) < 0;
}

/* What the child does; returns its exit status. */
static int be_child(void *unused)
{
	const struct timespec moment = { 0, 200000000 };
	int fd;

	(void)unused;
	if (write(ready[1], "", 1) != 1)
		return 1;
	for (int i = 0; orphan && getppid() != 1 && i < 1000; i++)
		usleep(1000);
	fd = open(file, O_CREAT | O_EXCL | O_WRONLY, 0600);
	if (fd < 0)
		return 1;
	close(fd);
	if (!orphan)
		return 0;
	nanosleep(&moment, NULL);
	return say(access(file, F_OK) == 0 ? "kept\n" : "gone\n");
}

/* It shares its parent's memory, so it must not end as a process of its own does. */
static int be_twin(void *unused)
{
	_exit(be_child(unused));
}

/* By a call that returns twice, or not at all in the child. */
static long make_child(const char *kind)
{
	static char stack[262144] __attribute__((aligned(64)));

	if (!strcmp(kind, "fork") || !strcmp(kind, "__fork") || !strcmp(kind, "_Fork"))
		return ((int (*)(void))function(kind))();
	if (!strcmp(kind, "forkpty")) {
		int master;

		return ((int (*)(int *, char *, void *, void *))function(kind))(
			&master, NULL, NULL, NULL);
	}
	if (!strcmp(kind, "clone") || !strcmp(kind, "__clone"))
		return ((int (*)(int (*)(void *), void *, int, void *, ...))function(
			kind))(be_child, stack + sizeof stack, SIGCHLD, NULL);
	if (!strcmp(kind, "twin"))
		return clone(be_twin, stack + sizeof stack, CLONE_VM | SIGCHLD, NULL);
	if (!strcmp(kind, "daemon"))
		return ((int (*)(int, int))function(kind))(0, 1);
#ifdef SYS_fork
	if (!strcmp(kind, "SYS_fork"))
		return syscall(SYS_fork);
#endif
	if (!strcmp(kind, "SYS_clone"))
		return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
#ifdef SYS_clone3
	if (!strcmp(kind, "SYS_clone3")) {
		uint64_t args[8] = { [4] = SIGCHLD };

		return syscall(SYS_clone3, args, sizeof args);
	}
#endif
	exit(3);
}

int main(int argc, char **argv)
{
	long pid;
	int status;

	if (argc != 3)
		return 2;
	orphan = !strcmp(argv[2], "orphan");
	out = dup(STDOUT_FILENO);
	signal(SIGHUP, SIG_IGN); /* of a terminal whose other end goes with the parent */
	if (pipe(ready))
		return 2;
	pid = make_child(argv[1]);
	if (pid < 0)
		return errno == ENOSYS ? 3 : 2;
	if (pid == 0)
		exit(be_child(NULL));
	if (orphan)
		return read(ready[0], &status, 1) != 1;
	if (waitpid((pid_t)pid, &status, 0) != pid || status)
		return 1;
	return say(access(file, F_OK) == 0 ? "seen\n" : "not seen\n");
}
