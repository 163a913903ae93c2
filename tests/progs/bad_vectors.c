/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * bad_vectors: executes programs with arguments and environments that cannot be read, and
 * prints what came of it: "VECTOR KIND PATH: ERROR...", in the calls' order: execve, execveat
 * of a descriptor, fexecve, posix_spawn (with environments alone: libcs read the arguments).
 * It leaves nothing behind.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef int call_fn(const char *path, char **argv, char **envp);

static int call_execve(const char *path, char **argv, char **envp)
{
	execve(path, argv, envp);
	return errno;
}

static int call_execveat(const char *path, char **argv, char **envp)
{
	int fd = open(path, O_PATH);

	if (fd < 0)
		return errno;
	execveat(fd, "", argv, envp, AT_EMPTY_PATH);
	return errno;
}

static int call_fexecve(const char *path, char **argv, char **envp)
{
	int fd = open(path, O_PATH);

	if (fd < 0)
		return errno;
	fexecve(fd, argv, envp);
	return errno;
}

static int call_spawn(const char *path, char **argv, char **envp)
{
	pid_t pid;

	return posix_spawn(&pid, path, NULL, NULL, argv, envp);
}

/* In a child: what came of it, or of the program that was executed all the same. */
static void show(call_fn *call, const char *path, char **argv, char **envp)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		exit(2);
	if (pid == 0) {
		int error = call(path, argv, envp);

		printf(" %s", error ? strerrorname_np(error) : "ok");
		fflush(stdout);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid)
		exit(2);
	if (status)
		printf(" status-%x", (unsigned)status);
}

static void make(const char *path, const char *text, mode_t mode)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0 || fclose(file) || chmod(path, mode))
		exit(2);
}

int main(void)
{
	static const char script[] = "/tmp/bad-script", plain[] = "/tmp/bad-plain";
	static const char *const paths[] = { "/bin/true",   script,	   plain,
					     "/tmp/absent", "/usr/absent", "/" };
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *good[] = { (char *)"A=1", NULL };
	char *low[] = { (char *)"A=1", (char *)8, NULL };
	char *high[] = { (char *)-4096L, NULL };
	char **edge = (char **)(void *)(pages + page) - 1;
	const struct {
		const char *name;
		char **vector;
	} bad[] = {
		{ "low", (char **)8 },	  { "high", (char **)-4096L },
		{ "last", (char **)-1L }, { "low-string", low },
		{ "high-string", high },  { "no-end", edge },
		{ "hole", edge + 1 },
	};

	if (pages == MAP_FAILED || mprotect(pages + page, page, PROT_NONE))
		return 2;
	*edge = good[0];
	make(script, "#!/bin/true\n", 0755);
	make(plain, "", 0644);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		for (size_t j = 0; j < sizeof paths / sizeof *paths; j++) {
			printf("argv %s %s:", bad[i].name, paths[j]);
			show(call_execve, paths[j], bad[i].vector, good);
			show(call_execveat, paths[j], bad[i].vector, good);
			show(call_fexecve, paths[j], bad[i].vector, good);
			printf("\nenvp %s %s:", bad[i].name, paths[j]);
			show(call_execve, paths[j], good, bad[i].vector);
			show(call_execveat, paths[j], good, bad[i].vector);
			show(call_fexecve, paths[j], good, bad[i].vector);
			show(call_spawn, paths[j], good, bad[i].vector);
			putchar('\n');
		}
	unlink(script);
	unlink(plain);
	return 0;
}
