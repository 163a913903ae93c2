/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Cancelling threads.
 *
 * threads_cancel points    which calls act on a cancellation that is pending
 * threads_cancel blocked   threads that wait for the other end of a FIFO, or do not
 * threads_cancel often N   what N cancelled calls leave behind in the process
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
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

struct call {
	const char *name;
	void (*make)(const char *path);
};

static void call_open(const char *path)
{
	close(open(path, O_RDONLY));
}
static void call_creat(const char *path)
{
	close(creat(path, 0600));
}
static void call_openat(const char *path)
{
	close(openat(AT_FDCWD, path, O_RDONLY));
}

static void call_fopen(const char *path)
{
	FILE *stream = fopen(path, "re");

	if (stream)
		fclose(stream);
}

static void call_opendir(const char *path)
{
	DIR *dir = opendir(path);

	if (dir)
		closedir(dir);
}

static void call_stat(const char *path)
{
	struct stat st;
	stat(path, &st);
}
static void call_access(const char *path)
{
	(void)!access(path, R_OK);
}
static void call_mkdir(const char *path)
{
	mkdir(path, 0700);
}
static void call_rename(const char *path)
{
	rename(path, "/tmp/point-new");
}
static void call_unlink(const char *path)
{
	unlink(path);
}
static void call_symlink(const char *path)
{
	(void)!symlink("x", path);
}
static void call_readlink(const char *path)
{
	char text[64];

	(void)!readlink(path, text, sizeof text);
}

static void call_realpath(const char *path)
{
	free(realpath(path, NULL));
}
static void call_mkstemp(const char *path)
{
	char made[PATH_MAX];

	snprintf(made, sizeof made, "%s/XXXXXX", path);
	close(mkstemp(made));
}

static void call_mkfifo(const char *path)
{
	mkfifo(path, 0600);
}
static void call_truncate(const char *path)
{
	(void)!truncate(path, 0);
}
static void call_getcwd(const char *path)
{
	char cwd[PATH_MAX];

	(void)path;
	(void)!getcwd(cwd, sizeof cwd);
}

static void call_connect(const char *path)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strncpy(name.sun_path, path, sizeof name.sun_path - 1);
	connect(fd, (void *)&name, sizeof name);
	close(fd);
}

static void call_bind(const char *path)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strncpy(name.sun_path, path, sizeof name.sun_path - 1);
	bind(fd, (void *)&name, sizeof name);
	syscall(SYS_close, fd); /* no cancellation point */
}

static const struct call calls[] = {
	/* It makes the session, by calls that must not be cancelled. */
	{ "mkdir", call_mkdir },       { "open", call_open },
	{ "openat", call_openat },     { "creat", call_creat },
	{ "fopen", call_fopen },       { "opendir", call_opendir },
	{ "stat", call_stat },	       { "access", call_access },
	{ "rename", call_rename },     { "unlink", call_unlink },
	{ "symlink", call_symlink },   { "readlink", call_readlink },
	{ "realpath", call_realpath }, { "mkstemp", call_mkstemp },
	{ "mkfifo", call_mkfifo },     { "truncate", call_truncate },
	{ "getcwd", call_getcwd },     { "connect", call_connect },
	{ "bind", call_bind },
};

enum { CALLS = sizeof calls / sizeof *calls };

static const char *path;

static void *be_cancelled(void *arg)
{
	const struct call *call = arg;

	pthread_cancel(pthread_self());
	call->make(path);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	return NULL;
}

static void points(void)
{
	pthread_t thread;
	void *result;

	for (int i = 0; i < CALLS; i++) {
		pthread_create(&thread, NULL, be_cancelled, (void *)&calls[i]);
		pthread_join(thread, &result);
		printf("%s %s: %s\n", calls[i].name, path,
		       result == PTHREAD_CANCELED ? "cancelled" : "not");
	}
}

/* -- Blocked -- */

struct waiter {
	const struct call *call;
	int disabled;
	int tid, done;
};

static void *wait_for_writer(void *arg)
{
	struct waiter *waiter = arg;

	if (waiter->disabled)
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	__atomic_store_n(&waiter->tid, (int)syscall(SYS_gettid), __ATOMIC_SEQ_CST);
	waiter->call->make(path);
	__atomic_store_n(&waiter->done, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

/* Waits until the thread sleeps in its call: for a while, ten times looked at. */
static void wait_until_asleep(struct waiter *waiter)
{
	char name[64], state;
	int asleep = 0;

	for (int i = 0; i < 2000 && asleep < 10; i++) {
		int tid = __atomic_load_n(&waiter->tid, __ATOMIC_SEQ_CST);
		FILE *stat;

		usleep(1000);
		snprintf(name, sizeof name, "/proc/self/task/%d/stat", tid);
		if (!tid || !(stat = fopen(name, "re")))
			continue;
		if (fscanf(stat, "%*d (%*[^)]) %c", &state) == 1)
			asleep = state == 'S' ? asleep + 1 : 0;
		fclose(stat);
	}
}

static void block(const struct call *call, int disabled)
{
	struct waiter waiter = { call, disabled, 0, 0 };
	pthread_t thread;
	void *result;
	int fd = -1;

	pthread_create(&thread, NULL, wait_for_writer, &waiter);
	wait_until_asleep(&waiter);
	pthread_cancel(thread);
	if (disabled) {
		usleep(20000);
		printf("%s %s: %s, ", call->name, path,
		       waiter.done ? "over" : "waits on");
		fd = open(path, call->make == call_creat ? O_RDONLY : O_WRONLY);
	}
	pthread_join(thread, &result);
	printf("%s%s%s: %s\n", disabled ? "" : call->name, disabled ? "" : " ",
	       disabled ? "in the end" : path,
	       result == PTHREAD_CANCELED ? "cancelled" : "came back");
	if (fd >= 0)
		close(fd);
}

static const char *const paths[] = { "/tmp/fifo", "/tmp/../tmp/fifo" };

static void blocked(void)
{
	mkfifo("/tmp/fifo", 0600);
	for (int i = 0; i < 2; i++) {
		path = paths[i];
		for (int disabled = 0; disabled < 2; disabled++)
			for (int c = 1; c < 5; c++)
				block(&calls[c], disabled);
	}
	unlink("/tmp/fifo");
}

/* -- What is left behind -- */

/* Pages of the address space; anonymous mappings side by side are one line. */
static long count_pages(void)
{
	FILE *stream = fopen("/proc/self/statm", "re");
	long pages = 0;

	if (!stream || fscanf(stream, "%ld", &pages) != 1)
		pages = -1;
	if (stream)
		fclose(stream);
	return pages;
}

static int count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return n;
}

static void cancel_all(int times)
{
	static char walked[PATH_MAX];
	char deep[PATH_MAX] = "/tmp/deep";
	struct stat st;

	/* Both ends of what the shim may hold: a workspace, a descriptor. */
	while (strlen(deep) < PATH_MAX - 8)
		strcat(deep, "/.");
	strcat(deep, "/x");
	mkdir("/tmp/deep", 0700);
	(void)!symlink("/tmp/deep", "/tmp/link");
	stat("/tmp/link/../deep", &st);
	strcpy(walked, "/tmp/../tmp/link/x");
	for (int i = 0; i < times; i++) {
		pthread_t thread;

		path = i % 2 ? walked : deep;
		pthread_create(&thread, NULL, be_cancelled,
			       (void *)&calls[1 + i / 2 % 3]);
		pthread_join(thread, NULL);
	}
	unlink("/tmp/link");
	rmdir("/tmp/deep");
}

static void often(int times)
{
	long pages;
	int descriptors;

	cancel_all(12); /* what stacks and libraries take once */
	pages = count_pages();
	descriptors = count_descriptors();
	cancel_all(times);
	printf("%d descriptors more, %s pages more\n", count_descriptors() - descriptors,
	       count_pages() >= pages + times / 8 ? "many" : "no");
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "points")) {
		path = "/tmp/point";
		points();
		path = "/tmp/../tmp/point";
		points();
		path = "/etc/../tmp/nowhere/point";
		points();
	} else if (argc == 2 && !strcmp(argv[1], "blocked")) {
		blocked();
	} else if (argc == 3 && !strcmp(argv[1], "often")) {
		often(atoi(argv[2]));
	} else {
		return 2;
	}
	return 0;
}
