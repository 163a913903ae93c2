/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trust; see trust.h. */
#define _GNU_SOURCE
#include "session/trust.h"
#include "core/hole.h"
#include "core/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

bool trust_owner(unsigned owner, unsigned euid)
{
	return owner == 0 || owner == euid || HOLE(owner);
}

bool trust_directory(const char *path, const struct statx *st, unsigned euid)
{
	return trust_owner(st->stx_uid, euid) &&
	       (st->stx_uid != euid || owner_is_self(euid, euid, path));
}

bool trust_sealed(const struct statx *st)
{
	return S_ISREG(st->stx_mode) && (!(st->stx_mode & 0222) || HOLE(sealed));
}

bool trust_text(const struct statx *st, unsigned euid)
{
	return trust_sealed(st) && st->stx_nlink > 0 && trust_owner(st->stx_uid, euid);
}

bool trust_hints(const struct statx *st, unsigned owner)
{
	return S_ISREG(st->stx_mode) && st->stx_uid == owner &&
	       (!(st->stx_mode & 022) || HOLE(hints));
}

bool trust_root(const struct statx *st, unsigned owner)
{
	return S_ISDIR(st->stx_mode) && st->stx_uid == owner &&
	       (!(st->stx_mode & 067) || HOLE(reach));
}

bool trust_same(const struct statx *a, const struct statx *b)
{
	return a->stx_ino == b->stx_ino && owner_same_mount(a, b);
}

/* Whether only trusted users can replace PATH, whose status is ST, and its entries. */
static bool is_safe(const char *path, const struct statx *st, unsigned euid)
{
	if (!trust_directory(path, st, euid) && !owner_is_system(st->stx_uid, path))
		return false;
	return S_ISLNK(st->stx_mode) || (st->stx_mode & S_ISVTX) ||
	       !(st->stx_mode & (S_IWGRP | S_IWOTH));
}

/*
 * Replaces the link at the first LEN bytes of PATH by its text. 0 or -errno. Apart, because
 * of its room on the stack.
 */
static __attribute__((noinline)) int expand_link(char path[PATH_MAX], size_t len)
{
	char text[PATH_MAX];
	ssize_t n = sys_readlinkat(AT_FDCWD, path, text, sizeof text - 1);
	size_t rest = strlen(path + len + 1) + 1, dir = len;

	if (n < 0)
		return (int)n;
	while (dir && path[dir - 1] != '/')
		dir--;
	if (text[0] == '/')
		dir = 0;
	if (dir + (size_t)n + 1 + rest > PATH_MAX)
		return -ENAMETOOLONG;
	memmove(path + dir + n + 1, path + len + 1, rest);
	memcpy(path + dir, text, (size_t)n);
	path[dir + (size_t)n] = '/';
	return 0;
}

/*
 * Checks the directory at the first LEN bytes of PATH. *AROUND is the status of the one that it
 * lies in, and becomes its own. 1 where it was a link, which is replaced by its text; 0; or
 * -errno.
 */
static int check_directory(char path[PATH_MAX], size_t len, unsigned euid,
			   struct statx *around)
{
	struct statx st;
	int ret;

	path[len] = '\0';
	ret = sys_statx(AT_FDCWD, len ? path : "/", AT_SYMLINK_NOFOLLOW, &st);
	/* What its mode says is of no interest then. */
	if (ret == 0 && !S_ISDIR(st.stx_mode) && !S_ISLNK(st.stx_mode))
		ret = -ENOTDIR;
	if (ret == 0 && !is_safe(path, &st, euid))
		ret = -EPERM;
	if (ret == 0 && S_ISLNK(st.stx_mode)) {
		ret = expand_link(path, len);
		return ret < 0 ? ret : 1;
	}
	if (ret == 0 && owner_is_said(len ? path : "/", &st, around))
		ret = -EPERM;
	*around = st;
	path[len] = '/';
	return ret;
}

int trust_parents(const char *path, unsigned euid)
{
	struct statx around = { .stx_mode = 0 };
	char on[PATH_MAX];
	size_t len = strlen(path);
	int links = 0;

	if (path[0] != '/' || len >= sizeof on)
		return -EINVAL;
	if (HOLE(parents))
		return 0;
	memcpy(on, path, len + 1);
	for (size_t at = 0; on[at]; at++) {
		int ret;

		/* Of several slashes the first: behind one, a link would be followed. */
		if (on[at] != '/' || (at && on[at - 1] == '/'))
			continue;
		ret = check_directory(on, at, euid, &around);
		if (ret < 0)
			return ret;
		if (ret && ++links > SYS_LINKS)
			return -ELOOP;
		if (ret) {
			at = (size_t)-1; /* starts again */
			around.stx_mode = 0;
		}
	}
	return 0;
}

int trust_closed_parents(const char *path, unsigned euid)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 0;
	char dir[PATH_MAX];
	struct statx st;
	int ret = trust_parents(path, euid);

	if (ret < 0 || HOLE(parents))
		return ret;
	memcpy(dir, path, len);
	dir[len] = '\0';
	ret = sys_statx(AT_FDCWD, len ? dir : "/", 0, &st);
	if (ret < 0)
		return ret;
	return st.stx_mode & (S_IWGRP | S_IWOTH) ? -EPERM : 0;
}

int trust_unmounted(const char *root, const struct statx *st)
{
	const int mounted = owner_mounted(root, st);

	return mounted > 0 ? -EPERM : mounted;
}

int trust_open_root(const char *root, unsigned owner, struct statx *st)
{
	struct statx named;
	int ret = sys_look(AT_FDCWD, root, &named), fd;

	if (ret < 0)
		return ret;
	if (!S_ISDIR(named.stx_mode))
		return -ENOTDIR;
	/* Before it is opened, which a file system under a user's control can make last. */
	if (!trust_root(&named, owner))
		return -EPERM;
	ret = trust_unmounted(root, &named);
	if (ret < 0)
		return ret;
	fd = sys_openat(AT_FDCWD, root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
			0);
	if (fd < 0)
		return fd;
	ret = sys_statx(fd, "", AT_EMPTY_PATH, st);
	if (ret == 0 && (!trust_root(st, owner) || !trust_same(st, &named)))
		ret = -EPERM;
	if (ret == 0)
		return fd;
	sys_close(fd);
	return ret;
}
