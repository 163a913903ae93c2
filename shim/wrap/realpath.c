/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* realpath(3): the result is shown by the view's name. */
#define _GNU_SOURCE
#include "core/sys.h"
#include "route/out.h"
#include "route/walk.h"
#include "wrap/symbols.h"
#include "wrap/wrap.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Only glibc's takes paths of any length. */
#ifdef __GLIBC__
enum { REALPATH = ROUTE_LEXICAL, ANY_LENGTH = true };
#else
enum { REALPATH = ROUTE_READ, ANY_LENGTH = false };
#endif

WRAP(char *, realpath, const char *path, char *resolved);

/* Checks the end as libc does: a directory where one is required, searchable or not. */
static int stat_end(const char *real, size_t len, struct statx *st)
{
	char path[len + 1];

	if (len > 2 && real[len - 1] == '.' && real[len - 2] == '/')
		len--;
	memcpy(path, real, len);
	path[len] = '\0';
	return sys_statx(AT_FDCWD, path, 0, st);
}

/* The walk's result as realpath returns it: it must exist, and has no trailing slash. */
static char *walked_realpath(struct walk *walk, const char *real, char *resolved)
{
	char *view = walk_view(walk);
	struct statx st;
	int ret = stat_end(real, strlen(real), &st);

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
	return resolved ? strcpy(resolved, view) : LIBC(strdup)(view);
}

/* Whether libc's realpath can start a relative path from getcwd; sets errno. */
static bool has_cwd(void)
{
	char cwd[PATH_MAX];
	ssize_t n = sys_getcwd(cwd, sizeof cwd);

	/* A path that is too long for getcwd(2) still works. */
	if (n == -ENOENT)
		errno = ENOENT;
	return n != -ENOENT;
}

/* The string is readable, as libc reads it itself. */
static bool is_long(const char *path)
{
	return ANY_LENGTH && path && strlen(path) >= PATH_MAX;
}

/* After a failure: whether libc leaves the name at which it failed. */
static bool leaves_name(const char *path)
{
	return ANY_LENGTH && (errno == EACCES || errno == ENOENT) && *path;
}

/* TOO_LONG: the backing's name is, or may be, too long, but not the view's. */
static __attribute__((noinline)) char *routed_realpath(const char *path, char *resolved,
						       bool too_long)
{
	struct route r;
	char room[route_plan(&r, AT_FDCWD, path, FOLLOW, REALPATH)];
	char *ret, first = '\0';
	bool found;

	if (is_long(path))
		route_plan_long(&r);
	else if (too_long && !r.error)
		r.kind = VIEW_WALK;
	if (route_go(&r, room) < 0)
		return NULL;
	found = r.guard >= 0 && r.walk && r.walk->complete;
	if (r.walk && path[0] != '/' && !has_cwd()) {
		ret = NULL;
		if (resolved && ANY_LENGTH)
			resolved[0] = '\0';
	} else if (found && (r.walk->crossed || too_long)) {
		ret = walked_realpath(r.walk, r.path, resolved);
	} else {
		if (resolved) {
			first = resolved[0];
			resolved[0] = '\0';
		}
		ret = REAL(realpath)(r.path, resolved);
		if (ret)
			out_cut_words(ret);
		else if (resolved && resolved[0])
			out_cut_words(resolved);
		else if (resolved && !leaves_name(path))
			resolved[0] = first;
	}
	route_end(&r);
	return ret;
}

/* Writes PATH without "//" and "/." to OUT. False: it does not fit. */
static bool squeeze(const char *path, char out[PATH_MAX])
{
	size_t n = 0;

	while (*path) {
		size_t len = strcspn(path, "/");

		if (!len) {
			if (!n || out[n - 1] != '/')
				out[n++] = '/';
			path++;
		} else if (len == 1 && path[0] == '.' && path[1] == '/') {
			path += 2;
			/* It began with no "/". */
			while (!n && *path == '/')
				path++;
		} else {
			if (n + len + 2 >= PATH_MAX)
				return false;
			memcpy(out + n, path, len);
			n += len;
			path += len;
		}
		if (n + 2 >= PATH_MAX)
			return false;
	}
	out[n] = '\0';
	return true;
}

/* glibc's realpath takes a path of any length, of which the kernel gets parts. */
static __attribute__((noinline)) char *long_realpath(const char *path, char *resolved)
{
	char shorter[PATH_MAX];

	if (!squeeze(path, shorter))
		return routed_realpath(path, resolved, false);
	return shorter[0] ? routed_realpath(shorter, resolved, false) :
			    REAL(realpath)(path, resolved);
}

/* Whether the backing's name of PATH may be too long for the kernel. */
static bool may_be_too_long(const char *path)
{
	return path && strlen(path) >= PATH_MAX - POLICY_ROOT_MAX;
}

char *pt_realpath(const char *path, char *resolved)
{
	const bool passes = view_passes(path);
	char *ret;

	if (unlikely(!passes && is_long(path)))
		return long_realpath(path, resolved);
	if (unlikely(!passes))
		ret = routed_realpath(path, resolved, may_be_too_long(path));
	else
		ret = REAL(realpath)(path, resolved);
	/* Its start may have too long a name. */
	if (!ret && pt_view.cwd_inside && errno == ENAMETOOLONG)
		return routed_realpath(path, resolved, true);
	if (ret && passes && pt_view.policy)
		out_cut_words(ret);
	return ret;
}

WRAP(char *, __realpath_chk, const char *path, char *resolved, size_t room);

char *pt___realpath_chk(const char *path, char *resolved, size_t room)
{
	if (room < PATH_MAX) /* aborts */
		return REAL(__realpath_chk)(path, resolved, room);
	return pt_realpath(path, resolved);
}

WRAP(char *, canonicalize_file_name, const char *path);

char *pt_canonicalize_file_name(const char *path)
{
	return pt_realpath(path, NULL);
}
