/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Steps that are taken elsewhere than in the driver itself: "fork STEP", "thread STEP",
 * "vfork STEP", "clone STEP" and "chroot PATH STEP".
 */
#define _GNU_SOURCE
#include "driver.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STACK = 1 << 18 };

struct apart {
	const struct call *call;
	const struct args *args;
};

static void say_end(pid_t child)
{
	int status = -1;
	if (child < 0 || waitpid(child, &status, 0) != child)
		out(" no child");
	else if (WIFSIGNALED(status))
		out(" signal %d", WTERMSIG(status));
	else
		out(" exit %d", WEXITSTATUS(status));
}

/*
 * No handler may jump about in the driver's memory, or make a second driver of a child.
 * One that blocks ends before the driver stops to wait for it.
 */
static void crash_plainly(void)
{
	static const int numbers[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGALRM };
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		signal(numbers[i], SIG_DFL);
	alarm(STEP_SECONDS / 4);
}

static void in_fork(const struct apart *p, const char *root)
{
	out_flush();
	pid_t child = fork();
	if (child == 0) {
		crash_plainly();
		if (root) {
			/* There may be no /tmp in it, of which the shim has its say. */
			int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
			dup2(null, STDERR_FILENO);
			close(null);
			RET(chroot(root));
		}
		p->call->run(p->args);
		out_flush();
		_exit(0);
	}
	say_end(child);
}

/* As posix_spawn(3), and many a shell. */
static void in_vfork(const struct apart *p)
{
	pid_t child = vfork();
	if (child == 0) {
		crash_plainly();
		p->call->run(p->args);
		_exit(0);
	}
	say_end(child);
}

static int cloned(void *arg)
{
	const struct apart *p = arg;
	crash_plainly();
	p->call->run(p->args);
	return 0;
}

/* With all that a process can share with another. */
static void in_clone(struct apart *p)
{
	char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (stack == MAP_FAILED)
		return;
	say_end(clone(cloned, stack + STACK,
		      CLONE_VM | CLONE_VFORK | CLONE_FS | CLONE_FILES | SIGCHLD, p));
	munmap(stack, STACK);
}

static void *threaded(void *arg)
{
	const struct apart *p = arg;
	p->call->run(p->args);
	return NULL;
}

static void in_thread(struct apart *p)
{
	pthread_t thread;
	if (pthread_create(&thread, NULL, threaded, p) == 0)
		pthread_join(thread, NULL);
	else
		out(" no thread");
}

int apart_words(const struct args *a, int at)
{
	static const char *const words[] = { "fork", "thread", "vfork", "clone",
					     "chroot" };
	for (size_t i = 0; at < a->count && i < sizeof words / sizeof *words; i++)
		if (strcmp(a->word[at], words[i]) == 0)
			return i == 4 && a->count > at + 2 ? 2 : i < 4;
	return 0;
}

void apart_run(const struct args *a, int at, const struct call *call,
	       const struct args *rest)
{
	struct apart p = { call, rest };
	switch (a->word[at][0]) {
	case 'f': in_fork(&p, NULL); break;
	case 't': in_thread(&p); break;
	case 'v': in_vfork(&p); break;
	default:
		if (a->word[at][1] == 'l')
			in_clone(&p);
		else
			in_fork(&p, path_arg(a, at + 1));
	}
}
