/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Another root: after chroot(2) the backing cannot be reached by its path. The
 * process stays a member of its old session, for what it has open there, and
 * starts a new one inside the new root with its next guarded call.
 */
#define _GNU_SOURCE
#include "raw.h"
#include "session.h"
#include "wrap.h"

#include <sys/stat.h>

WRAP(int, chroot, const char *path);

static bool is_same(const struct statx *a, const struct statx *b)
{
	return a->stx_ino == b->stx_ino &&
	       a->stx_dev_major == b->stx_dev_major &&
	       a->stx_dev_minor == b->stx_dev_minor;
}

int pt_chroot(const char *path)
{
	struct route r;
	char room[route_plan(&r, AT_FDCWD, path, FOLLOW, ROUTE_READ)];
	struct session *s = &pt_session;
	struct statx before, after;
	bool known = raw_statx(AT_FDCWD, "/", 0, &before) == 0;
	int ret;

	if (route_go(&r, room) < 0)
		return -1;
	/* From inside, the old session could not be removed: leave a helper. */
	session_wrote();
	ret = REAL(chroot)(r.path);
	route_end(&r);
	if (ret < 0 || s->state != SESSION_LIVE || raw_getpid() != s->pid)
		return ret;
	if (known && raw_statx(AT_FDCWD, "/", 0, &after) == 0 &&
	    is_same(&before, &after))
		return ret;
	/* The old lease stays mapped, and so that session alive. */
	s->page = NULL;
	pt_view.cwd_inside = 1;
	session_restart();
	return ret;
}
