/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Trying a call again; see route_again and route_recount.
 *
 * A link from before the session that leads into a guarded directory is not seen by the
 * quick way. In a confined session the kernel refuses it with EACCES, and the path is
 * then walked. Errors that come first (ENOENT, EEXIST) are not retried: links = exact
 * is for that.
 */
#define _GNU_SOURCE
#include "route/route.h"

#include "route/walk.h"

#include <errno.h>

/* Whether an exact walk leads to another path. */
static bool walk_again(struct route *r)
{
	const char *path = r->path;

	if (r->kind != VIEW_PASS || !r->len)
		return false;
	r->kind = VIEW_WALK; /* once */
	/* What a walk refuses was refused already. */
	if (route_walk(r) == 0 && r->path != path) {
		redirected(path, r->path);
		return true;
	}
	r->path = path;
	return false;
}

/*
 * What keeps the kernel from following a link that is put at a free name is that the path
 * has as many links before that as it follows (walk_protected.c). Where something is
 * mounted or unmounted meanwhile, anywhere, the kernel can begin a walk anew, but goes on
 * counting. It does so at random: 48 times in a row have been seen.
 */
bool route_recount(struct route *route)
{
	enum { MOST = 200 };

	return errno == ELOOP && route->fd >= 0 && route->walk && route->walk->barred &&
	       route->recounts++ < MOST;
}

bool route_again(struct route *route, struct route *other)
{
	const int error = errno;
	bool again;

	if (unlikely(error == ELOOP))
		return route_recount(route) || (other && route_recount(other));
	/* A refused rename or link between directories fails with EXDEV. */
	if (!pt_view.confined || (error != EACCES && !(other && error == EXDEV)))
		return false;
	again = walk_again(route);
	if (other && walk_again(other))
		again = true;
	errno = error;
	return again;
}
