/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * held_up SHIM: two threads make a first file each in /tmp, under SHIM. One is held up
 * after each of the last instructions before it would make the session, while the other
 * begins to make it. Neither may be told that its file cannot be made. Prints what they
 * were told otherwise, and
 *
 *     N moments, M calls failed
 *
 * Exit status: 0; 2 if it could not be tried, and 77 where the kernel does not let it trace,
 * tell a tracer what call is made, or give the same addresses each time.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	PATIENCE = 120, /* seconds, for all */
	STEPS = 100000, /* instructions before a first call */
	MOMENTS = 40,	/* of them held up at */
	BLOCKS = 2,	/* calls: the path is read, signals are blocked */
	BEGUN = BLOCKS + 1,
	WAITS = 6, /* calls of one that waits for it */
};

static void die(const char *what)
{
	perror(what);
	exit(2);
}

/* -- The program -- */

static int failed;

/* Stops for the tracer, and makes the file NAME. */
static void *make_first(void *name)
{
	int fd;

	syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGUSR1);
	fd = open(name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0)
		__atomic_fetch_add(&failed, 1, __ATOMIC_RELAXED);
	return NULL;
}

static int be_two(void)
{
	static char one[] = "/tmp/first-one", other[] = "/tmp/first-other";
	pthread_t thread;

	if (pthread_create(&thread, NULL, make_first, other))
		return 100;
	make_first(one);
	pthread_join(thread, NULL);
	return failed;
}

/* -- The tracer -- */

static pid_t one, other; /* the first thread, and the one that is held up */

static void start(const char *self, const char *shim)
{
	int status;

	one = fork();
	if (one < 0)
		die("fork");
	if (one == 0) {
		/* The same addresses each time. */
		if (personality(ADDR_NO_RANDOMIZE) < 0 ||
		    ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
			_exit(77);
		setenv("LD_PRELOAD", shim, 1);
		execl(self, self, (char *)NULL);
		_exit(127);
	}
	if (waitpid(one, &status, 0) != one)
		die("waitpid");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		exit(77);
	if (!WIFSTOPPED(status))
		die(self);
	ptrace(PTRACE_SETOPTIONS, one, NULL,
	       PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL);
}

/* Lets PID go on by REQUEST until it stops. Its status. */
static int let(pid_t pid, int request)
{
	int status;

	if (ptrace(request, pid, NULL, NULL) < 0 || waitpid(pid, &status, __WALL) != pid)
		die("ptrace");
	return status;
}

static bool is_ready(int status)
{
	return WIFSTOPPED(status) && WSTOPSIG(status) == SIGUSR1;
}

/* Until both threads are about to make their files. */
static void bring_both(void)
{
	unsigned long made;
	int status = let(one, PTRACE_CONT);

	if (status >> 8 != (SIGTRAP | PTRACE_EVENT_CLONE << 8) ||
	    ptrace(PTRACE_GETEVENTMSG, one, NULL, &made) < 0)
		die("a thread");
	other = (pid_t)made;
	if (waitpid(other, &status, __WALL) != other)
		die("a thread");
	while (!is_ready(status))
		status = let(other, PTRACE_CONT);
	while (!is_ready(let(one, PTRACE_CONT)))
		;
}

static void ask(pid_t pid, struct __ptrace_syscall_info *info)
{
	memset(info, 0, sizeof *info);
	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof *info, info) <= 0)
		exit(77);
}

/* Until PID begins its call number CALLS from here, or is no more. */
static void until_call(pid_t pid, int calls)
{
	struct __ptrace_syscall_info info;

	while (calls && WIFSTOPPED(let(pid, PTRACE_SYSCALL))) {
		ask(pid, &info);
		calls -= info.op == PTRACE_SYSCALL_INFO_ENTRY;
	}
}

/* Lets all go on. How many calls failed. */
static int until_end(bool stopped)
{
	int status, calls = -1;
	pid_t pid;

	ptrace(PTRACE_CONT, one, NULL, NULL);
	if (stopped)
		ptrace(PTRACE_CONT, other, NULL, NULL);
	while ((pid = waitpid(-1, &status, __WALL)) > 0)
		if (WIFSTOPPED(status))
			ptrace(PTRACE_CONT, pid, NULL, NULL);
		else if (pid == one)
			calls = WIFEXITED(status) ? WEXITSTATUS(status) : 100;
	return calls;
}

/* How many instructions the second thread needs until it blocks signals, to make it. */
static int count_instructions(const char *self, const char *shim)
{
	struct __ptrace_syscall_info info;
	unsigned long long call;
	int n = 0;

	start(self, shim);
	bring_both();
	until_call(other, BLOCKS);
	ask(other, &info);
	call = info.instruction_pointer;
	until_end(true);

	start(self, shim);
	bring_both();
	do {
		let(other, PTRACE_SINGLESTEP);
		ask(other, &info);
	} while (info.instruction_pointer != call && ++n < STEPS);
	until_end(true);
	return n;
}

/* The second thread is held up after N instructions. How many calls failed. */
static int hold_up(const char *self, const char *shim, int n)
{
	int calls;

	start(self, shim);
	bring_both();
	for (int i = 0; i < n; i++)
		let(other, PTRACE_SINGLESTEP);
	until_call(one, BEGUN);
	until_call(other, WAITS);
	calls = until_end(true);
	if (calls)
		printf("held up after %d instructions: %d calls failed\n", n, calls);
	return calls;
}

int main(int argc, char **argv)
{
	int from, to, calls = 0;

	if (argc < 2)
		return be_two();
	alarm(PATIENCE);
	to = count_instructions(argv[0], argv[1]);
	from = to > MOMENTS ? to - MOMENTS : 0;
	for (int n = from; n < to; n++)
		calls += hold_up(argv[0], argv[1], n);
	printf("%d moments, %d calls failed\n", to - from, calls);
	return 0;
}
