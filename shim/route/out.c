/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paths from the kernel or libc; see out.h. */
#define _GNU_SOURCE
#include "route/out.h"
#include "core/sys.h"
#include "policy/view.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

size_t out_skip(const char *path, size_t len)
{
	int guard = len ? view_backing_of(path, len) : -1;

	return guard < 0 ? 0 : pt_view.policy->guard[guard].prefix.len;
}

const char *out_view(const char *path)
{
	return path ? path + out_skip(path, strlen(path)) : NULL;
}

void out_cut(char *path)
{
	size_t len = strlen(path), skip = out_skip(path, len);

	if (skip)
		memmove(path, path + skip, len - skip + 1);
}

void out_cut_words(char *path)
{
	const struct policy *policy = pt_view.policy;
	size_t len;

	out_cut(path);
	len = strlen(path);
	for (unsigned i = 0; policy && i < policy->guards; i++) {
		const struct guard *g = &policy->guard[i];
		size_t n = len < g->prefix.len ? len : g->prefix.len;

		if (len < g->root.len || memcmp(path, g->prefix.at, n) != 0 ||
		    (path[n] && path[n] != '/'))
			continue;
		memmove(path, path + n, len - n + 1);
		if (!path[0])
			memcpy(path, "/", 2);
		return;
	}
}

/* -- Paths that are too long by the backing's name, but not by the view's -- */

enum { NAME = 256 };

/* The name of ST in the directory FD, unless it is moved meanwhile. */
static bool find_name(int fd, const struct statx *st, char out[NAME])
{
	char entries[1024] __attribute__((aligned(8)));
	struct statx found;
	ssize_t n;

	while ((n = sys_getdents(fd, entries, sizeof entries)) > 0) {
		for (ssize_t at = 0; at < n;) {
			const struct kernel_dirent *e = (void *)(entries + at);

			at += e->len;
			if (e->ino != st->stx_ino || !strcmp(e->name, ".") ||
			    !strcmp(e->name, "..") || strlen(e->name) >= NAME ||
			    sys_statx(fd, e->name, AT_SYMLINK_NOFOLLOW, &found) < 0 ||
			    found.stx_ino != st->stx_ino ||
			    found.stx_dev_major != st->stx_dev_major ||
			    found.stx_dev_minor != st->stx_dev_minor)
				continue;
			strcpy(out, e->name);
			return true;
		}
	}
	return false;
}

/* The real name of the directory FD. Its length, or -errno. */
static ssize_t name_of(int fd, char out[PATH_MAX])
{
	char name[SYS_FD_PATH];

	sys_fd_path(fd, name);
	return sys_readlinkat(AT_FDCWD, name, out, PATH_MAX);
}

/* Moves *FD to its parent, and puts its name before the path at *AT. */
static bool climb(int *fd, char *room, size_t *at)
{
	int up = sys_openat(*fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	char name[NAME];
	struct statx st;
	bool found = up >= 0 && sys_statx(*fd, "", AT_EMPTY_PATH, &st) == 0 &&
		     find_name(up, &st, name) && strlen(name) < *at;

	sys_close(*fd);
	*fd = up;
	if (!found)
		return false;
	*at -= strlen(name);
	memcpy(room + *at, name, strlen(name));
	room[--*at] = '/';
	return true;
}

/* Finds the view's name of the directory FD, which is closed. Its length, or 0. */
static ssize_t climb_out(int fd, char room[OUT_ROOM], char **path)
{
	size_t at = OUT_ROOM - PATH_MAX, end = at, skip;
	char *tail = room + PATH_MAX; /* the names on the way up */
	ssize_t n = -ENAMETOOLONG;

	while (n == -ENAMETOOLONG && fd >= 0 && climb(&fd, tail, &at))
		n = name_of(fd, room);
	if (fd >= 0)
		sys_close(fd);
	if (n <= 0 || n >= PATH_MAX)
		return 0;
	memmove(room + n, tail + at, end - at);
	n += (ssize_t)(end - at);
	skip = out_skip(room, (size_t)n);
	*path = room + skip;
	return skip && (size_t)n - skip < PATH_MAX ? n - (ssize_t)skip : 0;
}

ssize_t out_cwd(char room[OUT_ROOM], char **path)
{
	ssize_t n = sys_getcwd(room, PATH_MAX);
	size_t skip;

	if (n == -ENAMETOOLONG) {
		n = climb_out(sys_openat(AT_FDCWD, ".",
					 O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0),
			      room, path);
		if (n > 0)
			(*path)[n++] = '\0';
		return n;
	}
	if (n <= 0)
		return n;
	skip = out_skip(room, (size_t)n - 1);
	*path = room + skip;
	return n - (ssize_t)skip;
}

ssize_t out_long_link(int dirfd, const char *link, char room[OUT_ROOM], char **path)
{
	return climb_out(sys_openat(dirfd, link, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0),
			 room, path);
}
