/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names of directories that the kernel does not tell, by climbing: too long by the
 * backing's name, but not by the view's; or without procfs; see out.h.
 */
#define _GNU_SOURCE
#include "core/sys.h"
#include "policy/view.h"
#include "route/out.h"
#include "session/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum { NAME = 256, OPEN = O_RDONLY | O_DIRECTORY | O_CLOEXEC };

/*
 * The name of ST in the directory FD, unless it is moved meanwhile. MOUNTED: it may be
 * mounted there; the directory has the number of what lies below.
 */
static bool find_name(int fd, const struct statx *st, bool mounted, char out[NAME])
{
	char entries[1024] __attribute__((aligned(8)));
	struct statx found;
	ssize_t n;

	SYS3(SYS_lseek, fd, 0, SEEK_SET);
	while ((n = sys_getdents(fd, entries, sizeof entries)) > 0) {
		for (ssize_t at = 0; at < n;) {
			const struct kernel_dirent *e = (void *)(entries + at);

			at += e->len;
			if ((!mounted && e->ino != st->stx_ino) ||
			    !strcmp(e->name, ".") || !strcmp(e->name, "..") ||
			    strlen(e->name) >= NAME ||
			    sys_statx(fd, e->name, AT_SYMLINK_NOFOLLOW, &found) < 0 ||
			    !trust_same(&found, st))
				continue;
			strcpy(out, e->name);
			return true;
		}
	}
	return false;
}

/* Moves *FD to its parent, and puts its name before the path at *AT. */
static bool climb(int *fd, char *room, size_t *at)
{
	int up = sys_openat(*fd, "..", OPEN, 0);
	char name[NAME];
	struct statx st;
	bool found = up >= 0 && sys_statx(*fd, "", AT_EMPTY_PATH, &st) == 0 &&
		     (find_name(up, &st, false, name) || find_name(up, &st, true, name));

	sys_close(*fd);
	*fd = up;
	if (!found || strlen(name) >= *at)
		return false;
	*at -= strlen(name);
	memcpy(room + *at, name, strlen(name));
	room[--*at] = '/';
	return true;
}

/* -- Too long -- */

/*
 * How far up a directory can be whose real name the kernel still gives, where the view's
 * name of the one below fits PATH_MAX: the view's is shorter by the backing's prefix. A
 * name can have SYS_DELETED at its end, too.
 */
static size_t longest_tail(void)
{
	const struct policy *policy = pt_view.policy;
	size_t longest = 0;

	for (unsigned i = 0; policy && i < policy->guards; i++)
		if (policy->guard[i].prefix.len > longest)
			longest = policy->guard[i].prefix.len;
	return longest + sizeof SYS_DELETED;
}

/*
 * Whether no name that is short enough is so near: in a tree deeper than any name, each
 * call would climb in vain. A level takes two bytes at least.
 */
static bool is_far_down(int fd, char room[PATH_MAX], size_t most)
{
	enum { UP = sizeof "../" - 1 };
	size_t n = UP * (most / 2 + 1);
	char ups[PATH_MAX / 4];
	bool far;
	int up;

	if (n >= sizeof ups)
		return false;
	for (size_t i = 0; i < n; i += UP)
		memcpy(ups + i, "../", UP);
	ups[n] = '\0';
	up = sys_openat(fd, ups, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	if (up < 0)
		return false;
	far = sys_fd_name(up, room, PATH_MAX) == -ENAMETOOLONG;
	sys_close(up);
	return far;
}

ssize_t out_long_link(int dirfd, const char *link, char room[OUT_ROOM], char **path)
{
	size_t at = OUT_ROOM - PATH_MAX, end = at, skip, most = longest_tail();
	char *tail = room + PATH_MAX; /* the names on the way up */
	int fd = sys_openat(dirfd, link, OPEN, 0);
	ssize_t n = fd < 0 || is_far_down(fd, room, most) ? 0 : -ENAMETOOLONG;

	while (n == -ENAMETOOLONG && fd >= 0 && end - at <= most && climb(&fd, tail, &at))
		n = sys_fd_name(fd, room, PATH_MAX);
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

/* -- Without procfs -- */

/* Whether nothing is above the directory FD. */
static bool is_top(int fd)
{
	struct statx is, up;

	return sys_statx(fd, "", AT_EMPTY_PATH, &is) == 0 &&
	       sys_statx(fd, "..", 0, &up) == 0 && trust_same(&is, &up);
}

ssize_t out_climb(int dirfd, char *out, size_t size)
{
	int fd = sys_openat(dirfd, ".", OPEN, 0);
	size_t at = size - 1, len;
	bool top = false;

	while (fd >= 0 && !(top = is_top(fd)) && climb(&fd, out, &at))
		;
	if (fd >= 0)
		sys_close(fd);
	if (!top)
		return -ENAMETOOLONG;
	if (at == size - 1)
		out[--at] = '/';
	len = size - 1 - at;
	memmove(out, out + at, len);
	out[len] = '\0';
	return (ssize_t)len;
}
