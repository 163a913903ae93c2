/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Walks where other users can put links: refuses what the kernel's fs.protected_*
 * refuse, and holds what was found, so that nothing can replace it before the call. See
 * walk.h and sticky.h.
 */
#define _GNU_SOURCE
#include "core/sys.h"
#include "route/route.h"
#include "route/sticky.h"
#include "route/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

enum { PIN = O_PATH | O_NOFOLLOW | O_CLOEXEC };

/* The path for a system call, seen from *FROM. PRIVATE: it is in a backing. */
static const char *reach(struct walk *walk, bool private, int *from)
{
	size_t len;
	int guard;

	*from = AT_FDCWD;
	if (!walk->base_len)
		return private ? walk_real(walk, &len, &guard) : walk_view(walk);
	if (!walk_put_seen(walk))
		return NULL;
	*from = walk->base;
	return walk->text[0] ? walk->text : ".";
}

/* Whether the path is in a backing, and did not start outside. */
static bool is_private(struct walk *walk)
{
	return !walk->foreign && walk_is_private(walk);
}

/*
 * statx(2) of the first LEN bytes of the path, which stays as it is. For a shared path
 * the real directory is used.
 */
static bool stat_cut(struct walk *walk, size_t len, int flags, struct statx *out)
{
	char *view = walk_view(walk), cut = view[len];
	const bool private = is_private(walk);
	size_t whole = walk->len;
	const char *path;
	bool done;
	int from;

	walk_truncate(walk, len);
	path = reach(walk, private, &from);
	done = path && sys_statx(from, path, flags, out) == 0;
	view[len] = cut;
	walk->len = whole;
	return done;
}

/* Whether links are checked at the current path. */
static bool checks_links(struct walk *walk)
{
	size_t len = walk->len;

	if (view_guard_of(walk_view(walk), len, NULL) < 0)
		return false;
	if (view_is_mixed() || walk->foreign)
		return true;
	return !walk_is_private(walk) && view_backing_of(walk_view(walk), len) < 0;
}

int walk_check_link(struct walk *walk, size_t before, size_t *text_len)
{
	struct statx dir, link;
	const char *path;
	int from, fd;
	ssize_t n;

	if (!checks_links(walk))
		return 0;
	if (!stat_cut(walk, before, 0, &dir))
		return -EACCES;
	path = reach(walk, is_private(walk), &from);
	fd = path ? sys_openat(from, path, PIN, 0) : -ENAMETOOLONG;
	if (fd < 0)
		return fd;
	/* The link and its text may have been replaced: reads them by one descriptor. */
	n = sys_statx(fd, "", AT_EMPTY_PATH, &link);
	if (n == 0)
		n = sticky_judge(&link, &dir, false, true, false);
	if (n == 0)
		n = sys_readlinkat(fd, "", walk->text, WALK_TEXT - 1);
	sys_close(fd);
	if (n < 0)
		return n == -EINVAL || n == -ENOENT ? -EACCES : (int)n;
	walk->text[n] = '\0';
	*text_len = (size_t)n;
	return 0;
}

/* The number of bytes before the last component; *END: before its trailing slashes. */
static size_t last_of(const char *path, size_t len, size_t *end)
{
	if (len > 2 && path[len - 1] == '.' && path[len - 2] == '/')
		len--;
	while (len > 1 && path[len - 1] == '/')
		len--;
	*end = len;
	while (len && path[len - 1] != '/')
		len--;
	return len;
}

int walk_judge(struct walk *walk, enum follow follow, unsigned intent)
{
	struct statx dir, what;
	size_t end, last = last_of(walk_view(walk), walk->len, &end);
	int ret;

	if (!stat_cut(walk, end, AT_SYMLINK_NOFOLLOW, &what))
		return 0;
	/* The start itself: there is no component to check. */
	if (last < walk->base_len || last <= 1)
		return S_ISDIR(what.stx_mode);
	if (!stat_cut(walk, last - 1, 0, &dir))
		return 0;
	ret = sticky_judge(&what, &dir, true, walk_follows(follow, end < walk->len),
			   intent & ROUTE_CREATE);
	return ret ? ret : S_ISDIR(what.stx_mode);
}

/* -- Pinning -- */

/* Opens the directory at which the path begins. *REST is the rest of it. */
static int open_start(struct walk *walk, const char **rest)
{
	size_t len, cut;
	int guard;
	char *real, at;
	int fd;

	if (walk->base_len) {
		if (!walk_put_seen(walk))
			return -ENAMETOOLONG;
		cut = strlen(walk->jump);
		*rest = walk->text + cut;
		/* A magic link has to be followed. */
		if (cut)
			return sys_openat(AT_FDCWD, walk->jump,
					  O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
		return sys_openat(walk->base, ".", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	}
	real = walk_real(walk, &len, &guard);
	cut = pt_view.policy->guard[guard].prefix.len +
	      pt_view.policy->guard[guard].view.len;
	at = real[cut];
	real[cut] = '\0';
	fd = sys_openat(AT_FDCWD, real, PIN | O_DIRECTORY, 0);
	real[cut] = at;
	*rest = real + cut;
	return fd;
}

/* Opens the directory NAME (LEN bytes) in FD, and closes FD. */
static int enter_component(int fd, const char *name, size_t len, bool absolute)
{
	char component[NAME_MAX + 1];
	int next = -ENAMETOOLONG;

	if (len <= NAME_MAX) {
		memcpy(component, name, len);
		component[len] = '\0';
		next = sys_openat(fd, component, PIN | O_DIRECTORY, 0);
		/*
		 * In a path from a backing a ".." is left only behind what did not
		 * exist.
		 */
		if (next >= 0 && absolute && !strcmp(component, "..")) {
			sys_close(next);
			next = -ENOENT;
		}
	}
	sys_close(fd);
	return next;
}

/*
 * Writes the procfs name of FD, SLASH (or "") and TEXT. BARRED: preceded by as many
 * magic links as the kernel follows on one path, so that it follows no link at TEXT; see
 * route_recount.
 */
static int put_fd_name(struct walk *walk, int fd, const char *slash, const char *text,
		       bool barred)
{
	/* sys_fd_path has two more. */
	enum { LINKS = SYS_LINKS - 2 };
	static const char proc[] = "/proc", round[] = "/self/..";
	char own[SYS_FD_PATH];
	size_t n = sys_fd_path(fd, own), len = strlen(text);
	char *out = walk->ahead;

	walk->barred = barred;
	memcpy(out, proc, sizeof proc - 1);
	out += sizeof proc - 1;
	for (int i = 0; barred && i < LINKS; i++, out += sizeof round - 1)
		memcpy(out, round, sizeof round - 1);
	memcpy(out, own + sizeof proc - 1, n - (sizeof proc - 1));
	out += n - (sizeof proc - 1);
	if (*slash)
		*out++ = '/';
	if ((size_t)(out - walk->ahead) + len >= PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(out, text, len + 1);
	return 0;
}

/* The last component, held by a descriptor. */
struct end {
	const char *name; /* with trailing slashes */
	size_t len;	  /* without them */
	bool follows;
	int fd; /* its descriptor, or -errno */
	struct statx dir, what;
};

static int judge_end(struct walk *walk, struct end *end, int dir, unsigned intent)
{
	char name[NAME_MAX + 1];
	int ret;

	if (end->len > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(name, end->name, end->len);
	name[end->len] = '\0';
	end->fd = sys_openat(dir, end->len ? name : ".", PIN, 0);
	if (end->fd < 0)
		return end->fd == -ENOENT ? 0 : end->fd;
	ret = sys_statx(end->fd, "", AT_EMPTY_PATH, &end->what);
	if (ret == 0)
		ret = sys_statx(dir, "", AT_EMPTY_PATH, &end->dir);
	if (ret == 0)
		ret = sticky_judge(&end->what, &end->dir, true, end->follows,
				   intent & ROUTE_CREATE);
	if (ret == 0 && (intent & ROUTE_LINK))
		ret = sticky_source(end->fd, &end->what);
	/* A link that the walk has not seen. */
	if (ret == 0 && end->follows && S_ISLNK(end->what.stx_mode))
		ret = -EAGAIN;
	walk->refused = ret < 0;
	return ret;
}

int walk_pin(struct walk *walk, enum follow follow, unsigned intent, const char **path)
{
	const char *rest = "";
	int fd = open_start(walk, &rest), ret;
	struct end end = { .fd = -1 };

	walk->refused = walk->barred = false;
	for (;;) {
		const char *slash;
		size_t n;

		rest += strspn(rest, "/");
		slash = strchr(rest, '/');
		n = slash ? (size_t)(slash - rest) : strlen(rest);
		/* The last component, maybe with "/" or "/." behind it. */
		if (fd < 0 || !slash || !slash[strspn(slash, "/")] ||
		    !strcmp(slash, "/.")) {
			end.name = rest;
			end.len = n;
			end.follows = walk_follows(follow, slash != NULL);
			break;
		}
		fd = enter_component(fd, rest, n, !walk->base_len);
		rest = slash;
	}
	if (fd < 0)
		return fd;
	ret = judge_end(walk, &end, fd, intent);
	if (ret == 0 && end.fd >= 0 && end.follows) {
		/*
		 * The name in procfs leads to the held file, whatever is at the path
		 * now.
		 */
		sys_close(fd);
		fd = sys_move_apart(end.fd);
		end.fd = -1;
		ret = put_fd_name(walk, fd, "", end.name + end.len, false);
	} else if (ret == 0) {
		fd = sys_move_apart(fd);
		ret = put_fd_name(walk, fd, "/", end.name, end.follows);
	}
	if (end.fd >= 0)
		sys_close(end.fd);
	if (ret < 0) {
		sys_close(fd);
		return ret;
	}
	*path = walk->ahead;
	return fd;
}
