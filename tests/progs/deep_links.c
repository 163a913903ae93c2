/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * deep_links DIR: works in a directory below DIR whose name is longer than any call takes,
 * by relative paths on which links lead back to DIR; prints what is where. DIR is shown as
 * "DIR".
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LEVELS = 30, LEVEL = 199 };

static const char *dir;

static void say(const char *what, const char *path, int ret)
{
	size_t n = strncmp(path, dir, strlen(dir)) ? 0 : strlen(dir);

	printf("%s %s%s: %s\n", what, n ? "DIR" : "", path + n,
	       ret < 0 ? strerror(errno) : "ok");
}

/* A link NAME to TEXT in DIR. */
static void make_link(const char *text, const char *name)
{
	char to[PATH_MAX];

	snprintf(to, sizeof to, "%s%s", dir, text);
	if (symlink(to, name) < 0)
		say("symlink", name, -1);
}

static void make(int from, const char *path)
{
	int fd = openat(from, path, O_WRONLY | O_CREAT, 0600);

	say("make", path, fd);
	if (fd >= 0)
		close(fd);
}

static void look(const char *path)
{
	struct stat st;

	say("look", path, stat(path, &st));
}

static void look_in_dir(const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, "%s%s", dir, name);
	look(path);
}

static int descend(void)
{
	char name[LEVEL + 1];

	memset(name, 'd', LEVEL);
	name[LEVEL] = '\0';
	if (chdir(dir) < 0)
		return -1;
	for (int i = 0; i < LEVELS; i++)
		if (mkdir(name, 0700) < 0 || chdir(name) < 0)
			return -1;
	return open(".", O_RDONLY | O_DIRECTORY);
}

/* By the working directory, by the descriptor HERE, and by procfs. */
static void use_links(int here)
{
	char path[64];

	make_link("/last", "last");
	make(AT_FDCWD, "last");
	make_link("", "top");
	make(AT_FDCWD, "top/by-top");
	make_link("/below", "z/below");
	make(AT_FDCWD, "z/below");
	make_link("/sub", "sub");
	make(AT_FDCWD, "sub/middle");
	make(here, "sub/by-descriptor");
	make(here, "z/../sub/../round");
	make_link("/second", "second");
	if (symlink("z/../second", "first") == 0)
		make(here, "first");
	make_link("/procfs", "procfs");
	make(AT_FDCWD, "/proc/self/cwd/procfs");
	make_link("/fd", "fd");
	snprintf(path, sizeof path, "/proc/self/fd/%d/fd", here);
	make(AT_FDCWD, path);
	make_link("/dev-fd", "dev-fd");
	snprintf(path, sizeof path, "/dev/fd/%d/dev-fd", here);
	make(AT_FDCWD, path);
}

static void use_other_calls(void)
{
	char name[PATH_MAX];

	make(AT_FDCWD, "plain");
	make(AT_FDCWD, "/proc/self/cwd/plain-too");
	look("plain-too");
	say("link", "top/linked", link("plain", "top/linked"));
	look_in_dir("/linked");
	say("unlink", "top/linked", unlink("top/linked"));
	look_in_dir("/linked");
	say("mkdir", "sub/made", mkdir("sub/made", 0700));
	say("rename", "plain", rename("plain", "last"));
	look("last");
	look("sub/");
	look("last/");
	make(AT_FDCWD, "none/x");
	if (symlink("loop", "loop") == 0)
		make(AT_FDCWD, "loop");
	say("chdir", "sub", chdir("sub"));
	if (getcwd(name, sizeof name))
		say("in", name, 0);
}

int main(int argc, char **argv)
{
	static const char *const made[] = {
		"/last",   "/by-top",	"/below",  "/sub/middle", "/sub/by-descriptor",
		"/round",  "/second",	"/procfs", "/fd",	  "/dev-fd",
		"/linked", "/sub/made",
	};
	char sub[PATH_MAX];
	int here;

	if (argc != 2)
		return 2;
	dir = argv[1];
	snprintf(sub, sizeof sub, "%s/sub", dir);
	if (mkdir(dir, 0700) < 0 || mkdir(sub, 0700) < 0 || (here = descend()) < 0 ||
	    mkdir("z", 0700) < 0) {
		perror(dir);
		return 1;
	}
	use_links(here);
	use_other_calls();
	for (size_t i = 0; i < sizeof made / sizeof *made; i++)
		look_in_dir(made[i]);
	return 0;
}
