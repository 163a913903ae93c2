/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Walks (route/walk.c) in deep trees, where a descriptor is held on the way down. See direct.h.
 */
#include "core/sys.h"
#include "route/walk.c"

#include "direct_walk.h"

#include <sys/resource.h>

enum { LEVEL = 97 };

/* Down, up from there, and down to a place that has as long a name. */
static void up_and_down(void)
{
	char view[PATH_MAX] = "/tmp";
	size_t len = strlen(view);

	for (int i = 0; i < 8; i++) {
		view[len++] = '/';
		memset(view + len, 'n', LEVEL);
		len += LEVEL;
	}
	strcpy(view + len, "//../../");
	len = strlen(view);
	memset(view + len, 'm', 240);
	strcpy(view + len + 240, "/abs");
	IS(go(AT_FDCWD, view, IN "/f"), 0);
}

/* The same with so few descriptors that what is held has the number 0. */
static void with_few(void)
{
	const struct rlimit few = { 10, 10 };

	MUST(setrlimit(RLIMIT_NOFILE, &few) == 0);
	IS(fcntl(0, F_GETFD), -1);
	up_and_down();
}

/* Each place down to where the real name is too long. */
static void depths(void)
{
	static char view[PATH_MAX];
	char name[128], other[256];
	size_t len;
	int error, fd;

	begin_view();
	make_file(IN "/f", 0, 0644);
	make_link("..", IN "/up", 0);
	make_file("/tmp/f", 0, 0644);
	MUST((walk = walk_begin(&error)) != NULL);
	memset(name, 'n', LEVEL);
	name[LEVEL] = '\0';
	memset(other, 'm', 240);
	other[240] = '\0';
	MUST(chdir(IN) == 0);
	len = (size_t)snprintf(view, sizeof view, "/tmp");
	for (int depth = 1; len + LEVEL + 12 < PATH_MAX; depth++) {
		MUST(mkdir(name, 0755) == 0 && chdir(name) == 0);
		MUST(symlink("/tmp/f", "abs") == 0 && symlink("../up", "up") == 0);
		if (depth == 6) {
			MUST(mkdir(other, 0755) == 0 && chdir(other) == 0);
			MUST(symlink("/tmp/f", "abs") == 0 && chdir("..") == 0);
		}
		len += (size_t)snprintf(view + len, sizeof view - len, "/%s", name);
		strcpy(view + len, "/abs");
		IS(go(AT_FDCWD, view, IN "/f"), 0);
		strcpy(view + len, "/up/no-such");
		IS(go(AT_FDCWD, view, NULL), depth < SYS_LINKS ? ENOENT : ELOOP);
		view[len] = '\0';
	}
	fd = open_dir(".");
	IS(go(fd, "abs", IN "/f"), 0);
	close(fd);
	MUST(chdir("/") == 0);
	up_and_down();
	in_child(with_few);
	walk_end(walk);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "depths", depths },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
