/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the programs direct_* share. Each includes a source of the shim or the tools and calls
 * its functions directly, so that every condition in it can be met: by real files and users, on
 * a /tmp and a /var/tmp of its own. Needs root.
 *
 *     direct_NAME [TEST]...     all, or those of these names; 0, 1 where one failed, 77
 */
#ifndef DIRECT_H
#define DIRECT_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ME = 61234, OTHER = 61235 };

/* Where the processes of a test count what fails. */
static int direct_failures;

static inline void direct_failed(const char *file, int line, const char *what, long got,
				 long wanted)
{
	if (direct_failures++ < 20)
		fprintf(stderr, "%s:%d: %s is %ld, not %ld\n", file, line, what, got,
			wanted);
}

#define IS(what, want) \
	do { \
		const long is_got = (long)(what), is_want = (long)(want); \
		if (is_got != is_want) \
			direct_failed(__FILE__, __LINE__, #what, is_got, is_want); \
	} while (0)

/* Whether the text GOT is WANTED; NULL: none. */
static inline void direct_text_is(const char *file, int line, const char *what,
				  const char *got, const char *wanted)
{
	const bool same = got && wanted ? !strcmp(got, wanted) : got == wanted;

	if (!same && direct_failures++ < 20)
		fprintf(stderr, "%s:%d: %s is %s, not %s\n", file, line, what,
			got ? got : "none", wanted ? wanted : "none");
}

#define TEXT_IS(what, got, wanted) direct_text_is(__FILE__, __LINE__, what, got, wanted)

#define TRUE(what) IS(!!(what), true)
#define FALSE(what) IS(!!(what), false)

/* For what a test needs. */
#define MUST(what) \
	do { \
		if (!(what)) { \
			fprintf(stderr, "%s:%d: cannot: %s: %s\n", __FILE__, __LINE__, \
				#what, strerror(errno)); \
			exit(1); \
		} \
	} while (0)

static inline void make_dir(const char *path, unsigned uid, unsigned mode)
{
	MUST(mkdir(path, 0700) == 0 || errno == EEXIST);
	MUST(chown(path, uid, uid) == 0 && chmod(path, mode) == 0);
}

static inline void make_file(const char *path, unsigned uid, unsigned mode)
{
	const int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	MUST(fd >= 0 && fchown(fd, uid, uid) == 0 && fchmod(fd, mode) == 0);
	close(fd);
}

/* Writes N bytes to PATH, a new file or an old one. */
static inline void write_bytes(const char *path, const void *bytes, size_t n,
			       unsigned mode)
{
	const int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);

	MUST(fd >= 0 && write(fd, bytes, n) == (ssize_t)n && fchmod(fd, mode) == 0);
	close(fd);
}

static inline void write_text(const char *path, const char *text)
{
	write_bytes(path, text, strlen(text), 0644);
}

/* The same, with the directories on the way. */
static inline void write_text_there(const char *path, const char *text)
{
	char dir[PATH_MAX];

	for (const char *slash = path; (slash = strchr(slash + 1, '/'));) {
		snprintf(dir, sizeof dir, "%.*s", (int)(slash - path), path);
		make_dir(dir, 0, 0755);
	}
	write_text(path, text);
}

static inline void make_link(const char *text, const char *path, unsigned uid)
{
	unlink(path);
	MUST(symlink(text, path) == 0 && lchown(path, uid, uid) == 0);
}

static inline bool is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/* Opens a directory, and leaves the low numbers to what is tested. */
static inline int open_high(const char *path)
{
	const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const int high = fcntl(fd, F_DUPFD_CLOEXEC, 100);

	MUST(fd >= 0 && high >= 0);
	close(fd);
	return high;
}

/* How many descriptors are open. */
static inline int descriptors(void)
{
	int n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* Empties /tmp and /var/tmp. */
static inline void clear(void)
{
	static bool again;

	if (again) {
		umount2("/tmp", MNT_DETACH);
		umount2("/var/tmp", MNT_DETACH);
	}
	again = true;
	MUST(mount("tmp", "/tmp", "tmpfs", 0, "mode=1777") == 0);
	MUST(mount("tmp", "/var/tmp", "tmpfs", 0, "mode=1777") == 0);
	MUST(chdir("/tmp") == 0);
}

/* Runs TEST in a child: what it becomes and where it goes is its own. */
static inline void in_child(void (*test)(void))
{
	int status;
	const pid_t pid = fork();

	MUST(pid >= 0);
	if (pid == 0) {
		direct_failures = 0;
		test();
		fflush(NULL);
		_exit(direct_failures != 0);
	}
	MUST(waitpid(pid, &status, 0) == pid);
	IS(status, 0);
}

static inline void become(unsigned uid)
{
	MUST(setresgid(uid, uid, uid) == 0 && setresuid(uid, uid, uid) == 0);
}

struct direct_test {
	const char *name;
	void (*test)(void);
};

static inline int direct_main(const struct direct_test *test, int argc, char **argv)
{
	int failures = 0, tests = 0;

	if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
		fprintf(stderr, "needs root, and a mount namespace\n");
		return 77;
	}
	umask(022);
	/* So that what is opened first is 0, which is a descriptor, too. */
	close(0);
	for (; test->name; test++) {
		bool wanted = argc < 2;

		for (int i = 1; i < argc; i++)
			wanted |= !strcmp(argv[i], test->name);
		if (!wanted)
			continue;
		direct_failures = 0;
		clear();
		test->test();
		tests++;
		if (direct_failures)
			fprintf(stderr, "%s: %d failed\n", test->name, direct_failures);
		failures += direct_failures;
	}
	if (tests == 0)
		fprintf(stderr, "no such test\n");
	return tests == 0 || failures != 0;
}

#endif
