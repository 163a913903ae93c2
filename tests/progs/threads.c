/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * threads crowd THREADS ROUNDS    a first call by all at once, then all kinds of calls
 * threads forks THREADS CHILDREN  children of a process that has threads at work
 * threads vforks                  children by vfork, before and after the first call
 * threads look NAME               for the children: says whether /tmp/NAME is there
 *
 * What is wrong is told on standard error, and is the exit status's matter.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 256, ROOM = 160 };

static int faults;

#define MUST(what) ((what) ? (void)0 : fault(__LINE__, #what))

static void fault(int line, const char *what)
{
	fprintf(stderr, "threads: line %d: %s: %s\n", line, what, strerror(errno));
	__atomic_fetch_add(&faults, 1, __ATOMIC_RELAXED);
}

static int put(const char *path)
{
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0600);

	return fd < 0 ? -1 : close(fd);
}

/* -- All kinds of calls, each thread's in a directory of its own -- */

static void use_names(const char *dir)
{
	char a[ROOM], b[ROOM], resolved[PATH_MAX], text[ROOM];
	struct stat st;
	ssize_t n;

	snprintf(a, sizeof a, "%s/a", dir);
	snprintf(b, sizeof b, "%s/b", dir);
	MUST(put(a) == 0);
	MUST(rename(a, b) == 0);
	MUST(stat(a, &st) < 0 && errno == ENOENT);
	MUST(stat(b, &st) == 0 && S_ISREG(st.st_mode));
	MUST(realpath(b, resolved) && !strcmp(resolved, b));
	MUST(symlink(b, a) == 0);
	n = readlink(a, text, sizeof text);
	MUST(n == (ssize_t)strlen(b) && !memcmp(text, b, (size_t)n));
	MUST(stat(a, &st) == 0 && S_ISREG(st.st_mode));
	MUST(unlink(a) == 0 && unlink(b) == 0);
	/* By a walk. */
	snprintf(a, sizeof a, "%s/../%s/a", dir, strrchr(dir, '/') + 1);
	MUST(mkdir(a, 0700) == 0);
	MUST(realpath(a, resolved) && !strstr(resolved, ".privtmp"));
	MUST(rmdir(a) == 0);
}

static void use_unique_names(const char *dir)
{
	char made[ROOM], name[L_tmpnam];
	int fd;

	snprintf(made, sizeof made, "%s/made-XXXXXX", dir);
	fd = mkstemp(made);
	MUST(fd >= 0 && close(fd) == 0 && unlink(made) == 0);
	MUST(tmpnam_r(name) && put(name) == 0 && unlink(name) == 0);
}

static int visit(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return strstr(path, ".privtmp") ? -1 : 0;
}

static void use_walkers(const char *dir)
{
	char pattern[ROOM];
	glob_t found;

	snprintf(pattern, sizeof pattern, "%s/keep*", dir);
	MUST(put(pattern) == 0);
	MUST(glob(pattern, 0, NULL, &found) == 0);
	MUST(found.gl_pathc == 1 && !strcmp(found.gl_pathv[0], pattern));
	globfree(&found);
	MUST(nftw(dir, visit, 8, FTW_PHYS) == 0);
	MUST(unlink(pattern) == 0);
}

static void use_sockets(const char *dir)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX }, seen;
	int here = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int there = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof seen;

	snprintf(name.sun_path, sizeof name.sun_path, "%s/socket", dir);
	memset(&seen, 0, sizeof seen);
	MUST(bind(here, (void *)&name, sizeof name) == 0);
	MUST(listen(here, 1) == 0);
	MUST(connect(there, (void *)&name, sizeof name) == 0);
	MUST(getpeername(there, (void *)&seen, &len) == 0);
	MUST(!strcmp(seen.sun_path, name.sun_path));
	close(here);
	close(there);
	MUST(unlink(name.sun_path) == 0);
}

static void use_all(const char *dir)
{
	use_names(dir);
	use_unique_names(dir);
	use_walkers(dir);
	use_sockets(dir);
}

/* -- A crowd -- */

static pthread_barrier_t barrier;
static int rounds;
static int stop;

static void *one_of_a_crowd(void *arg)
{
	char path[64];

	snprintf(path, sizeof path, "/tmp/first-%d", (int)(intptr_t)arg);
	pthread_barrier_wait(&barrier);
	MUST(put(path) == 0);
	pthread_barrier_wait(&barrier);
	snprintf(path, sizeof path, "%s/dir-%d", (intptr_t)arg % 2 ? "/tmp" : "/var/tmp",
		 (int)(intptr_t)arg);
	MUST(mkdir(path, 0700) == 0);
	for (int i = 0; i < rounds; i++)
		use_all(path);
	return NULL;
}

static int count_entries(const char *dir)
{
	DIR *open = opendir(dir);
	int n = 0;

	MUST(open);
	while (open && readdir(open))
		n++;
	if (open)
		closedir(open);
	return n - 2;
}

static void crowd(int threads)
{
	pthread_t thread[MOST];

	pthread_barrier_init(&barrier, NULL, (unsigned)threads);
	for (int i = 0; i < threads; i++)
		MUST(!pthread_create(&thread[i], NULL, one_of_a_crowd,
				     (void *)(intptr_t)i));
	for (int i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	printf("%d in /tmp, %d in /var/tmp\n", count_entries("/tmp"),
	       count_entries("/var/tmp"));
}

/* -- Children of a process with threads -- */

static void *work(void *arg)
{
	char path[64];

	snprintf(path, sizeof path, "/tmp/dir-%d", (int)(intptr_t)arg);
	MUST(mkdir(path, 0700) == 0);
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		use_names(path);
		use_sockets(path);
	}
	return NULL;
}

/* A child's life: it meets its parent's files, makes one, and executes. */
static void live(const char *self, int number)
{
	char *argv[] = { (char *)self, (char *)"look", NULL, NULL };
	char name[32], path[64];
	struct stat st;

	snprintf(name, sizeof name, "child-%d", number);
	snprintf(path, sizeof path, "/tmp/%s", name);
	if (stat("/tmp/parent", &st) < 0 || put(path) < 0)
		_exit(3);
	if (number % 2)
		_exit(0);
	argv[2] = name;
	execv(self, argv);
	_exit(4);
}

static void forks(const char *self, int threads, int children)
{
	pthread_t thread[MOST];
	char path[64];
	int status;

	MUST(put("/tmp/parent") == 0);
	for (int i = 0; i < threads; i++)
		MUST(!pthread_create(&thread[i], NULL, work, (void *)(intptr_t)i));
	for (int i = 0; i < children; i++) {
		pid_t pid = fork();

		if (pid == 0)
			live(self, i);
		snprintf(path, sizeof path, "/tmp/child-%d", i);
		MUST(pid > 0 && waitpid(pid, &status, 0) == pid);
		MUST(status == 0);
		MUST(unlink(path) == 0);
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	for (int i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	puts("ok");
}

/* -- Children by vfork -- */

static void vforks(const char *self)
{
	char *argv[] = { (char *)self, (char *)"look", (char *)"made", NULL };
	struct stat st;
	int status;
	pid_t pid = vfork();

	if (pid == 0) {
		int made = mkdir("/tmp/made", 0700);

		_exit(made < 0);
	}
	MUST(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0);
	MUST(stat("/tmp/made", &st) == 0);
	pid = vfork();
	if (pid == 0) {
		execv(self, argv);
		_exit(4);
	}
	MUST(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0);
	pid = vfork();
	if (pid == 0) {
		/* By a walk, whose workspace the parent shares. */
		int made = mkdir("/tmp/made/../other", 0700);

		argv[2] = (char *)"other";
		if (made == 0)
			execv(self, argv);
		_exit(4);
	}
	MUST(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0);
	MUST(rmdir("/tmp/other") == 0 && rmdir("/tmp/made") == 0);
	puts("ok");
}

int main(int argc, char **argv)
{
	struct stat st;
	char path[PATH_MAX];
	int threads = argc > 2 ? atoi(argv[2]) : 0;

	if (threads > MOST || argc < 2)
		return 2;
	if (!strcmp(argv[1], "crowd") && argc == 4) {
		rounds = atoi(argv[3]);
		crowd(threads);
	} else if (!strcmp(argv[1], "forks") && argc == 4) {
		forks(argv[0], threads, atoi(argv[3]));
	} else if (!strcmp(argv[1], "vforks")) {
		vforks(argv[0]);
	} else if (!strcmp(argv[1], "look") && argc == 3) {
		snprintf(path, sizeof path, "/tmp/%s", argv[2]);
		return stat(path, &st) < 0;
	} else {
		return 2;
	}
	return faults != 0;
}
