/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The working directory's name, shown by the view's. */
#define _GNU_SOURCE
#include "core/sys.h"
#include "route/out.h"
#include "wrap/wrap.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * The view's name may fit where the backing's does not, so the kernel is asked
 * with room for both, and the caller's size is looked at afterwards.
 */
static char *view_cwd(char *buf, size_t size)
{
	char own[PATH_MAX];
	ssize_t n = sys_getcwd(own, sizeof own);
	size_t skip;

	if (n <= 0 || own[0] != '/')
		return NULL; /* libc's own ways for the rare ones */
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

WRAP(char *, __getcwd_chk, char *buf, size_t size, size_t room);

char *pt___getcwd_chk(char *buf, size_t size, size_t room)
{
	if (!pt_view.cwd_inside || size > room)
		return REAL(__getcwd_chk)(buf, size, room);
	return pt_getcwd(buf, size);
}

WRAP(char *, getwd, char *buf);

char *pt_getwd(char *buf)
{
	if (!pt_view.cwd_inside || !buf)
		return REAL(getwd)(buf);
	return pt_getcwd(buf, PATH_MAX);
}

WRAP(char *, __getwd_chk, char *buf, size_t room);

char *pt___getwd_chk(char *buf, size_t room)
{
	if (!pt_view.cwd_inside || !buf || room < PATH_MAX)
		return REAL(__getwd_chk)(buf, room);
	return pt_getcwd(buf, PATH_MAX);
}

/* statx of a path in the view. 0 or -errno. */
static int view_statx(const char *path, struct statx *st)
{
	struct route r;
	char room[route_plan(&r, AT_FDCWD, path, FOLLOW, ROUTE_READ)];
	int ret;

	if (route_go(&r, room) < 0)
		return -errno;
	ret = sys_statx(AT_FDCWD, r.path, 0, st);
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
	if (pwd && sys_statx(AT_FDCWD, ".", 0, &here) == 0 &&
	    view_statx(pwd, &there) == 0 && here.stx_ino == there.stx_ino &&
	    here.stx_dev_major == there.stx_dev_major &&
	    here.stx_dev_minor == there.stx_dev_minor)
		return strdup(pwd);
	return pt_getcwd(NULL, 0);
}
