/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * openat2(2), by number and by the name that glibc has for it since 2.43: paths that
 * may not leave a directory, or may hold no links, although a backing is reached by
 * another way than the program's words. See gate.h.
 */
#define _GNU_SOURCE
#include "syscall/gate.h"
#include "wrap/open_flags.h"
#include "core/sys.h"
#include "session/session.h"
#include "wrap/wrap.h"
#include "route/walk.h"

#include <errno.h>
#include <linux/openat2.h>
#include <string.h>

#define HOW(arg) ((const struct open_how *)(arg)[2])
#define DIRFD(arg) ((int)(arg)[0])

WRAP(int, openat2, int fd, const char *path, const void *how, size_t size);

/* In the place of a number: the call goes to libc's function, and can be cancelled. */
enum { BY_NAME = -1 };

static long pass(long number, const long *arg)
{
	if (number != BY_NAME)
		return gate_pass(number, arg);
	return REAL(openat2)(DIRFD(arg), (const char *)arg[1], HOW(arg), (size_t)arg[3]);
}

static long failed(int error)
{
	errno = error;
	return -1;
}

/* Opens PATH, seen from FD, for the call with the arguments ARG. */
static long open_at(long number, const long *arg, int fd, const char *path)
{
	const long there[] = { fd, (long)path, arg[2], arg[3], 0, 0 };

	return pass(number, there);
}

/*
 * The same from the directory DIR, which takes a descriptor for a moment: the
 * program still gets the lowest one.
 */
static long open_below(long number, const long *arg, const char *dir, const char *path)
{
	int duplicate = HOW(arg)->flags & O_CLOEXEC ? F_DUPFD_CLOEXEC : F_DUPFD;
	int fd = sys_openat(AT_FDCWD, dir, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	long opened, lowest;

	if (fd < 0)
		return failed(-fd);
	opened = open_at(number, arg, fd, path);
	sys_close(fd);
	if (opened < fd)
		return opened;
	lowest = SYS3(SYS_fcntl, opened, duplicate, 0);
	if (lowest < 0)
		return opened;
	sys_close((int)opened);
	return lowest;
}

/* Opens where R leads. */
static long open_routed(long number, const long *arg, const struct route *r)
{
	static const char fds[] = "/proc/self/fd/";

	/* What the walk has followed the kernel would have refused. */
	if ((HOW(arg)->resolve & RESOLVE_NO_SYMLINKS) && r->walk && r->walk->crossed &&
	    r->walk->links)
		return failed(ELOOP);
	/* The path by way of a descriptor has a link in it, too. */
	if (r->fd >= 0)
		return open_at(number, arg, r->fd,
			       strchr(r->path + sizeof fds - 1, '/') + 1);
	return open_at(number, arg, DIRFD(arg), r->path);
}

static __attribute__((noinline)) long open_anywhere(long number, const long *arg,
						    const char *path)
{
	const int flags = (int)HOW(arg)->flags;
	struct route r;
	char room[route_plan(&r, DIRFD(arg), path, follow_open(flags),
			     intent_open(flags))];
	long ret;

	if (route_go(&r, room) < 0)
		return -1;
	ret = open_routed(number, arg, &r);
	route_end(&r);
	return ret;
}

/* -- Paths that may not leave a directory -- */

/* Whether a guarded directory lies below the directory DIR. */
static bool is_above_guard(const char *dir, size_t len)
{
	const struct policy *policy = pt_view.policy;

	if (len == 1)
		len = 0; /* the root itself */
	for (unsigned i = 0; i < policy->guards; i++) {
		const struct text *view = &policy->guard[i].view;

		if (view->len > len && !memcmp(view->at, dir, len) &&
		    view->at[len] == '/')
			return true;
	}
	return false;
}

/* Whether PATH has a "..", and if so, whether it climbs out of its start. */
static bool climbs(const char *path, bool *out)
{
	bool any = false;
	int level = 0;

	*out = false;
	while (*path) {
		size_t n = strcspn(path, "/");

		if (n == 2 && path[0] == '.' && path[1] == '.') {
			any = true;
			*out |= --level < 0;
		} else if (n && !(n == 1 && path[0] == '.')) {
			level++;
		}
		path += n + (path[n] == '/');
	}
	return any;
}

/*
 * Follows PATH from FD to a guarded directory, where links or ".." may lead
 * there. What is a way for the kernel alone is not known for sure: a link that
 * was followed counts as one that leaves the directory.
 */
static __attribute__((noinline)) long open_walked(long number, const long *arg,
						  const char *path)
{
	const int flags = (int)HOW(arg)->flags;
	struct route r;
	char room[route_plan(&r, DIRFD(arg), path, follow_open(flags),
			     intent_open(flags))];
	long ret;

	if (route_go(&r, room) < 0)
		return -1;
	if (r.guard < 0 || r.path == path || r.fd >= 0) {
		ret = pass(number, arg);
	} else if (r.walk && (r.walk->jumped ||
			      (r.walk->links && (HOW(arg)->resolve & RESOLVE_BENEATH)))) {
		ret = failed(EXDEV);
	} else {
		char root[POLICY_ROOT_MAX + 1];
		const struct text *at = &pt_view.policy->guard[r.guard].prefix;

		text_copy(at, root);
		ret = open_below(number, arg, root, r.path + at->len + 1);
	}
	route_end(&r);
	return ret;
}

/*
 * Opens the absolute VIEW, which is PATH seen from a directory above a guarded
 * one. A backing's root looks as that directory does, so it takes its place,
 * and the kernel follows the links within as it always does.
 */
static __attribute__((noinline)) long
open_joined(long number, const long *arg, const char *path, const char *view, size_t len)
{
	const int flags = (int)HOW(arg)->flags;
	size_t inside;
	int guard = view_guard_of(view, len, &inside);
	struct route r;
	/* For its effects alone: a session, a backing, and somebody to clean up. */
	char room[route_plan(&r, AT_FDCWD, view, follow_open(flags), intent_open(flags))];
	size_t above = len - strlen(path); /* the name of what FD is */
	char dir[POLICY_ROOT_MAX + above + 1];
	const struct text *root;

	if (guard < 0 || view_is_shared(view, len, inside))
		return view_links() & LINKS_OUTSIDE ? open_walked(number, arg, path) :
						      pass(number, arg);
	if (route_go(&r, room) < 0)
		return -1;
	route_end(&r);
	root = &pt_view.policy->guard[guard].prefix;
	memcpy(dir, root->at, root->len);
	memcpy(dir + root->len, view, above);
	dir[root->len + above] = '\0';
	return open_below(number, arg, dir, path);
}

/*
 * Takes the ".." out of PATH as if its start were a root; for paths that climb
 * above that. What is on the way is taken to be no link.
 */
static void clamp(char *path)
{
	char *to = path, *at = path;

	while (*at) {
		size_t n = strcspn(at, "/"), skip = n + (at[n] == '/');

		if (n == 2 && at[0] == '.' && at[1] == '.') {
			to -= to > path; /* the slash before */
			while (to > path && to[-1] != '/')
				to--;
		} else {
			memmove(to, at, skip);
			to += skip;
		}
		at += skip;
	}
	*to = '\0';
}

/* As open_joined, once it is known that FD is the directory DIR (LEN bytes). */
static __attribute__((noinline)) long
open_from(long number, const long *arg, const char *path, const char *dir, size_t len)
{
	size_t n = strlen(path);
	char view[len + 1 + n + 2];
	bool out;

	memcpy(view, dir, len);
	if (len > 1)
		view[len++] = '/';
	memcpy(view + len, path, n + 1);
	if (climbs(path, &out))
		clamp(view + len);
	if (!view[len])
		strcpy(view + len, ".");
	return open_joined(number, arg, view + len, view, strlen(view));
}

/*
 * In a mixed session: whether what the kernel would follow in a backing may be followed.
 * What is a way for the kernel alone may be another one, so nothing else counts.
 */
static __attribute__((noinline)) bool is_refused(const long *arg, const char *path)
{
	const int flags = (int)HOW(arg)->flags;
	struct route r;
	char room[route_plan(&r, DIRFD(arg), path, follow_open(flags),
			     intent_open(flags))];

	if (route_go(&r, room) < 0)
		return errno == EACCES;
	route_end(&r);
	return false;
}

static long open_within(long number, const long *arg, const char *path)
{
	bool out;
	bool climbing = climbs(path, &out);
	int error;
	struct start start;
	struct walk *walk;
	ptrdiff_t n;
	long ret;

	if (pt_view.mixed && is_refused(arg, path))
		return failed(EACCES);
	/* Out of BENEATH is an error before anything else. */
	if (out && (HOW(arg)->resolve & RESOLVE_BENEATH))
		return pass(number, arg);
	walk = walk_begin(&error);
	if (!walk)
		return failed(error);
	n = walk_directory(DIRFD(arg), walk->text, sizeof walk->text, &start);
	if (n <= 0 || start.backing || !is_above_guard(walk->text, (size_t)n))
		ret = pass(number, arg);
	else if (climbing && !out)
		ret = open_walked(number, arg, path);
	else
		ret = open_from(number, arg, path, walk->text, (size_t)n);
	walk_end(walk);
	return ret;
}

long gate_openat2(long number, const long *arg)
{
	const struct open_how *how = HOW(arg);
	const char *path = (const char *)arg[1];

	if ((size_t)arg[3] < sizeof *how || !view_page_probe((uintptr_t)how) ||
	    !view_page_probe((uintptr_t)(how + 1) - 1) || view_length(path) <= 0)
		return pass(number, arg);
	if (how->resolve & (RESOLVE_BENEATH | RESOLVE_IN_ROOT)) {
		if (how->resolve & RESOLVE_IN_ROOT)
			path += strspn(path, "/");
		if (path[0] == '/' || !path[0] || session_need() || !pt_view.policy)
			return pass(number, arg);
		return open_within(number, arg, path);
	}
	if (view_passes_at(DIRFD(arg), path))
		return pass(number, arg);
	return open_anywhere(number, arg, path);
}

int pt_openat2(int fd, const char *path, const void *how, size_t size)
{
	const long arg[] = { fd, (long)path, (long)how, (long)size, 0, 0 };

	return (int)gate_openat2(BY_NAME, arg);
}
