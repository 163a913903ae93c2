/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * removal STEP...: make what is hard to remove, in the working directory:
 *
 *     deep:N         N directories, one in the other, with a file in each tenth
 *     files:N        N files, a thousand to a directory
 *     shut           directories of modes that are in the way, with files in them
 *     grow:MS        make files and directories for so long, as fast as can be
 *     swap:A:B:MS    exchange the names A and B for so long, as fast as can be
 *     clock          print how long the steps since the last one took, in ms
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what)
{
	perror(what);
	_exit(1);
}

static long milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void put(int dirfd, const char *name)
{
	int fd = openat(dirfd, name, O_CREAT | O_WRONLY, 0600);

	if (fd < 0)
		die(name);
	close(fd);
}

static void deep(int n)
{
	int at = open(".", O_RDONLY | O_DIRECTORY);

	for (int i = 0; i < n; i++) {
		int next;

		if (i % 10 == 0)
			put(at, "file");
		if (mkdirat(at, "deep", 0700) ||
		    (next = openat(at, "deep", O_RDONLY | O_DIRECTORY)) < 0)
			die("deep");
		close(at);
		at = next;
	}
	close(at);
}

static void files(int n)
{
	char name[40];
	int at = -1;

	for (int i = 0; i < n; i++) {
		if (i % 1000 == 0) {
			close(at);
			snprintf(name, sizeof name, "d%d", i / 1000);
			if (mkdir(name, 0700) ||
			    (at = open(name, O_RDONLY | O_DIRECTORY)) < 0)
				die(name);
		}
		snprintf(name, sizeof name, "some-file-%d", i);
		put(at, name);
	}
	close(at);
}

static void shut(void)
{
	static const unsigned modes[] = { 0, 0100, 0200, 0400, 0500, 0600 };

	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		char dir[40], path[80];

		snprintf(dir, sizeof dir, "mode-%o", modes[i]);
		if (mkdir(dir, 0700))
			die(dir);
		snprintf(path, sizeof path, "%s/below", dir);
		if (mkdir(path, 0700))
			die(path);
		snprintf(path, sizeof path, "%s/below/file", dir);
		put(AT_FDCWD, path);
		snprintf(path, sizeof path, "%s/below", dir);
		if (chmod(path, modes[i]))
			die(path);
		snprintf(path, sizeof path, "%s/file", dir);
		put(AT_FDCWD, path);
		if (chmod(path, 0) || chmod(dir, modes[i]))
			die(dir);
	}
}

/* Where all goes away below it, it is done. */
static void grow(int ms)
{
	long end = milliseconds() + ms;
	char name[80];

	for (unsigned i = 0; milliseconds() < end; i++) {
		int fd;

		snprintf(name, sizeof name, "g%u", i % 50);
		if (mkdir(name, 0700) && errno == ENOENT)
			return;
		snprintf(name, sizeof name, "g%u/f%u", i % 50, i);
		fd = open(name, O_CREAT | O_WRONLY, 0600);
		if (fd >= 0)
			close(fd);
	}
}

static void swap(char *names)
{
	char *a = strtok(names, ":"), *b = strtok(NULL, ":");
	long end = milliseconds() + atoi(strtok(NULL, ":"));

	while (milliseconds() < end)
		renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE);
}

int main(int argc, char **argv)
{
	long since = milliseconds();

	for (int i = 1; i < argc; i++) {
		char *arg = strchr(argv[i], ':');

		if (arg)
			*arg++ = '\0';
		if (!strcmp(argv[i], "deep"))
			deep(atoi(arg));
		else if (!strcmp(argv[i], "files"))
			files(atoi(arg));
		else if (!strcmp(argv[i], "shut"))
			shut();
		else if (!strcmp(argv[i], "grow"))
			grow(atoi(arg));
		else if (!strcmp(argv[i], "swap"))
			swap(arg);
		else if (!strcmp(argv[i], "clock")) {
			printf("%ld\n", milliseconds() - since);
			since = milliseconds();
		} else
			return 2;
	}
	return 0;
}
