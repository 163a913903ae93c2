/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Changing the working directory. Once it may lie in a backing, ".." and getcwd need
 * more than the glance; a flag says so. It is never reset: a vfork child that changes
 * its directory must not speak for its parent.
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
		session_wrote(); /* relative paths will write there, unseen */
	}
	/* In a shared directory: programs started from there check their start. */
	if (view_is_exact())
		pt_view.cwd_inside = 1;

	int ret;

	do {
		ret = REAL(chdir)(r.path);
	} while (unlikely(ret < 0) && route_recount(&r));
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
	/* Finding out where the descriptor leads would cost a call. */
	pt_view.cwd_inside = 1;
	if (unlikely(!__atomic_load_n(&pt_view.fds_known, __ATOMIC_RELAXED)))
		view_know_fds();
	return REAL(fchdir)(fd);
}
