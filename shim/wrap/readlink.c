/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* readlink(2): targets of procfs's magic links are shown by the view's name. */
#define _GNU_SOURCE
#include "core/sys.h"
#include "route/out.h"
#include "wrap/wrap.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

/* Whether BUF, which is full, may be the beginning of a backing's path. */
static bool may_be_cut_short(const char *buf, size_t size)
{
	const struct policy *policy = pt_view.policy;

	for (unsigned i = 0; policy && i < policy->guards; i++) {
		const struct text *prefix = &policy->guard[i].prefix;
		size_t n = size < prefix->len ? size : prefix->len;

		if (!memcmp(buf, prefix->at, n))
			return true;
	}
	return false;
}

/*
 * Leaves the N bytes at FROM in BUF, as far as SIZE goes. Returns how many, or -1 with the
 * errno that the kernel has where nothing can be left.
 */
static ssize_t leave(char *buf, size_t size, const char *from, size_t n)
{
	if (n > size)
		n = size;
	if (n && !view_bytes_probe(buf, n)) {
		errno = EFAULT;
		return -1;
	}
	memcpy(buf, from, n);
	return (ssize_t)n;
}

/* For a directory whose real name is too long for the kernel, unlike the view's. */
static __attribute__((noinline)) ssize_t view_long_link(int fd, const char *path,
							char *buf, size_t size)
{
	const int error = errno;
	char room[OUT_ROOM], *view;
	ssize_t n = strlen(path) < PATH_MAX ? out_long_link(fd, path, room, &view) : 0;

	if (n <= 0) {
		errno = error;
		return -1;
	}
	return leave(buf, size, view, (size_t)n);
}

/*
 * The SIZE bytes in BUF may be the beginning of a backing's path: reads all of it. Apart, as
 * few links need such room on the stack.
 */
static __attribute__((noinline)) ssize_t view_cut_link(int fd, const char *path,
						       char *buf, size_t size)
{
	char whole[PATH_MAX];
	const ssize_t len = sys_readlinkat(fd, path, whole, sizeof whole);
	const size_t skip = len > 0 ? out_skip(whole, (size_t)len) : 0;

	if (!skip)
		return (ssize_t)size;
	return leave(buf, size, whole + skip, (size_t)len - skip);
}

/*
 * Cuts the result of readlink(2). Only magic links can name a backing: a link's own
 * text is kept.
 */
static ssize_t view_link(int fd, const char *path, char *buf, size_t size, ssize_t n)
{
	size_t skip;

	if (unlikely(n < 0 && errno == ENAMETOOLONG))
		return view_long_link(fd, path, buf, size);
	if (n <= 0 || buf[0] != '/')
		return n;
	if ((size_t)n == size && may_be_cut_short(buf, size))
		return view_cut_link(fd, path, buf, size);
	skip = out_skip(buf, (size_t)n);
	if (skip)
		memmove(buf, buf + skip, (size_t)n - skip);
	return n - (ssize_t)skip;
}

WRAP(ssize_t, readlinkat, int fd, const char *path, char *buf, size_t size);
WRAP(ssize_t, readlink, const char *path, char *buf, size_t size);

enum {
	LINK = 512, /* enough for most links */
#ifdef __GLIBC__
	LEAST = 1, /* that the kernel reads a link for */
#else
	LEAST = 0, /* musl has it read into a byte of its own, where there is no room */
#endif
};

static __attribute__((noinline)) ssize_t routed_readlink(int fd, const char *path,
							 char *buf, size_t size)
{
	if ((int)size < LEAST) /* the kernel checks it first */
		return REAL(readlinkat)(fd, path, buf, size);

	struct route r;
	char room[route_plan(&r, fd, path, NOFOLLOW, ROUTE_READ)];
	ssize_t n;

	if (route_go(&r, room) < 0)
		return -1;
	/* Bytes behind the view's name must stay unchanged. */
	if (r.guard < 0) {
		char own[LINK];

		n = REAL(readlinkat)(fd, r.path, own, sizeof own);
		if (n >= 0 && n < LINK) {
			const size_t skip = out_skip(own, (size_t)n);

			n = leave(buf, size, own + skip, (size_t)n - skip);
			route_end(&r);
			return n;
		}
		if (n < 0) {
			if (errno == ENAMETOOLONG)
				n = view_long_link(fd, r.path, buf, size);
			route_end(&r);
			return n;
		}
	}
	n = REAL(readlinkat)(fd, r.path, buf, size);
	n = view_link(fd, r.path, buf, size, n);
	route_end(&r);
	return n;
}

ssize_t pt_readlinkat(int fd, const char *path, char *buf, size_t size)
{
	if (likely(view_passes_at(fd, path)))
		return view_link(fd, path, buf, size,
				 REAL(readlinkat)(fd, path, buf, size));
	return routed_readlink(fd, path, buf, size);
}

ssize_t pt_readlink(const char *path, char *buf, size_t size)
{
	if (likely(view_passes(path)))
		return view_link(AT_FDCWD, path, buf, size,
				 REAL(readlink)(path, buf, size));
	return routed_readlink(AT_FDCWD, path, buf, size);
}

WRAP(ssize_t, __readlinkat_chk, int fd, const char *path, char *buf, size_t size,
     size_t room);

ssize_t pt___readlinkat_chk(int fd, const char *path, char *buf, size_t size, size_t room)
{
	if (size > room) /* aborts */
		return REAL(__readlinkat_chk)(fd, path, buf, size, room);
	return pt_readlinkat(fd, path, buf, size);
}

WRAP(ssize_t, __readlink_chk, const char *path, char *buf, size_t size, size_t room);

ssize_t pt___readlink_chk(const char *path, char *buf, size_t size, size_t room)
{
	if (size > room)
		return REAL(__readlink_chk)(path, buf, size, room);
	return pt_readlink(path, buf, size);
}
