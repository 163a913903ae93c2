/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Trying a call once more; see route_again.
 *
 * A link that was there before the session, and that leads into a guarded directory, is
 * one that a quick look does not find. Where the kernel refuses that directory, its word
 * is taken for a question. What it says before it comes to that (ENOENT, EEXIST) is not:
 * links = exact is for that.
 */
#define _GNU_SOURCE
#include "route/route.h"

#include <errno.h>

/* Whether an exact walk leads elsewhere. */
static bool walk_again(struct route *r)
{
	const char *path = r->path;

	if (r->kind != VIEW_PASS || !r->len)
		return false;
	r->kind = VIEW_WALK; /* once */
	/* What the walk would refuse has been refused already. */
	if (route_walk(r) == 0 && r->path != path) {
		redirected(path, r->path);
		return true;
	}
	r->path = path;
	return false;
}

bool route_again(struct route *route, struct route *other)
{
	const int error = errno;
	bool again;

	/* A refused rename or link between directories fails with EXDEV. */
	if (!pt_view.confined || (error != EACCES && !(other && error == EXDEV)))
		return false;
	again = walk_again(route);
	if (other && walk_again(other))
		again = true;
	errno = error;
	return again;
}
