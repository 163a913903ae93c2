/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Restrictions on shared paths; see sticky.h and proc_sys_fs(5). */
#define _GNU_SOURCE
#include "route/sticky.h"
#include "core/owner.h"
#include "core/sys.h"
#include "route/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool stat_path(const char *path, int flags, struct statx *out)
{
	return sys_statx(AT_FDCWD, path, flags, out) == 0;
}

bool sticky_by_fsuid;

/* The user that this thread has for files. */
static unsigned user_of_files(void)
{
	/* setfsuid(2) with an invalid user only returns the current one. */
	return sticky_by_fsuid ? (unsigned)SYS1(SYS_OF_ID(setfsuid), -1) : sys_geteuid();
}

/*
 * Whether WHAT may have been made by someone other than this user or the directory's
 * owner.
 */
static bool is_planted(const struct statx *what, const struct statx *dir,
		       unsigned writers)
{
	if (!(dir->stx_mode & S_ISVTX) || !(dir->stx_mode & writers))
		return false;
	return (what->stx_uid != dir->stx_uid && what->stx_uid != user_of_files()) ||
	       !owner_is_one(what->stx_uid);
}

int sticky_judge(const struct statx *what, const struct statx *dir, bool last,
		 bool follows, bool create)
{
	if (S_ISLNK(what->stx_mode)) {
		if ((!last || follows) && is_planted(what, dir, S_IWOTH))
			return -EACCES;
	} else if (last && create &&
		   (S_ISREG(what->stx_mode) || S_ISFIFO(what->stx_mode)) &&
		   is_planted(what, dir, S_IWOTH | S_IWGRP)) {
		return -EACCES;
	}
	return 0;
}

/* The end of the component that begins at FROM. */
static size_t component_end(const char *path, size_t from, size_t len)
{
	while (from < len && path[from] != '/')
		from++;
	return from;
}

static size_t skip_slashes(const char *path, size_t from, size_t len)
{
	while (from < len && path[from] == '/')
		from++;
	return from;
}

int sticky_check(const char *path, size_t len, size_t inside, enum follow follow,
		 bool create)
{
	char at[len + 1];
	struct statx dir, what;
	size_t end, next;

	if (len >= PATH_MAX)
		return 0;
	memcpy(at, path, len);
	at[inside] = '\0';
	if (!stat_path(at, 0, &dir))
		return 0;
	for (; inside < len; inside = next) {
		bool last;
		int ret;

		end = component_end(path, inside, len);
		next = skip_slashes(path, end, len);
		last = next == len;
		memcpy(at, path, end);
		at[end] = '\0';
		if (!stat_path(at, AT_SYMLINK_NOFOLLOW, &what))
			return 0;
		ret = sticky_judge(&what, &dir, last, walk_follows(follow, end < len),
				   create);
		if (ret < 0)
			return ret;
		if (last)
			return S_ISDIR(what.stx_mode);
		/* A link's target is the directory of the next component. */
		if (S_ISLNK(what.stx_mode) && !stat_path(at, 0, &what))
			return 0;
		dir = what;
	}
	return 0;
}

/* As the kernel's safe_hardlink_source(). */
int sticky_source(int fd, const struct statx *what)
{
	const unsigned user = user_of_files();
	const unsigned exec_group = S_ISGID | S_IXGRP;
	char name[SYS_FD_PATH];

	if (user == 0 || user == what->stx_uid)
		return 0;
	if (!S_ISREG(what->stx_mode) || (what->stx_mode & S_ISUID) ||
	    (what->stx_mode & exec_group) == exec_group)
		return -EPERM;
	sys_fd_path(fd, name);
	return sys_access(name, R_OK | W_OK) < 0 ? -EPERM : 0;
}
