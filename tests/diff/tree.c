/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The fixture's tree as text, one line an entry, and what a call changed in it.
 * Small changes are undone one by one: to make the whole tree anew after each
 * of some ten thousand calls would take most of the test's time.
 */
#define _GNU_SOURCE
#include "driver.h"
#include "fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define MAX_ENTRIES 512

struct text {
	char *bytes;
	size_t used, size;
};

static void append(struct text *t, const char *bytes, size_t length)
{
	if (t->used + length + 1 > t->size) {
		t->size = (t->used + length + 1) * 2;
		t->bytes = realloc(t->bytes, t->size);
		if (!t->bytes)
			abort();
	}
	memcpy(t->bytes + t->used, bytes, length);
	t->used += length;
	t->bytes[t->used] = 0;
}

/* Spaces too: the first one in a line ends the path. */
static void append_escaped(struct text *t, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)bytes[i];
		char one[8];
		if (c <= ' ' || c >= 127 || c == '\\')
			append(t, one, (size_t)snprintf(one, sizeof one, "\\x%02x", c));
		else
			append(t, bytes + i, 1);
	}
}

static void append_content(struct text *t, const char *path, const struct stat *st)
{
	char bytes[256];
	ssize_t n = -1;
	if (S_ISLNK(st->st_mode)) {
		n = readlink(path, bytes, sizeof bytes);
	} else if (S_ISREG(st->st_mode)) {
		int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
		if (fd >= 0) {
			n = read(fd, bytes, sizeof bytes);
			close(fd);
		}
	} else {
		return;
	}
	append(t, " \"", 2);
	if (n > 0)
		append_escaped(t, bytes, (size_t)n);
	append(t, n < 0 ? "\" unread" : "\"", n < 0 ? 8 : 1);
}

static void append_entry(struct text *t, const char *path, const struct stat *st)
{
	char line[200];
	append_escaped(t, path, strlen(path));
	int n = snprintf(line, sizeof line,
			 " mode=%o owner=%u:%u nlink=%lu size=%lld ino=%s", st->st_mode,
			 st->st_uid, st->st_gid, (unsigned long)st->st_nlink,
			 (long long)st->st_size, inode_name(st->st_dev, st->st_ino));
	append(t, line, (size_t)n);
	/* Links cannot have any that a program could set. */
	ssize_t attributes = S_ISLNK(st->st_mode) ? 0 : llistxattr(path, NULL, 0);
	if (attributes != 0) {
		n = snprintf(line, sizeof line, " xattr=%zd", attributes);
		append(t, line, (size_t)n);
	}
	if (st->st_mtime < 1000000000) {
		n = snprintf(line, sizeof line, " mtime=%ld", (long)st->st_mtime);
		append(t, line, (size_t)n);
	}
	append_content(t, path, st);
	append(t, "\n", 1);
}

/* The names in a directory, sorted; few, so an insertion sort does. */
static size_t list_names(const char *path, char **names)
{
	DIR *dir = opendir(path);
	size_t count = 0;
	struct dirent *e;
	if (!dir)
		return 0;
	while ((e = readdir(dir)) && count < MAX_ENTRIES) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		char *name = strdup(e->d_name);
		size_t at = count++;
		for (; at > 0 && strcmp(names[at - 1], name) > 0; at--)
			names[at] = names[at - 1];
		names[at] = name;
	}
	closedir(dir);
	return count;
}

static void append_tree(struct text *t, const char *path)
{
	struct stat st;
	if (lstat(path, &st) != 0) {
		append_escaped(t, path, strlen(path));
		append(t, " missing\n", 9);
		return;
	}
	append_entry(t, path, &st);
	if (!S_ISDIR(st.st_mode))
		return;
	char *names[MAX_ENTRIES];
	size_t count = list_names(path, names);
	for (size_t i = 0; i < count; i++) {
		char child[PATH_MAX * 2];
		snprintf(child, sizeof child, "%s/%s", path, names[i]);
		free(names[i]);
		append_tree(t, child);
	}
}

static char *tree_text(void)
{
	struct text t = { NULL, 0, 0 };
	for (size_t i = 0; i < ROOTS; i++)
		append_tree(&t, roots[i]);
	return t.bytes;
}

void fixture_dump(void)
{
	char *now = tree_text();
	char *save = NULL;
	for (char *l = strtok_r(now, "\n", &save); l; l = strtok_r(NULL, "\n", &save))
		out("| %s\n", l);
	free(now);
}

/* Which of two lines comes first in the listing, where "/" is the lowest byte. */
static int path_order(const char *a, const char *b)
{
	while (*a == *b && *a != ' ' && *a != 0) {
		a++;
		b++;
	}
	int x = *a == ' ' ? 0 : *a == '/' ? 1 : *a == 0 ? 256 : (unsigned char)*a;
	int y = *b == ' ' ? 0 : *b == '/' ? 1 : *b == 0 ? 256 : (unsigned char)*b;
	return x - y;
}

static size_t line_length(const char *at)
{
	return strcspn(at, "\n");
}

static void print_line(char sign, const char *line)
{
	out(" %c %.*s\n", sign, (int)line_length(line), line);
}

static bool is_directory(const char *line)
{
	const char *mode = strstr(line, " mode=");
	return mode && strtoul(mode + 6, NULL, 8) >> 12 == S_IFDIR >> 12;
}

/* A directory whose count of entries alone has changed mends itself with them. */
static bool same_but_count(const char *was, const char *is)
{
	const char *end = strstr(was, " nlink=");
	const char *from = strstr(was, " ino=");
	const char *is_from = strstr(is, " ino=");
	if (!end || !from || !is_from || strncmp(was, is, (size_t)(end - was)) != 0)
		return false;
	size_t length = line_length(from);
	return line_length(is_from) == length && strncmp(from, is_from, length) == 0;
}

static bool undo(const char *was, const char *is)
{
	char path[PATH_MAX];
	const char *line = was ? was : is;
	size_t length = strcspn(line, " ");
	if (length >= sizeof path || memchr(line, '\\', length))
		return false;
	memcpy(path, line, length);
	path[length] = 0;
	if (was && is && is_directory(was) && is_directory(is))
		return same_but_count(was, is);
	if (was && is_directory(was))
		return false;
	if (is && !strstr(is, " missing\n") &&
	    (is_directory(is) ? rmdir(path) : unlink(path)) != 0)
		return false;
	return !was || fixture_remake(path);
}

/* Prints what differs; with "mend", also undoes it. False: not all could be. */
static bool compare(const char *was, const char *is, bool mend)
{
	bool mended = true;
	while (*was || *is) {
		int order = !*was ? 1 : !*is ? -1 : path_order(was, is);
		size_t w = line_length(was), i = line_length(is);
		if (order != 0 || w != i || memcmp(was, is, w) != 0) {
			if (order <= 0)
				print_line('-', was);
			if (order >= 0)
				print_line('+', is);
			if (mend && mended)
				mended = undo(order <= 0 ? was : NULL,
					      order >= 0 ? is : NULL);
		}
		if (order <= 0)
			was += w + 1;
		if (order >= 0)
			is += i + 1;
	}
	return mended;
}

static char *baseline;

/* Says what was changed since the fixture was built, and makes it good if asked to. */
void fixture_check(bool rebuild)
{
	int cwd = open(".", O_PATH | O_CLOEXEC);
	if (chdir("/") != 0)
		out("check: chdir: %s\n", error_name(errno));
	char *now = tree_text();
	bool same = strcmp(now, baseline) == 0;
	bool mended = same || compare(baseline, now, rebuild);
	free(now);
	if (rebuild && !mended)
		fixture_build();
	else if (rebuild && !same)
		fixture_reopen();
	else if (!rebuild && cwd >= 0 && fchdir(cwd) != 0)
		out("check: fchdir: %s\n", error_name(errno));
	if (cwd >= 0)
		close(cwd);
}

/* From here on, fixture_check compares with the tree as it is now. */
void fixture_remember(void)
{
	free(baseline);
	baseline = tree_text();
}
