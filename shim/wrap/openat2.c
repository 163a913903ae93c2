/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * openat2(2), by number and by name (glibc has it since 2.43): keeps its restrictions
 * on links and on leaving a directory, although the backing is reached by another path.
 * See openat2.h.
 */
#define _GNU_SOURCE
#include "wrap/openat2.h"
#include "core/sys.h"
#include "route/shared.h"
#include "route/walk.h"
#include "session/session.h"
#include "wrap/open_flags.h"
#include "wrap/wrap.h"

#include <errno.h>
#include <string.h>

WRAP(int, openat2, int fd, const char *path, const void *how, size_t size);

/* A call to be made. */
struct opening {
	openat2_call *call;
	int dirfd;
	const char *given; /* the program's own path */
	const char *path;  /* what it means, seen from DIRFD */
	const struct open_how *how;
	size_t size;
};

/* Makes the call unchanged. */
static long pass(const struct opening *o)
{
	return o->call(o->dirfd, o->given, o->how, o->size);
}

static long failed(int error)
{
	errno = error;
	return -1;
}

/*
 * Opens PATH in the directory DIR. That takes a descriptor for a moment, but the
 * program gets the lowest one.
 */
static long open_below(const struct opening *o, const char *dir, const char *path)
{
	int duplicate = o->how->flags & O_CLOEXEC ? F_DUPFD_CLOEXEC : F_DUPFD;
	int fd = sys_openat(AT_FDCWD, dir, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	long opened, lowest;

	if (fd < 0)
		return failed(-fd);
	opened = o->call(fd, path, o->how, o->size);
	sys_close(fd);
	if (opened < fd)
		return opened;
	lowest = SYS3(SYS_fcntl, opened, duplicate, 0);
	if (lowest < 0)
		return opened;
	sys_close((int)opened);
	return lowest;
}

/* -- By a route -- */

/* Called when the path's route is known. */
typedef long routed_fn(const struct opening *o, const struct route *r);

static __attribute__((noinline)) long by_route(const struct opening *o, routed_fn *routed)
{
	const int flags = (int)o->how->flags;
	struct route r;
	char room[route_plan(&r, o->dirfd, o->path, follow_open(flags),
			     intent_open(flags))];
	long ret;

	if (route_go(&r, room) < 0)
		return -1;
	ret = routed(o, &r);
	route_end(&r);
	return ret;
}

/* Opens the path of R. */
static long open_there(const struct opening *o, const struct route *r)
{
	static const char fds[] = "/proc/self/fd/";

	/* The walk has followed links, which the kernel would refuse. */
	if (r->walk && r->walk->crossed &&
	    (((o->how->resolve & RESOLVE_NO_SYMLINKS) && r->walk->links) ||
	     ((o->how->resolve & RESOLVE_NO_MAGICLINKS) && r->walk->jumped)))
		return failed(ELOOP);
	/* The path through procfs contains a link, so it is opened from the descriptor. */
	if (r->fd >= 0)
		return o->call(r->fd, strchr(r->path + sizeof fds - 1, '/') + 1, o->how,
			       o->size);
	return o->call(o->dirfd, r->path, o->how, o->size);
}

/*
 * Opens the path of R, if links or ".." lead to a guarded directory. It is not known
 * which links leave the directory, so each link counts as one that does.
 */
static long open_crossed(const struct opening *o, const struct route *r)
{
	char root[POLICY_ROOT_MAX + 1];
	const struct text *at;

	if (r->guard < 0 || r->path == o->path || r->fd >= 0)
		return pass(o);
	if (r->walk &&
	    (r->walk->jumped || (r->walk->links && (o->how->resolve & RESOLVE_BENEATH))))
		return failed(EXDEV);
	at = &pt_view.policy->guard[r->guard].prefix;
	text_copy(at, root);
	return open_below(o, root, r->path + at->len + 1);
}

static long do_nothing(const struct opening *o, const struct route *r)
{
	(void)o;
	(void)r;
	return 0;
}

/*
 * In a mixed session, and on a shared path: whether what another user has made there must
 * not be followed. Other errors do not count: the kernel may take another way.
 */
static bool may_not_follow(const struct opening *o)
{
	return by_route(o, do_nothing) < 0 && errno == EACCES;
}

/* -- Paths that may not leave a directory -- */

/* Whether PATH contains ".."; *OUT: and leaves its start by it. */
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

/* Removes ".." from PATH as if its start were "/". Assumes no links on the way. */
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

/*
 * Opens the absolute VIEW, which is O's path seen from a directory above a guarded one.
 * A root has the same structure as that directory, so it replaces it, and the kernel
 * follows the links inside.
 */
static __attribute__((noinline)) long open_joined(const struct opening *o,
						  const char *view, size_t len)
{
	const int flags = (int)o->how->flags;
	size_t inside;
	int guard = view_guard_of(view, len, &inside);
	struct route r;
	/* Only for its effects: the session, the backing and the helper. */
	char room[route_plan(&r, AT_FDCWD, view, follow_open(flags), intent_open(flags))];
	size_t above = len - strlen(o->path); /* length of the name of DIRFD */
	char dir[POLICY_ROOT_MAX + above + 1];
	const struct text *prefix;

	if (guard < 0 || shared_is(view, len, inside)) {
		if (view_links() & LINKS_OUTSIDE)
			return by_route(o, open_crossed);
		return guard >= 0 && may_not_follow(o) ? failed(EACCES) : pass(o);
	}
	if (route_go(&r, room) < 0)
		return -1;
	route_end(&r);
	prefix = &pt_view.policy->guard[guard].prefix;
	memcpy(dir, prefix->at, prefix->len);
	memcpy(dir + prefix->len, view, above);
	dir[prefix->len + above] = '\0';
	return open_below(o, dir, o->path);
}

/* The same, where DIRFD is the directory DIR (LEN bytes). */
static __attribute__((noinline)) long open_from(const struct opening *o, const char *dir,
						size_t len)
{
	size_t n = strlen(o->path);
	char view[len + 1 + n + 2];
	struct opening joined = *o;
	bool out;

	memcpy(view, dir, len);
	if (len > 1)
		view[len++] = '/';
	memcpy(view + len, o->path, n + 1);
	if (climbs(o->path, &out))
		clamp(view + len);
	if (!view[len])
		strcpy(view + len, ".");
	joined.path = view + len;
	return open_joined(&joined, view, strlen(view));
}

/*
 * The start is outside of the current root, so what leads to a guarded directory there is
 * refused. By a link to the top: the kernel refuses it, or takes the start for the top.
 */
static long open_lost(const struct opening *o, const struct route *r)
{
	return r->path == o->path || (o->how->resolve & RESOLVE_BENEATH) ? pass(o) :
									   failed(EACCES);
}

/* Whether a path can enter a guarded directory from DIR (LEN bytes), or is in it already. */
static bool leads_in(const char *dir, size_t len)
{
	size_t inside;

	return view_above_guard(dir, len) ||
	       (view_guard_of(dir, len, &inside) >= 0 && inside == len);
}

/* Whether DIR (LEN bytes) is below a guarded directory: a shared path, unless in a backing. */
static bool lies_in(const char *dir, size_t len)
{
	size_t inside;

	return view_guard_of(dir, len, &inside) >= 0 && inside < len;
}

static long open_within(const struct opening *o)
{
	bool out;
	bool climbing = climbs(o->path, &out);
	int error;
	struct start start;
	struct walk *walk;
	ptrdiff_t n;
	long ret;

	if (view_is_mixed() && may_not_follow(o))
		return failed(EACCES);
	/* Leaving a RESOLVE_BENEATH directory is the first error. */
	if (out && (o->how->resolve & RESOLVE_BENEATH))
		return pass(o);
	walk = walk_begin(&error);
	if (!walk)
		return failed(error);
	n = walk_directory(o->dirfd, walk->text, sizeof walk->text, &start);
	if (start.lost)
		ret = by_route(o, open_lost);
	else if (n < 0 && walk_is_passing(n))
		ret = failed((int)-n);
	else if (n > 0 && !start.backing && lies_in(walk->text, (size_t)n) &&
		 may_not_follow(o))
		ret = failed(EACCES);
	else if (n <= 0 || start.backing || !leads_in(walk->text, (size_t)n))
		ret = pass(o);
	else if (climbing && !out)
		ret = by_route(o, open_crossed);
	else
		ret = open_from(o, walk->text, (size_t)n);
	walk_end(walk);
	return ret;
}

long openat2_open(openat2_call *call, int dirfd, const char *path,
		  const struct open_how *how, size_t size)
{
	struct opening o = { call, dirfd, path, path, how, size };

	if (size < sizeof *how || !view_bytes_probe(how, sizeof *how) ||
	    view_length(path) <= 0)
		return pass(&o);
	if (how->resolve & (RESOLVE_BENEATH | RESOLVE_IN_ROOT)) {
		/* The kernel refuses both at a time. */
		if (how->resolve & RESOLVE_BENEATH && how->resolve & RESOLVE_IN_ROOT)
			return pass(&o);
		if (how->resolve & RESOLVE_IN_ROOT)
			o.path += strspn(path, "/");
		if (o.path[0] == '/' || !o.path[0] || session_need() || !pt_view.policy)
			return pass(&o);
		return open_within(&o);
	}
	if (view_passes_at(dirfd, path))
		return pass(&o);
	return by_route(&o, open_there);
}

/* -- By name -- */

/* Libc's function is a cancellation point. */
static long call_by_name(int dirfd, const char *path, const struct open_how *how,
			 size_t size)
{
	return REAL(openat2)(dirfd, path, how, size);
}

int pt_openat2(int fd, const char *path, const void *how, size_t size)
{
	return (int)openat2_open(call_by_name, fd, path, how, size);
}
