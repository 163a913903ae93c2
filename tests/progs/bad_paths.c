/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * bad_paths: gives odd paths that lead to /tmp, or nowhere, to some calls, and prints
 * for each path, over all calls, what came of them: "NAME ERROR...", in the
 * calls' order: open, mkdir, stat, rename, symlink.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static char *edge; /* where a page ends before one that cannot be read */

/* "/tmp/" and components of "x", LEN bytes in all. */
static const char *longest(size_t len)
{
	static char path[3 * PATH_MAX];

	memset(path, 'x', len);
	memcpy(path, "/tmp/", 5);
	for (size_t i = 200; i < len - 1; i += 200)
		path[i] = '/';
	path[len] = '\0';
	return path;
}

static const char *one_name(size_t len)
{
	static char path[PATH_MAX];

	memset(path, 'n', 5 + len);
	memcpy(path, "/tmp/", 5);
	path[5 + len] = '\0';
	return path;
}

static const char *at_edge(const char *text)
{
	return memcpy(edge - strlen(text), text, strlen(text));
}

/* Takes what a call made away again, so that the next one finds what this one did. */
static int done(const char *path, int ret)
{
	int error = ret < 0 ? errno : 0;

	if (!error && unlink(path) < 0)
		rmdir(path);
	return error;
}

static int call_open(const char *path)
{
	int fd = open(path, O_CREAT | O_EXCL | O_RDWR, 0600);

	if (fd >= 0)
		close(fd);
	return done(path, fd);
}

static int call_mkdir(const char *path)
{
	return done(path, mkdir(path, 0700));
}

static int call_stat(const char *path)
{
	struct stat st;

	return stat(path, &st) < 0 ? errno : 0;
}

static int call_rename(const char *path)
{
	return rename(path, "/usr/no/such") < 0 ? errno : 0;
}

static int call_symlink(const char *path)
{
	return done(path, symlink("x", path));
}

static void show(const char *name, const char *path)
{
	int (*const calls[])(const char *) = { call_open, call_mkdir, call_stat,
					       call_rename, call_symlink };

	printf("%s", name);
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		int error = calls[i](path);

		printf(" %s", error ? strerrorname_np(error) : "ok");
	}
	putchar('\n');
}

int main(void)
{
	long page = sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, 2 * (size_t)page, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		return 2;
	edge = pages + page;
	if (mprotect(edge, (size_t)page, PROT_NONE) || chdir("/usr"))
		return 2;
	show("null", NULL);
	show("empty", "");
	show("unreadable", edge);
	show("unterminated", at_edge("/tmp/unterminated"));
	show("name-255", one_name(NAME_MAX));
	show("name-256", one_name(NAME_MAX + 1));
	show("path-4095", longest(PATH_MAX - 1));
	show("path-4096", longest(PATH_MAX));
	show("path-9000", longest(9000));
	show("not-utf-8", "/tmp/\xff\xfe\x80\xc3(");
	show("control", "/tmp/a\nprivtmp: b\x1b[31m");
	show("relative", "../tmp/\xff");
	show("slashes", "//tmp///\x80//");
	return 0;
}
