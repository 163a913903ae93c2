/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* getcwd(3) and the like return the view's name. */
#define _GNU_SOURCE
#include "core/libc.h"
#include "core/sys.h"
#include "policy/scan.h"
#include "route/out.h"
#include "session/trust.h"
#include "wrap/symbols.h"
#include "wrap/wrap.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

WRAP(char *, getcwd, char *buf, size_t size);

/* Calls libc and cuts the result. By the backing's name it may not fit. */
static char *libc_cwd(char *buf, size_t size)
{
	char *ret = REAL(getcwd)(NULL, 0);

	/* Where no name leads to it, libc leaves the kernel's in the buffer, and fails. */
	if (!ret && buf)
		ret = buf = REAL(getcwd)(buf, size);
	if (!ret)
		return NULL;
	out_cut(ret);
	if (ret == buf || (!buf && !size))
		return ret;
	if (size <= strlen(ret)) {
		free(ret);
		return REAL(getcwd)(buf, size); /* says so */
	}
	if (!buf)
		buf = malloc(size);
	if (buf)
		strcpy(buf, ret);
	free(ret);
	return buf;
}

/*
 * The view's name may fit where the backing's does not. So the kernel gets room for
 * both, and the caller's size is checked afterwards.
 */
static char *view_cwd(char *buf, size_t size)
{
	char room[OUT_ROOM], *own;
	ssize_t n = out_cwd(room, &own);

	if (n <= 0 || own[0] != '/')
		return libc_cwd(buf, size); /* rare cases: libc's own way */
	if (own == room)
		return REAL(getcwd)(buf, size); /* not in a backing */
	if ((buf || size) && (size_t)n > size) {
		errno = size ? ERANGE : EINVAL;
		return NULL;
	}
	if (buf && !view_bytes_probe(buf, (size_t)n)) {
		errno = EFAULT;
		return NULL;
	}
	if (!buf)
		buf = malloc(size ? size : (size_t)n);
	return buf ? memcpy(buf, own, (size_t)n) : NULL;
}

char *pt_getcwd(char *buf, size_t size)
{
	/* Other programs pay for the test of a flag. */
	return pt_view.cwd_inside ? view_cwd(buf, size) : REAL(getcwd)(buf, size);
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
	const char *pwd = environment_value(libc_environ, "PWD");
	struct statx here, there;

	if (!pt_view.cwd_inside)
		return REAL(get_current_dir_name)();
	/* As libc does: $PWD where it is right, with its links. */
	if (pwd && sys_statx(AT_FDCWD, ".", 0, &here) == 0 &&
	    view_statx(pwd, &there) == 0 && trust_same(&here, &there))
		return LIBC(strdup)(pwd);
	return pt_getcwd(NULL, 0);
}
