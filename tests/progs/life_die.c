/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * life_die HOW: fill the guarded directories a little, and die as HOW says; see
 * the table at the end.
 */
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

static void put(const char *path)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs("secret\n", file) < 0 || fclose(file)) {
		perror(path);
		_exit(99);
	}
}

static void fill(void)
{
	put("/tmp/life-a");
	put("/var/tmp/life-b");
	if (mkdir("/tmp/life-d", 0700) || mkdir("/tmp/life-d/deep", 0755))
		_exit(99);
	put("/tmp/life-d/deep/c");
	if (symlink("/etc", "/tmp/life-d/link"))
		_exit(99);
}

static void by_return(void)
{
}
static void by_exit(void)
{
	exit(0);
}
static void by__exit(void)
{
	_exit(0);
}
static void by__Exit(void)
{
	_Exit(0);
}
static void by_quick_exit(void)
{
	quick_exit(0);
}
static void by_abort(void)
{
	abort();
}
static void by_kill(void)
{
	kill(getpid(), SIGKILL);
}
static void by_term(void)
{
	kill(getpid(), SIGTERM);
}
static void by_bus(void)
{
	raise(SIGBUS);
}

/* What the compiler must not know about, to let the rest through. */
static volatile uintptr_t nowhere = 8;
static volatile int ever = 1;

static void by_segv(void)
{
	*(volatile char *)nowhere = 1;
}

/* malloc meets what comes behind a chunk overwritten, holding its locks. */
static void by_malloc(void)
{
	for (int i = 0; i < 100; i++) {
		volatile uintptr_t at = (uintptr_t)malloc(24);

		memset((void *)at, 0x41, 4096);
		free((void *)at);
		for (int j = 0; j < 100; j++) {
			/* A compiler leaves out what nobody looks at. */
			void *volatile more = malloc(1000 * (size_t)(j + 1));

			if (!more)
				return;
		}
	}
}

static int recurse(volatile char *above)
{
	volatile char frame[4096];

	frame[0] = above ? above[0] : 0;
	return ever ? recurse(frame) + frame[0] : 0;
}

static void by_stack(void)
{
	struct rlimit small = { 1 << 20, 1 << 20 };

	setrlimit(RLIMIT_STACK, &small);
	recurse(NULL);
}

static void by_failed_exec(void)
{
	char *argv[] = { (char *)"none", NULL };

	execv("/nonexistent/program", argv);
	execvp("no-such-program", argv);
	execv("/tmp/life-a", argv); /* not executable */
	execv("/tmp", argv);
}

/* Writes until the process ends; what it meets then is of no interest. */
static void *writer(void *arg)
{
	char dir[64], file[96];

	for (unsigned i = 0;; i++) {
		int fd;

		snprintf(dir, sizeof dir, "/tmp/life-w%d-%u", *(int *)arg, i % 64);
		snprintf(file, sizeof file, "%s/f%u", dir, i);
		mkdir(dir, 0700);
		fd = open(file, O_CREAT | O_WRONLY, 0600);
		if (fd >= 0)
			close(fd);
		snprintf(file, sizeof file, "/var/tmp/life-w%d-%u", *(int *)arg, i);
		fd = open(file, O_CREAT | O_WRONLY, 0600);
		if (fd >= 0)
			close(fd);
	}
	return NULL;
}

static void *leaver(void *arg)
{
	usleep(20000);
	exit(0);
	return arg;
}

static void by_thread(void)
{
	static int number[8];
	pthread_t thread;

	for (int i = 0; i < 8; i++) {
		number[i] = i;
		if (pthread_create(&thread, NULL, writer, number + i))
			_exit(99);
	}
	if (pthread_create(&thread, NULL, leaver, NULL))
		_exit(99);
	for (;;)
		pause();
}

/* The main thread has gone before; the other one's end is the process's. */
static void *late(void *arg)
{
	usleep(20000);
	put("/tmp/life-late");
	return arg;
}

static void by_pthread_exit(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, late, NULL))
		_exit(99);
	pthread_exit(NULL);
}

static void leave_now(int signal)
{
	(void)signal;
	put("/tmp/life-handler");
	exit(0);
}

static void by_handler(void)
{
	const struct itimerval soon = { { 0, 0 }, { 0, 10000 } };

	signal(SIGALRM, leave_now);
	setitimer(ITIMER_REAL, &soon, NULL);
	for (;;) {
		int fd = open("/tmp/life-h", O_CREAT | O_RDWR, 0600);

		close(fd);
		unlink("/tmp/life-h");
	}
}

static void put_late(void)
{
	put("/tmp/life-atexit");
	put("/var/tmp/life-atexit");
}

static void by_atexit(void)
{
	atexit(put_late);
	exit(0);
}

static void by_quick_handler(void)
{
	at_quick_exit(put_late);
	quick_exit(0);
}

static const struct {
	const char *name;
	void (*die)(void);
} ways[] = {
	{ "return", by_return },
	{ "exit", by_exit },
	{ "_exit", by__exit },
	{ "_Exit", by__Exit },
	{ "quick_exit", by_quick_exit },
	{ "abort", by_abort },
	{ "SIGKILL", by_kill },
	{ "SIGTERM", by_term },
	{ "SIGBUS", by_bus },
	{ "segv", by_segv },
	{ "malloc", by_malloc },
	{ "stack", by_stack },
	{ "exec", by_failed_exec },
	{ "thread", by_thread },
	{ "pthread_exit", by_pthread_exit },
	{ "handler", by_handler },
	{ "atexit", by_atexit },
	{ "at_quick_exit", by_quick_handler },
};

int main(int argc, char **argv)
{
	const struct rlimit no_core = { 0, 0 };

	if (argc != 2)
		return 98;
	setrlimit(RLIMIT_CORE, &no_core);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		if (strcmp(argv[1], ways[i].name))
			continue;
		fill();
		ways[i].die();
		return 0;
	}
	return 98;
}
