/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls to be counted and timed.
 *
 *     bench list            the cases, one a line: NAME WHERE LENGTH
 *     bench count N [WHERE] each case N times, each in a function of its own
 *                           called case_NAME: callgrind counts by function
 *     bench open N PATH       N times open(PATH), to read; nanoseconds each
 *     bench time NAME N [ROUNDS]
 *                           nanoseconds a call, one line a round
 *     bench run N PATH [THREADS]
 *                           N times access(PATH) in each thread; calls a second
 *     bench spawn ROUNDS COMMAND [ARG]...
 *                           milliseconds from its start to its end, one line a round
 *     bench faults ROUNDS COMMAND [ARG]...
 *                           page faults of it and its children, one line a round
 *     bench litter N DIR    leaves N files in DIR, on the disk; prints the clock
 *     bench clock           milliseconds, since some time
 *     bench memory          KiB that are this process's alone, once /tmp was used
 *     bench nothing         starts and ends
 *
 * Before it counts, each case has run once: what is looked up at the first call
 * is not the call's own cost.
 */
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Away from the end of a page, as nearly all paths are. */
#define PATH(name, text) static char name[128] __attribute__((aligned(128))) = text

PATH(short_path, "/etc/passwd");
PATH(path, "/usr/share/applications/python.cfg");
PATH(dotted, "/usr/lib/x86_64-linux-gnu/libc.so.6");
PATH(long_path, "/usr/share/texmf/doc/reference/manual/chapters/index/a-page");
PATH(relative, "build/objects/hello.o");
PATH(in_tmp, "/tmp/report.4711.txt");
PATH(long_in_tmp, "/tmp/build-directory/objects/modules/core/hello.o");
PATH(in_var_tmp, "/var/tmp/report.4711.txt");

static struct stat status;

#define CASES(X) \
	X(access_short, elsewhere, short_path, access(short_path, F_OK)) \
	X(access, elsewhere, path, access(path, F_OK)) \
	X(access_dotted, elsewhere, dotted, access(dotted, F_OK)) \
	X(access_long, elsewhere, long_path, access(long_path, F_OK)) \
	X(access_relative, elsewhere, relative, access(relative, F_OK)) \
	X(stat, elsewhere, path, stat(path, &status)) \
	X(open, elsewhere, path, open(path, O_RDONLY | O_DIRECTORY)) \
	X(rename, elsewhere, path, rename(path, path)) \
	X(access_tmp, redirected, in_tmp, access(in_tmp, F_OK)) \
	X(access_tmp_long, redirected, long_in_tmp, access(long_in_tmp, F_OK)) \
	X(access_var_tmp, redirected, in_var_tmp, access(in_var_tmp, F_OK)) \
	X(stat_tmp, redirected, in_tmp, stat(in_tmp, &status)) \
	X(open_tmp, redirected, in_tmp, open(in_tmp, O_RDONLY | O_DIRECTORY)) \
	X(chmod_tmp, redirected, in_tmp, chmod(in_tmp, 0600))

#define FUNCTION(name, where, path, call) \
	__attribute__((noinline, noclone)) static void case_##name(long n) \
	{ \
		while (n-- > 0) \
			(void)!call; \
	} \
	__attribute__((noinline, noclone)) static void warm_##name(void) \
	{ \
		(void)!call; \
	}
CASES(FUNCTION)

static const struct one {
	const char *name, *where, *path;
	void (*run)(long n);
	void (*warm)(void);
} cases[] = {
#define ROW(name, where, path, call) { #name, #where, path, case_##name, warm_##name },
	CASES(ROW)
};
enum { COUNT = sizeof cases / sizeof *cases };

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* What a redirected call finds: a plain file, so that calls come to an end. */
static void prepare(void)
{
	int fd = open(in_tmp, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	for (size_t i = 0; i < COUNT; i++)
		cases[i].warm();
}

static const struct one *find(const char *name)
{
	for (size_t i = 0; i < COUNT; i++)
		if (!strcmp(cases[i].name, name))
			return &cases[i];
	fprintf(stderr, "bench: no case %s\n", name);
	exit(2);
}

struct work {
	const char *path;
	long n;
};

static void *work(void *arg)
{
	const struct work *w = arg;

	for (long i = 0; i < w->n; i++)
		(void)!access(w->path, F_OK);
	return NULL;
}

/*
 * Milliseconds, or less than 0 where the command fails. *FAULTS: the pages that it and those
 * that it waits for have asked the kernel for.
 */
static double spawn(char **command, long *faults)
{
	double start = now();
	struct rusage usage;
	int how;
	pid_t pid;

	if (posix_spawnp(&pid, command[0], NULL, NULL, command, environ) ||
	    wait4(pid, &how, 0, &usage) != pid || how)
		return -1;
	*faults = usage.ru_minflt;
	return (now() - start) / 1e6;
}

static void litter(long n, const char *dir)
{
	char name[256];

	for (long i = 0; i < n; i++) {
		snprintf(name, sizeof name, "%s/file-%ld", dir, i);

		int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

		if (fd < 0)
			exit(1);
		close(fd);
	}
}

static void print_clock(void)
{
	printf("%.3f\n", now() / 1e6);
	fflush(stdout);
}

/* What has been written to; what has not is a page of some file, or none. */
static long memory(void)
{
	FILE *file = fopen("/proc/self/smaps_rollup", "r");
	char line[256];
	long sum = 0, n;

	while (file && fgets(line, sizeof line, file))
		if (sscanf(line, "Private_Dirty: %ld", &n) == 1)
			sum += n;
	if (file)
		fclose(file);
	return sum;
}

static double throughput(const char *where, long n, int threads)
{
	enum { MOST = 64 };
	struct work w = { where, n };
	pthread_t thread[MOST];
	double start;

	if (threads < 1 || threads > MOST)
		exit(2);
	work(&(struct work){ where, 1 });
	start = now();
	for (int i = 0; i < threads; i++)
		if (pthread_create(&thread[i], NULL, work, &w))
			exit(1);
	for (int i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	return (double)n * threads / (now() - start) * 1e9;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "nothing";

	if (!strcmp(what, "list")) {
		for (size_t i = 0; i < COUNT; i++)
			printf("%s %s %zu\n", cases[i].name, cases[i].where,
			       strlen(cases[i].path));
	} else if (!strcmp(what, "count") && argc >= 3) {
		prepare();
		getppid(); /* for who counts system calls: here they begin */
		for (size_t i = 0; i < COUNT; i++)
			if (argc < 4 || !strcmp(cases[i].where, argv[3]))
				cases[i].run(atol(argv[2]));
		getppid();
		unlink(in_tmp);
	} else if (!strcmp(what, "time") && argc >= 4) {
		const struct one *one = find(argv[2]);
		long n = atol(argv[3]);

		prepare();
		for (int round = argc > 4 ? atoi(argv[4]) : 1; round > 0; round--) {
			double start = now();

			one->run(n);
			printf("%.1f\n", (now() - start) / (double)n);
		}
		unlink(in_tmp);
	} else if (!strcmp(what, "run") && argc >= 4) {
		printf("%.0f\n",
		       throughput(argv[3], atol(argv[2]), argc > 4 ? atoi(argv[4]) : 1));
	} else if (!strcmp(what, "open") && argc == 4) {
		double start = now();

		for (long i = atol(argv[2]); i > 0; i--)
			close(open(argv[3], O_RDONLY | O_CLOEXEC));
		printf("%.1f\n", (now() - start) / (double)atol(argv[2]));
	} else if ((!strcmp(what, "spawn") || !strcmp(what, "faults")) && argc >= 4) {
		for (int round = atoi(argv[2]); round > 0; round--) {
			long faults;
			double took = spawn(argv + 3, &faults);

			if (took < 0)
				return 1;
			if (*what == 's')
				printf("%.3f\n", took);
			else
				printf("%ld\n", faults);
		}
	} else if (!strcmp(what, "litter") && argc == 4) {
		litter(atol(argv[2]), argv[3]);
		sync();
		print_clock();
	} else if (!strcmp(what, "clock")) {
		print_clock();
	} else if (!strcmp(what, "memory")) {
		prepare();
		printf("%ld\n", memory());
		unlink(in_tmp);
	} else if (strcmp(what, "nothing") != 0) {
		return 2;
	}
	return 0;
}
