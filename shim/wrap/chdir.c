/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Going somewhere: once the working directory may lie in a backing, ".." and
 * getcwd need more than a glance, which a flag remembers. It is never taken
 * back: a vfork child that goes elsewhere must not speak for its parent.
 */
#define _GNU_SOURCE
#include "session/session.h"
#include "session/hints_use.h"
#include "policy/inherited.h"
#include "wrap/wrap.h"

WRAP(int, chdir, const char *path);
WRAP(int, fchdir, int fd);

static __attribute__((noinline)) int routed_chdir(const char *path)
{
	struct route r;
	char room[route_plan(&r, AT_FDCWD, path, FOLLOW, ROUTE_READ | ROUTE_PIN)];

	if (route_go(&r, room) < 0)
		return -1;
	if (r.guard >= 0) {
		pt_view.cwd_inside = 1;
		session_wrote(); /* relative paths will, unseen */
	}
	/* A shared directory: what is started there looks where it is. */
	if (pt_view.exact)
		pt_view.cwd_inside = 1;

	int ret = REAL(chdir)(r.path);

	route_end(&r);
	return ret;
}

int pt_chdir(const char *path)
{
	if (likely(view_passes(path)))
		return REAL(chdir)(path);
	return routed_chdir(path);
}

int pt_fchdir(int fd)
{
	/* Where the descriptor leads is not worth a call to find out. */
	pt_view.cwd_inside = 1;
	if (unlikely(!__atomic_load_n(&pt_view.fds_known, __ATOMIC_RELAXED)))
		view_know_fds();
	return REAL(fchdir)(fd);
}
