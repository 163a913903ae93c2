/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Goes to directories in DIR whose names are of each length that is asked for, and prints
 * what says how they are called.
 *
 *     long_paths DIR LENGTH...
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static char path[PATH_MAX + 512];

/* Declared as one that nobody should use. */
extern char *old_getwd(char *buf) __asm__("getwd");

/* The name is right, or what came. */
static void say(const char *what, const char *got, const char *want)
{
	if (!got)
		printf(" %s:%s", what,
		       errno == ERANGE	     ? "ERANGE" :
		       errno == ENAMETOOLONG ? "ENAMETOOLONG" :
					       strerror(errno));
	else if (strcmp(got, want) != 0)
		printf(" %s:%zu", what, strlen(got));
	else
		printf(" %s", what);
}

/* Goes below DIR until the name is LENGTH bytes. */
static void go(const char *dir, size_t length)
{
	size_t at = strlen(dir);

	strcpy(path, dir);
	if (chdir(dir) < 0)
		exit(1);
	while (at < length) {
		size_t n = length - at - 1 > 200 ? 200 : length - at - 1;

		/* No name is empty: the last slash has one behind it. */
		if (length - at - 1 - n == 1)
			n--;
		path[at] = '/';
		memset(path + at + 1, 'd', n);
		path[at + 1 + n] = '\0';
		if ((mkdir(path + at + 1, 0755) < 0 && errno != EEXIST) ||
		    chdir(path + at + 1) < 0)
			exit(2);
		at += 1 + n;
	}
}

int main(int argc, char **argv)
{
	static char buf[3 * PATH_MAX];

	for (int i = 2; i < argc; i++) {
		const size_t length = strtoul(argv[i], NULL, 10);
		long n;

		go(argv[1], length);
		printf("%zu:", length);
		say("getcwd", getcwd(buf, length + 1), path);
		say("less", getcwd(buf, length), path);
		say("more", getcwd(buf, sizeof buf), path);
		say("malloc", getcwd(NULL, 0), path);
		say("exact", getcwd(NULL, length + 1), path);
		say("current", get_current_dir_name(), path);
		if (length < PATH_MAX)
			say("getwd", old_getwd(buf), path);
		n = syscall(SYS_getcwd, buf, length + 1);
		say("number", n < 0 ? NULL : n == (long)length + 1 ? buf : "?", path);
		n = readlink("/proc/self/cwd", buf, sizeof buf - 1);
		buf[n < 0 ? 0 : n] = '\0';
		say("link", n < 0 ? NULL : buf, path);
		say("dot", realpath(".", buf), path);
		say("realpath", realpath(path, buf), path);
		say("canonical", canonicalize_file_name(path), path);
		close(open("f", O_CREAT | O_WRONLY, 0644));
		strcat(path, "/f");
		say("file", realpath("f", buf), path);
		say("absolute", realpath(path, NULL), path);
		puts("");
	}
	return 0;
}
