/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a relative path starts; see walk.h. */
#define _GNU_SOURCE
#include "route/walk.h"
#include "core/sys.h"
#include "route/out.h"
#include "session/root_name.h"
#include "session/session.h"
#include "session/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

bool walk_is_deleted(int dirfd, const char *path, const char *name, size_t len)
{
	const size_t n = WALK_DELETED;
	struct statx is, named;

	if (len <= n || memcmp(name + len - n, SYS_DELETED, n))
		return false;
	return sys_statx(AT_FDCWD, name, AT_SYMLINK_NOFOLLOW, &named) < 0 ||
	       sys_statx(dirfd, path, *path ? 0 : AT_EMPTY_PATH, &is) < 0 ||
	       !trust_same(&named, &is);
}

bool walk_is_directory(int dirfd, const char *path)
{
	struct statx st;
	const int ret = sys_statx(dirfd, path, *path ? 0 : AT_EMPTY_PATH, &st);

	/* What cannot be looked at for a moment may be one: the kernel need not fail, too. */
	return ret == 0 ? S_ISDIR(st.stx_mode) : ret != -EBADF && ret != -ENOENT;
}

static const char unreachable[] = "(unreachable)";

/*
 * Whether DIRFD is a directory outside of the current root, as one from before
 * chroot(2) can be: PATH (LEN bytes, of SIZE), its name by procfs, no longer leads to
 * it. LEN is 0 where there is no procfs. Then PATH becomes what getcwd(2) would return.
 * (nonnull: gcc's sanitizers check PATH, and gcc warns then.)
 */
__attribute__((nonnull)) static bool is_outside(int dirfd, char *path, size_t len,
						size_t size)
{
	const size_t skip = sizeof unreachable - 1;
	struct statx named, is;

	if (!pt_session.moved || sys_statx(dirfd, "", AT_EMPTY_PATH, &is) < 0 ||
	    !S_ISDIR(is.stx_mode))
		return false;
	if (!len)
		path[len++] = '/';
	path[len] = '\0';
	if (path[0] != '/' ||
	    (sys_statx(AT_FDCWD, path, 0, &named) == 0 && trust_same(&named, &is)))
		return false;
	if (len + skip < size) {
		memmove(path + skip, path, len + 1);
		memcpy(path, unreachable, skip);
	}
	return true;
}

/*
 * A directory in a backing whose real name is too long for the kernel, unlike the
 * view's.
 */
static ptrdiff_t long_directory(int dirfd, char *out, size_t size, struct start *start)
{
	int error;
	char *room = sys_pages(OUT_ROOM, &error), *view = room;
	ssize_t n = room ? out_long_link(dirfd, ".", room, &view) : 0;

	if ((size_t)n >= size)
		n = 0;
	if (n)
		memcpy(out, view, (size_t)n);
	out[n] = '\0';
	start->backing = true;
	if (room)
		sys_unmap(room, OUT_ROOM);
	return n ? n : -ENAMETOOLONG;
}

ptrdiff_t walk_directory(int dirfd, char *out, size_t size, struct start *start)
{
	char name[SYS_FD_PATH] = "/proc/self/cwd";
	ssize_t n = 0;
	int guard;

	if (dirfd == AT_FDCWD)
		n = sys_getcwd(out, size) - 1; /* the kernel counts the NUL */
	else if (dirfd < 0)
		return -EBADF;
	else
		sys_fd_path(dirfd, name);
	start->deleted = start->lost = false;
	if (n == -ENAMETOOLONG - 1)
		return long_directory(dirfd, out, size, start);
	if (dirfd != AT_FDCWD || n == -ENOENT - 1) {
		n = sys_readlinkat(AT_FDCWD, name, out, size - 1);
		if (n == -ENOENT && dirfd != AT_FDCWD && walk_is_directory(dirfd, ""))
			n = out_climb(dirfd, out, size - 1); /* there is no procfs */
		/*
		 * A descriptor of a link: its path would lead on, the descriptor does
		 * not.
		 */
		if (n >= 0 && !walk_is_directory(dirfd, ""))
			return -ENOTDIR;
		if (n > 0)
			out[n] = '\0';
		if (n > 0 && walk_is_deleted(dirfd, dirfd == AT_FDCWD ? "." : "", out,
					     (size_t)n)) {
			start->deleted = true;
			n -= WALK_DELETED;
		} else if (dirfd != AT_FDCWD && (n > 0 || n == -ENOENT)) {
			start->lost = is_outside(dirfd, out, n > 0 ? (size_t)n : 0, size);
		}
		if (start->lost)
			return -ENOENT;
		if (n == -ENAMETOOLONG)
			return long_directory(dirfd, out, size, start);
		if (n < 0)
			return n;
		out[n] = '\0';
	}
	if (n < 0 && walk_is_passing(n + 1))
		return n + 1;
	if (n <= 0)
		return -ENOENT;
	/* "(unreachable)/...", or not a directory. */
	start->lost = out[0] == '(';
	if (out[0] != '/')
		return -ENOENT;
	guard = view_backing_of(out, (size_t)n);
	start->backing = guard >= 0;
	if (guard >= 0) {
		size_t prefix = pt_view.policy->guard[guard].prefix.len;

		n -= (ssize_t)prefix;
		memmove(out, out + prefix, (size_t)n + 1);
	}
	return n;
}

/*
 * Whether the kernel finds nothing above the start: it was moved out of what is mounted
 * there.
 */
static bool is_cut_off(int dirfd)
{
	struct statx st;

	return sys_statx(dirfd, "..", 0, &st) == -ENOENT;
}

/* Whether the name PATH (LEN bytes) is that of a directory in a backing of any session. */
static bool is_in_root(const char *path, size_t len)
{
	for (size_t at = 1; at < len; at++)
		if (path[at] == '/' && root_prefix_is(path, at))
			return true;
	return false;
}

int walk_refuse_lost(struct walk *walk, int dirfd, const char *ahead)
{
	const char *end = walk->ahead + WALK_AHEAD;
	const size_t skip = sizeof unreachable - 1;
	size_t len = strlen(walk_view(walk));
	bool was, shared, climbs = false;

	if (len <= skip || memcmp(walk_view(walk), unreachable, skip))
		return -ENOLINK;
	len -= skip;
	memmove(walk_view(walk), walk_view(walk) + skip, len + 1);
	if (len == 1)
		len = 0; /* "/": each name brings its slash */
	was = view_guard_of(walk_view(walk), len, NULL) >= 0;
	/* A directory of another mount namespace, got by a descriptor. */
	shared = was && !is_in_root(walk_view(walk), len);
	was &= !shared;
	while (ahead < end) {
		const char *slash = memchr(ahead, '/', (size_t)(end - ahead));
		size_t n = (size_t)((slash ? slash : end) - ahead);
		bool up = n == 2 && ahead[0] == '.' && ahead[1] == '.', is;

		climbs |= up;
		if (up) {
			while (len && walk_view(walk)[--len] != '/')
				;
		} else if (n && !(n == 1 && ahead[0] == '.')) {
			if (len + 1 + n >= WALK_PATH)
				return -ENAMETOOLONG;
			walk_view(walk)[len++] = '/';
			memcpy(walk_view(walk) + len, ahead, n);
			len += n;
		}
		/* A path that started in a backing may stay in it. */
		is = view_guard_of(walk_view(walk), len, NULL) >= 0;
		if (is && (up || !was))
			return climbs && is_cut_off(dirfd) ? -ENOENT : -EACCES;
		was = is;
		ahead += n + 1;
	}
	return shared ? -EACCES : -ENOLINK;
}

int walk_arrive(struct walk *walk)
{
	walk->foreign = walk_is_private(walk);
	/* A guarded directory, reached by another name. */
	return walk->foreign && walk_at_guard(walk) ? walk_enter(walk) : 0;
}

/* The walk is now in the directory START, whose path (N bytes) stands in the view. */
static int begin_at(struct walk *walk, int dirfd, size_t n, const struct start *start)
{
	walk->len = n;
	walk->deleted = start->deleted;
	walk->base = dirfd;
	walk->base_len = walk->lexical || start->top ? 0 : walk->len;
	walk->base_ups = 0;
	if (start->backing)
		return 0;
	if (start->deleted)
		walk->foreign = walk_is_private(walk);
	return start->deleted ? 0 : walk_arrive(walk);
}

int walk_start(struct walk *walk, int dirfd, char **ahead, enum follow follow)
{
	struct start start = { .lost = false };
	ptrdiff_t n = walk_directory(dirfd, walk_view(walk), PATH_MAX, &start);

	if (n == -ENAMETOOLONG || start.lost) {
		n = walk_unnamed(walk, dirfd, ahead, follow, &start);
		if (n < 0 && n != -ENOENT)
			return (int)n;
		dirfd = walk->held;
	}
	if (n < 0)
		return walk_is_passing(n) ? (int)n : -ENOLINK;
	return begin_at(walk, dirfd, (size_t)n, &start);
}

int walk_jump_unnamed(struct walk *walk, const char *magic, char **ahead,
		      enum follow follow)
{
	struct start start = { .lost = false };
	int fd = sys_openat(AT_FDCWD, magic, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	ptrdiff_t n;

	if (fd < 0)
		return fd;
	if (walk->held >= 0)
		sys_close(walk->held);
	n = walk_unnamed(walk, fd, ahead, follow, &start);
	sys_close(fd);
	walk->jump[0] = '\0';
	return n < 0 ? (int)n : begin_at(walk, walk->held, (size_t)n, &start);
}
