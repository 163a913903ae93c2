/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Routes; see route.h. */
#define _GNU_SOURCE
#include "route/route.h"
#include "core/seccomp.h"
#include "core/sys.h"
#include "route/border.h"
#include "session/hints_use.h"
#include "session/plan.h"
#include "policy/scan.h"
#include "session/session.h"
#include "route/shared.h"
#include "route/sticky.h"
#include "route/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

/* Whether the last component is ".". */
static bool ends_in_dot(const char *path, size_t len)
{
	while (len && path[len - 1] == '/')
		len--;
	return len && path[len - 1] == '.';
}

/* Whether VIEW is a guarded directory itself, not its ".". */
static bool is_guard(const char *view, size_t len)
{
	size_t inside;

	return view_guard_of(view, len, &inside) >= 0 && inside == len &&
	       !ends_in_dot(view, len);
}

/*
 * The errno for an attempt to remove a guarded directory: EACCES and the like where the
 * caller cannot write to its parent, else OTHERWISE.
 */
static int guard_refusal(int guard, int otherwise)
{
	char above[POLICY_ROOT_MAX + 1], *slash;
	int ret;

	text_copy(&pt_view.policy->guard[guard].view, above);
	slash = strrchr(above, '/');
	slash[slash == above] = '\0';
	ret = sys_access(above, W_OK | X_OK);
	return ret < 0 ? -ret : otherwise;
}

/*
 * Enters the guard. To the program it is like a mount point: removing it fails with
 * EBUSY. rename(2) checks other things first, and gives the same error for ".", so it
 * gets one.
 */
static void enter_guard(struct route *r, int guard, const char *view, size_t len)
{
	r->guard = guard;
	r->error = -session_need_backing((unsigned)guard, true);
	if (r->intent & ROUTE_WRITE)
		session_wrote();
	if (r->error || !(r->intent & ROUTE_TAKES) || !is_guard(view, len))
		return;
	if (r->intent & ROUTE_RENAME)
		r->taken = true;
	else if (r->intent & ROUTE_UNLINK && view[len - 1] == '/')
		/* Before the kernel asks for any right in the file system. */
		r->error = guard_refusal(guard, EISDIR) == EROFS ? EROFS : EISDIR;
	else
		r->error =
			guard_refusal(guard, r->intent & ROUTE_REMOVE ? EBUSY : EISDIR);
}

/*
 * Writes prefix and path, SPAN bytes of it. A fixed number of words, enough for nearly
 * every path, takes fewer instructions than computing it.
 */
NO_SANITIZE
static inline void put_path(char *room, const struct quick_guard *g, const char *path,
			    size_t span)
{
#ifdef __SSE2__
	char *to = room + g->prefix_len;

	_Static_assert(QUICK_PREFIX == 4 * VIEW_WORD, "as many as these");
	memcpy(room, g->prefix, VIEW_WORD);
	memcpy(room + VIEW_WORD, g->prefix + VIEW_WORD, VIEW_WORD);
	memcpy(room + 2 * VIEW_WORD, g->prefix + 2 * VIEW_WORD, VIEW_WORD);
	memcpy(room + 3 * VIEW_WORD, g->prefix + 3 * VIEW_WORD, VIEW_WORD);
	for (size_t i = 0; i < VIEW_SPAN; i += VIEW_WORD)
		memcpy(to + i, path + i, VIEW_WORD);
	for (size_t i = VIEW_SPAN; unlikely(i < span); i += VIEW_WORD)
		memcpy(to + i, path + i, VIEW_WORD);
#else
	memcpy(room, g->prefix, g->prefix_len);
	memcpy(room + g->prefix_len, path, span);
#endif
}

/*
 * PATH begins like no guard. Returns it unless it may lead through procfs:
 * /proc/PID/{root,cwd,fd,task,map_files,fdinfo}, /dev/fd.
 */
static __attribute__((noinline)) const char *quick_elsewhere(const char *path)
{
	const char *after = path + 5;

	if (path[0] != '/' || pt_view.links_exact || pt_view.confined)
		return NULL;
	if (path[1] == 'd' && !memcmp(path, "/dev/", 5))
		return strchr("f/.", *after) || text_after(after, "std") ? NULL : path;
	if (path[1] != 'p' || memcmp(path, "/proc/", 6))
		return path;
	if (path[6] == '/' || path[6] == '.' || path[6] == 'm')
		return NULL; /* "/proc//self", "/proc/./self", "/proc/mounts" */
	for (after++; *after && *after != '/'; after++)
		;
	return *after && strchr("rcftm/.", after[1]) ? NULL : path;
}

/* PATH plainly lies in the backing of G, at INSIDE. */
__attribute__((always_inline)) static inline const char *
quick_guarded(char *room, const char *path, size_t span, const struct quick_guard *g,
	      const char *inside)
{
	/*
	 * Left to a route: a backing that is not made yet, a path that may be shared,
	 * an unusual spelling.
	 */
	if (unlikely(!(pt_session.made & g->bit) ||
		     view_suspects(*inside, SUSPECT_SHARE)))
		return NULL;
	put_path(room, g, path, span);
	redirected(path, room);
	return room;
}

/* The rest, for a path that view_scan could not decide. */
static __attribute__((noinline)) const char *quick_rest(char *room, const char *path)
{
	size_t span = view_scan_slowly(path);

	if (!span || span > QUICK_PATH)
		return NULL;
	return view_clear(path) ? path : route_quick(room, path, span);
}

/*
 * PATH begins like no guard. Extra slashes or "/." where it differs from one may lead
 * there all the same; so may its end.
 */
static __attribute__((noinline)) const char *quick_other(const char *path, uint64_t word)
{
	for (unsigned n = 0; n < pt_view.quicks; n++) {
		const struct quick_guard *g = &pt_view.quick[n];
		uint64_t differs = (word ^ g->word) & g->mask;
		unsigned char c;

		if (!differs)
			continue; /* "/var/tmp2" */
		c = (unsigned char)path[view_first_byte(differs)];
		if (c == '/' || c == '.' || c == '\0')
			return NULL;
	}
	return quick_elsewhere(path);
}

NO_SANITIZE
const char *route_quick(char room[ROUTE_QUICK], const char *path, size_t span)
{
	const struct quick_guard *g = pt_view.quick;
	uint64_t word;

	if (unlikely(!span))
		return quick_rest(room, path);
#ifdef __SSE2__
	_Static_assert(VIEW_SPAN + 2 * VIEW_WORD <= QUICK_PATH, "as view_scan");
#else
	if (unlikely(span > QUICK_PATH))
		return NULL;
#endif
	if (unlikely(pt_session.state < SESSION_PLANNED ||
		     (view_links_quick() & LINKS_ANY)))
		return NULL;
	memcpy(&word, path, sizeof word); /* does not cross the page: view_scan */
	/* No guard lies in another, so the first match is the only one. */
	for (unsigned n = pt_view.quicks; likely(n); n--, g++) {
		if ((word ^ g->word) & g->mask)
			continue;
		if (g->len < sizeof word ||
		    (g->len == sizeof word && path[sizeof word] == '/'))
			return quick_guarded(room, path, span, g, path + g->len + 1);
		if (g->len > sizeof word || path[sizeof word] == '\0')
			return NULL;
	}
	return quick_other(path, word);
}

/* mkdir("/tmp") in a root without /tmp: nothing is guarded yet. */
static bool may_make_guard(const struct route *r)
{
	char view[POLICY_ROOT_MAX + 1];
	struct statx st;

	if (r->error != ENOENT || r->follow != PARENT ||
	    (r->intent & (ROUTE_REMOVE | ROUTE_UNLINK)))
		return false;
	text_copy(&pt_view.policy->guard[r->guard].view, view);
	return sys_statx(AT_FDCWD, view, AT_SYMLINK_NOFOLLOW, &st) == -ENOENT;
}

/* The errno for RET, which may also be 1 for a shared directory that can be a start. */
static int entered(int ret)
{
	if (ret > 0 && !view_is_exact())
		view_exact();
	return ret < 0 ? -ret : 0;
}

/* Checks a shared path; a backing's own path is not one. */
static int check_shared(const struct route *r, const char *path, size_t len,
			size_t inside)
{
	if (view_backing_of(path, len) >= 0)
		return 0;
	return entered(
		sticky_check(path, len, inside, r->follow, r->intent & ROUTE_CREATE));
}

bool route_may_have_link(int dirfd, const char *path)
{
	const struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS,
	};
	long fd = SYS4(SYS_openat2, dirfd, path, &how, sizeof how);

	if (fd >= 0)
		sys_close((int)fd);
	return fd < 0 && fd != -ENOENT && fd != -ENOTDIR;
}

/* Without a session guarded paths fail, and all others pass. */
static void plan_without(struct route *r)
{
	unsigned guard;

	r->kind = view_kind(r->path, r->dirfd == AT_FDCWD, &guard, &r->len);
	/* Another thread is still planning, so what is guarded is unknown. */
	if (!pt_view.policy)
		r->error = view_may_be_guarded(r->path) ? r->error : 0;
	else
		r->error = r->kind == VIEW_PASS ? 0 : session_need();
}

size_t route_plan(struct route *r, int dirfd, const char *path, enum follow follow,
		  unsigned intent)
{
	unsigned guard = 0;

	r->path = path;
	r->guard = -1;
	r->walk = NULL;
	r->fd = -1;
	r->error = 0;
	r->taken = false;
	r->recounts = 0;
	r->dirfd = dirfd;
	r->follow = follow == CREATE_NOFOLLOW ? NOFOLLOW : follow;
	r->intent = intent;
	if (follow == CREATE || follow == CREATE_NOFOLLOW)
		r->intent |= ROUTE_CREATE;
	r->error = session_ask();
	if (r->error) {
		plan_without(r);
		return 1;
	}
	r->kind = view_kind(path, dirfd == AT_FDCWD, &guard, &r->len);
	if ((pt_view.links_exact || (pt_view.confined && !(intent & ROUTE_AGAIN))) &&
	    r->kind == VIEW_PASS && r->len && route_may_have_link(dirfd, path))
		r->kind = VIEW_WALK;
	/* A walk needs the backings. */
	if (r->kind == VIEW_WALK)
		r->error = session_share();
	if (unlikely(intent & ROUTE_RENAME) && r->kind == VIEW_PASS && r->len)
		r->error = border_refuse(path, r->len);
	if (r->kind != VIEW_GUARDED)
		return 1;
	size_t inside = 0;

	view_guard_of(path, r->len, &inside);
	if (shared_is(path, r->len, inside)) {
		r->kind = VIEW_PASS;
		r->error = check_shared(r, path, r->len, inside);
		return 1;
	}
	enter_guard(r, (int)guard, path, r->len);
	if (inside == r->len && may_make_guard(r)) {
		r->kind = VIEW_PASS;
		r->guard = -1;
		r->error = 0;
		return 1;
	}
	return pt_view.policy->guard[guard].prefix.len + r->len + 1;
}

void route_plan_long(struct route *r)
{
	const int error = session_ask();
	unsigned guard;

	r->len = strlen(r->path);
	if (!pt_view.policy) {
		r->error = error;
		return;
	}
	if (view_kind_of(r->path, r->len, r->dirfd == AT_FDCWD, &guard) == VIEW_PASS &&
	    !pt_view.links_exact && !pt_view.confined)
		return;
	r->kind = VIEW_WALK;
	r->error = error ? session_need() : session_share();
}

/* Opens a directory with a high descriptor, so that the call still gets the lowest one. */
static int open_apart(const char *real)
{
	return sys_move_apart(
		sys_openat(AT_FDCWD, real, O_PATH | O_DIRECTORY | O_CLOEXEC, 0));
}

/*
 * Shortens a real path that is too long for the kernel, unlike the program's: its first
 * half becomes a descriptor. Writes to TO, of PATH_MAX bytes, or in place.
 */
static int shorten(struct route *r, char *real, size_t len, char *to)
{
	size_t cut = PATH_MAX - 1, n;
	char name[SYS_FD_PATH];

	if (len < PATH_MAX) {
		r->path = real;
		return 0;
	}
	while (cut && real[cut] != '/')
		cut--;
	if (cut < SYS_FD_PATH)
		return ENAMETOOLONG;
	real[cut] = '\0';
	r->fd = open_apart(real);
	if (r->fd < 0) {
		int error = -r->fd;

		r->fd = -1;
		return error;
	}
	real[cut] = '/';
	n = sys_fd_path(r->fd, name);
	len -= cut;
	/* Still too long, because its last component is. */
	if (len + n >= PATH_MAX)
		len = PATH_MAX - 1 - n;
	if (to)
		memcpy(to + n, real + cut, len);
	else
		to = real + cut - n;
	memcpy(to, name, n);
	to[n + len] = '\0';
	r->path = to;
	return 0;
}

/*
 * Replaces REAL, a backing, in place by a "." in the directory above it: it gives the same
 * errors, whatever the mode of the backing.
 */
static size_t as_dot(char *real, size_t len)
{
	len = text_above(real, len);
	memcpy(real + len, ".", sizeof ".");
	return len + 1;
}

static int go_guarded(struct route *r, char *room)
{
	const struct text *prefix = &pt_view.policy->guard[r->guard].prefix;
	size_t len = prefix->len + r->len;

	memcpy(room, prefix->at, prefix->len);
	memcpy(room + prefix->len, r->path, r->len);
	room[len] = '\0'; /* a thread may write to the path meanwhile */
	if (unlikely(r->taken))
		len = as_dot(room, len);
	r->path = room;
	return likely(len < PATH_MAX) ? 0 : shorten(r, room, len, NULL);
}

/* Whether the descriptor FD has a name in procfs. */
static bool has_procfs(int fd)
{
	char name[SYS_FD_PATH];
	struct statx st;

	sys_fd_path(fd, name);
	return sys_statx(AT_FDCWD, name, AT_SYMLINK_NOFOLLOW, &st) == 0;
}

/*
 * In a mixed session: holds what the walk has found until the call is over. A call that
 * keeps or shows the path gets a name instead.
 */
static int go_pinned(struct route *r)
{
	const char *path = NULL;
	int fd = walk_pin(r->walk, r->follow, r->intent, &path);

	/* Without procfs, or a free descriptor, the walk's check has to do. */
	if (fd == -EMFILE || fd == -ENFILE)
		return 0;
	/* The real call fails the same way. */
	if (fd < 0)
		return r->intent & ROUTE_PIN || r->walk->refused ? -fd : 0;
	if (!(r->intent & ROUTE_PIN) || !has_procfs(fd)) {
		sys_close(fd);
		return 0;
	}
	r->fd = fd;
	r->path = path;
	return 0;
}

/* Walks once. 0, or the errno: EAGAIN where its end was replaced meanwhile. */
static int walk_once(struct route *r)
{
	struct walk *walk = r->walk;
	size_t len;
	int guard, ret;
	char *real;

	ret = walk_path(walk, r->dirfd, r->path, r->len, r->follow);
	/* A filter of the program's refuses the calls that find the start. */
	if (ret == -EPERM && seccomp_count && r->path[0] != '/')
		return 0;
	if (ret < 0)
		return -ret;
	real = walk_real(walk, &len, &guard);
	if (walk->foreign)
		guard = -1;
	if (guard >= 0) {
		enter_guard(r, guard, walk_view(walk), walk->len);
		/*
		 * The backing itself lies in a directory that only its owner can write
		 * to.
		 */
		if (!r->error && view_is_mixed() && !r->taken && !walk_at_guard(walk))
			r->error = go_pinned(r);
	} else if (view_guard_of(real, len, NULL) >= 0 &&
		   view_backing_of(real, len) < 0) {
		r->error = entered(walk_judge(walk, r->follow, r->intent));
	} else if (r->intent & ROUTE_RENAME) {
		r->error = border_refuse(real, len);
	}
	return r->error;
}

/* Whether the path could be put by a descriptor that the walk has, which is quicker. */
static bool go_deep(struct route *r)
{
	const char *name = walk_deep_name(r->walk);
	char *to = r->walk->text;

	if (!name || !(r->intent & ROUTE_PIN) || !has_procfs(r->walk->deep))
		return false;
	to += sys_fd_path(r->walk->deep, to);
	*to++ = '/';
	strcpy(to, name);
	r->path = r->walk->text;
	return true;
}

int route_walk(struct route *r)
{
	enum { TRIES = 8 };
	size_t len;
	int error, guard;
	char *real, *seen;

	r->walk = walk_begin(&error);
	if (!r->walk)
		return error;
	r->walk->lexical = r->intent & ROUTE_LEXICAL;
	for (int i = 0; i < TRIES; i++) {
		r->error = 0;
		r->error = walk_once(r);
		if (r->error != EAGAIN)
			break;
	}
	if (r->error)
		return r->error == EAGAIN ? EACCES : r->error;
	if (r->fd >= 0 || !(r->walk->crossed || r->taken))
		return 0;
	if (!r->taken && go_deep(r))
		return 0;
	real = walk_real(r->walk, &len, &guard);
	if (r->taken)
		return shorten(r, real, as_dot(real, len), r->walk->text);
	seen = walk_seen(r->walk, real);
	return seen ? shorten(r, seen, strlen(seen), NULL) :
		      shorten(r, real, len, r->walk->text);
}

int route_go(struct route *r, char *room)
{
	const char *path = r->path;

	if (!r->error) {
		if (likely(r->kind == VIEW_GUARDED))
			r->error = go_guarded(r, room);
		else if (r->kind == VIEW_WALK)
			r->error = route_walk(r);
	}
	if (likely(!r->error)) {
		if (r->path != path)
			redirected(path, r->path);
		return 0;
	}
	route_end(r);
	errno = r->error;
	return -1;
}

void route_rename(struct route *from, struct route *to)
{
	const struct text *view;

	if (likely(!from->taken || !to->taken || from->guard != to->guard))
		return;
	/* as_dot wrote to our room, which is longer. */
	view = &pt_view.policy->guard[from->guard].view;
	text_copy(view, (char *)from->path);
	text_copy(view, (char *)to->path);
}

/* Whether the directory of the last component of PATH can be reached. */
static int look_above(int dirfd, const char *path)
{
	size_t len = strlen(path);
	struct statx st;

	if (!len)
		return -ENOENT; /* no path at all */
	len = text_above(path, len);
	if (!len && *path == '/')
		len = 1; /* there is nothing above "/" */
	if (len >= PATH_MAX)
		return -ENAMETOOLONG;
	char above[len + sizeof "."];

	memcpy(above, path, len);
	memcpy(above + len, ".", sizeof ".");
	return sys_statx(dirfd, above, 0, &st);
}

void route_end_first(struct route *first)
{
	struct statx st;
	int ret;

	if (first->follow == PARENT)
		ret = look_above(first->dirfd, first->path);
	else
		ret = sys_statx(first->dirfd, first->path,
				first->follow == NOFOLLOW ? AT_SYMLINK_NOFOLLOW : 0, &st);
	route_end(first);
	if (ret < 0)
		errno = -ret;
}

void route_end(struct route *r)
{
	if (unlikely(r->fd >= 0))
		sys_close(r->fd);
	if (unlikely(r->walk != NULL))
		walk_end(r->walk);
	r->fd = -1;
	r->walk = NULL;
}
