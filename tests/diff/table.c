/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every call over every path shape. A shape is "WORKING-DIRECTORY PATH", a
 * template is a step with % for the path and %d for a descriptor of the
 * working directory; "!" before it says that it may change the tree, "?" that
 * libc itself reads the path, so that a bad pointer is a crash and no result.
 * With a sample of N, each call meets every Nth shape, each shape every Nth call.
 */
#define _GNU_SOURCE
#include "driver.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Puts the path in the place of % and the descriptor in that of %d. */
static void expand(const char *template, const char *path, char *to, size_t room)
{
	size_t used = 0;
	for (const char *t = template; *t && used + 1 < room; t++) {
		if (t[0] == '%' && t[1] == 'd') {
			used += (size_t)snprintf(to + used, room - used, "%d",
						 TABLE_DIRFD);
			t++;
		} else if (*t == '%') {
			used += (size_t)snprintf(to + used, room - used, "%s", path);
		} else {
			to[used++] = *t;
		}
	}
	to[used < room ? used : room - 1] = 0;
}

/* A working directory that is going away: "gone" is removed once it is entered. */
static void enter(const char *cwd, bool by_descriptor)
{
	if (strcmp(cwd, "gone") == 0) {
		mkdir("/tmp/goingcwd", 0700);
		if (chdir("/tmp/goingcwd") != 0)
			out("enter: %s\n", error_name(errno));
		rmdir("/tmp/goingcwd");
		return;
	}
	if (chdir(by_descriptor ? "/e/d" : cwd) != 0)
		out("enter: %s\n", error_name(errno));
	if (by_descriptor) {
		int fd = open(cwd, O_RDONLY | O_DIRECTORY);
		if (fd >= 0 && fd != TABLE_DIRFD) {
			dup2(fd, TABLE_DIRFD);
			close(fd);
		}
	}
}

static bool unreadable(const char *path)
{
	return strcmp(path, "NULL") == 0 || strcmp(path, "BAD") == 0 ||
	       strcmp(path, "PROTNONE") == 0 || strncmp(path, "EDGE:", 5) == 0;
}

static void cell(const char *cwd, const char *path, const char *template)
{
	size_t marks = strspn(template, "!?");
	if (memchr(template, '?', marks) && unreadable(path))
		return;
	bool changes = memchr(template, '!', marks) != NULL;
	bool by_descriptor = strstr(template, "%d") != NULL;
	char line[8192];
	expand(template + marks, path, line, sizeof line);
	if (by_descriptor && strcmp(cwd, "gone") == 0)
		return;
	enter(cwd, by_descriptor);
	out("%s: ", cwd);
	step_run(line);
	fixture_close();
	/* A call that failed has no business to change anything: the row's end will tell. */
	if (changes && last_result() >= 0)
		fixture_check(true);
}

static bool selected(const char *template, const char *only)
{
	if (!only)
		return true;
	size_t length = strlen(only);
	template += strspn(template, "!?");
	return strncmp(template, only, length) == 0 &&
	       (template[length] == ' ' || template[length] == 0);
}

int table_run(const char *shapes, const char *templates, const char *only, size_t sample)
{
	struct lines s = read_lines(shapes);
	struct lines t = read_lines(templates);
	fixture_build();
	fixture_remember();
	for (size_t k = 0; k < t.count; k++) {
		if (!selected(t.line[k], only) ||
		    (fixture_is_plain() && strstr(t.line[k], "symlink")))
			continue;
		for (size_t i = 0; i < s.count; i++) {
			char *space = strchr(s.line[i], ' ');
			if (!space || (i + k) % sample != 0)
				continue;
			*space = 0;
			cell(s.line[i], space + 1, t.line[k]);
			*space = ' ';
		}
		fixture_check(true);
	}
	return 0;
}
