/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paths that come out; see out.h. The working directory, links, realpath. */
#define _GNU_SOURCE
#include "out.h"
#include "raw.h"
#include "session.h"
#include "walk.h"
#include "wrap.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

size_t out_skip(const char *path, size_t len)
{
	int guard = len ? view_backing_of(path, len) : -1;

	return guard < 0 ? 0 : pt_view.policy->guard[guard].root.len;
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

/* -- The working directory -- */

/*
 * The view's name may fit where the backing's does not, so the kernel is asked
 * with room for both, and the caller's size is looked at afterwards.
 */
static char *view_cwd(char *buf, size_t size)
{
	char own[PATH_MAX];
	ssize_t n = raw_getcwd(own, sizeof own);
	size_t skip;

	if (n <= 0 || own[0] != '/')
		return NULL;	/* libc's own ways for the rare ones */
	skip = out_skip(own, (size_t)n - 1);
	if (!skip)
		return NULL;
	n -= (ssize_t)skip;
	if (buf && (size_t)n > size) {
		errno = size ? ERANGE : EINVAL;
		return NULL;
	}
	if (!buf) {
		if (size && (size_t)n > size) {
			errno = ERANGE;
			return NULL;
		}
		buf = malloc(size ? size : (size_t)n);
		if (!buf)
			return NULL;
	}
	return memcpy(buf, own + skip, (size_t)n);
}

WRAP(char *, getcwd, char *buf, size_t size);

char *pt_getcwd(char *buf, size_t size)
{
	int saved = errno;
	char *ret;

	/* A program that never went there pays one flag's test. */
	if (!pt_view.cwd_inside)
		return REAL(getcwd)(buf, size);
	errno = 0;
	ret = view_cwd(buf, size);
	if (!ret && errno)
		return NULL;
	errno = saved;
	if (!ret) {
		ret = REAL(getcwd)(buf, size);
		if (ret)
			out_cut(ret);
	}
	return ret;
}

#ifdef HAVE___getcwd_chk
WRAP(char *, __getcwd_chk, char *buf, size_t size, size_t room);

char *pt___getcwd_chk(char *buf, size_t size, size_t room)
{
	if (!pt_view.cwd_inside || size > room)
		return REAL(__getcwd_chk)(buf, size, room);
	return pt_getcwd(buf, size);
}
#endif

#ifdef HAVE_getwd
WRAP(char *, getwd, char *buf);

char *pt_getwd(char *buf)
{
	if (!pt_view.cwd_inside || !buf)
		return REAL(getwd)(buf);
	return pt_getcwd(buf, PATH_MAX);
}
#endif

#ifdef HAVE___getwd_chk
WRAP(char *, __getwd_chk, char *buf, size_t room);

char *pt___getwd_chk(char *buf, size_t room)
{
	if (!pt_view.cwd_inside || !buf || room < PATH_MAX)
		return REAL(__getwd_chk)(buf, room);
	return pt_getcwd(buf, PATH_MAX);
}
#endif

/* statx of a path in the view. 0 or -errno. */
static int view_statx(const char *path, struct statx *st)
{
	struct route r;
	char room[route_plan(&r, AT_FDCWD, path, FOLLOW, ROUTE_READ)];
	int ret;

	if (route_go(&r, room) < 0)
		return -errno;
	ret = raw_statx(AT_FDCWD, r.path, 0, st);
	route_end(&r);
	return ret;
}

WRAP(char *, get_current_dir_name, void);

char *pt_get_current_dir_name(void)
{
	const char *pwd = environment_value(environ, "PWD");
	struct statx here, there;

	if (!pt_view.cwd_inside)
		return REAL(get_current_dir_name)();
	/* As libc: $PWD where it is true, whatever links it goes through. */
	if (pwd && raw_statx(AT_FDCWD, ".", 0, &here) == 0 &&
	    view_statx(pwd, &there) == 0 && here.stx_ino == there.stx_ino &&
	    here.stx_dev_major == there.stx_dev_major &&
	    here.stx_dev_minor == there.stx_dev_minor)
		return strdup(pwd);
	return pt_getcwd(NULL, 0);
}

/* -- Links -- */

/* Whether BUF, which is full, may be the beginning of a backing's name. */
static bool may_be_cut_short(const char *buf, size_t size)
{
	const struct policy *policy = pt_view.policy;

	for (unsigned i = 0; policy && i < policy->guards; i++) {
		const struct text *root = &policy->guard[i].root;
		size_t n = size < root->len ? size : root->len;

		if (!memcmp(buf, root->at, n))
			return true;
	}
	return false;
}

/*
 * What readlink gave: only procfs's links can name a backing, since a link's
 * own text is kept as the program wrote it.
 */
static ssize_t view_link(int fd, const char *path, char *buf, size_t size,
			 ssize_t n)
{
	size_t skip;

	if (n <= 0 || buf[0] != '/')
		return n;
	if ((size_t)n == size && may_be_cut_short(buf, size)) {
		char whole[PATH_MAX];
		ssize_t len = raw_readlinkat(fd, path, whole, sizeof whole);

		skip = len > 0 ? out_skip(whole, (size_t)len) : 0;
		if (!skip)
			return n;
		n = len - (ssize_t)skip;
		if ((size_t)n > size)
			n = (ssize_t)size;
		memcpy(buf, whole + skip, (size_t)n);
		return n;
	}
	skip = out_skip(buf, (size_t)n);
	if (skip)
		memmove(buf, buf + skip, (size_t)n - skip);
	return n - (ssize_t)skip;
}

WRAP(ssize_t, readlinkat, int fd, const char *path, char *buf, size_t size);
WRAP(ssize_t, readlink, const char *path, char *buf, size_t size);

enum { LINK = 512 };	/* most links' texts are shorter */

static __attribute__((noinline)) ssize_t routed_readlink(int fd,
							 const char *path,
							 char *buf, size_t size)
{
	if ((int)size <= 0)	/* the first thing that the kernel looks at */
		return REAL(readlinkat)(fd, path, buf, size);

	struct route r;
	char room[route_plan(&r, fd, path, NOFOLLOW, ROUTE_READ)];
	ssize_t n;

	if (route_go(&r, room) < 0)
		return -1;
	/* What a backing's name overlaps behind the view's must stay as it is. */
	if (r.guard < 0) {
		char own[LINK];

		n = REAL(readlinkat)(fd, r.path, own, sizeof own);
		if (n >= 0 && n < LINK) {
			size_t skip = out_skip(own, (size_t)n);

			n -= (ssize_t)skip;
			if ((size_t)n > size)
				n = (ssize_t)size;
			memcpy(buf, own + skip, (size_t)n);
		}
		if (n < LINK) {
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
	if (likely(view_passes(path)))
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

#ifdef HAVE___readlinkat_chk
WRAP(ssize_t, __readlinkat_chk, int fd, const char *path, char *buf,
     size_t size, size_t room);

ssize_t pt___readlinkat_chk(int fd, const char *path, char *buf, size_t size,
			    size_t room)
{
	if (size > room)	/* aborts */
		return REAL(__readlinkat_chk)(fd, path, buf, size, room);
	return pt_readlinkat(fd, path, buf, size);
}
#endif

#ifdef HAVE___readlink_chk
WRAP(ssize_t, __readlink_chk, const char *path, char *buf, size_t size,
     size_t room);

ssize_t pt___readlink_chk(const char *path, char *buf, size_t size, size_t room)
{
	if (size > room)
		return REAL(__readlink_chk)(path, buf, size, room);
	return pt_readlink(path, buf, size);
}
#endif

/* -- realpath -- */

#ifdef __GLIBC__
enum { REALPATH = ROUTE_LEXICAL };
#else
enum { REALPATH = ROUTE_READ };
#endif

WRAP(char *, realpath, const char *path, char *resolved);

/* The walk's result as realpath gives it: it must exist, and has no slash. */
static char *walked_realpath(struct walk *walk, const char *real,
			     char *resolved)
{
	char *view = walk_view(walk);
	struct statx st;
	int ret = raw_statx(AT_FDCWD, real, 0, &st);

	if (ret < 0) {
		errno = -ret;
		return NULL;
	}
	if (walk->searched && view[walk->len - 1] == '.')
		walk->len--;
	while (walk->len > 1 && view[walk->len - 1] == '/')
		walk->len--;
	view[walk->len] = '\0';
	if (walk->len >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	return resolved ? strcpy(resolved, view) : strdup(view);
}

/* libc's realpath starts a relative path from getcwd; sets errno. */
static bool has_cwd(void)
{
	char cwd[PATH_MAX];
	ssize_t n = raw_getcwd(cwd, sizeof cwd);

	/* One that is too long for the kernel's call still has a path. */
	if (n == -ENOENT)
		errno = ENOENT;
	return n != -ENOENT;
}

static __attribute__((noinline)) char *routed_realpath(const char *path,
						       char *resolved)
{
	struct route r;
	char room[route_plan(&r, AT_FDCWD, path, FOLLOW, REALPATH)];
	char *ret;

	if (route_go(&r, room) < 0)
		return NULL;
	if (r.walk && path[0] != '/' && !has_cwd()) {
		ret = NULL;
	} else if (r.guard >= 0 && r.walk && r.walk->crossed &&
		   r.walk->complete) {
		ret = walked_realpath(r.walk, r.path, resolved);
	} else {
		/* glibc leaves the name that it failed at. */
		if (resolved && r.guard >= 0)
			resolved[0] = '\0';
		ret = REAL(realpath)(r.path, resolved);
		if (ret || (resolved && r.guard >= 0))
			out_cut(ret ? ret : resolved);
	}
	route_end(&r);
	return ret;
}

char *pt_realpath(const char *path, char *resolved)
{
	char *ret;

	if (unlikely(!view_passes(path)))
		return routed_realpath(path, resolved);
	ret = REAL(realpath)(path, resolved);
	if (ret && pt_view.policy)
		out_cut(ret);
	return ret;
}

#ifdef HAVE___realpath_chk
WRAP(char *, __realpath_chk, const char *path, char *resolved, size_t room);

char *pt___realpath_chk(const char *path, char *resolved, size_t room)
{
	if (room < PATH_MAX)	/* aborts */
		return REAL(__realpath_chk)(path, resolved, room);
	return pt_realpath(path, resolved);
}
#endif

#ifdef HAVE_canonicalize_file_name
WRAP(char *, canonicalize_file_name, const char *path);

char *pt_canonicalize_file_name(const char *path)
{
	return pt_realpath(path, NULL);
}
#endif
