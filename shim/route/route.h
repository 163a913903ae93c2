/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A route: the path that a wrapped call is to be given instead of the one that
 * the program gave. What a wrapper does, for a path that may need one:
 *
 *     struct route r;
 *     char room[route_plan(&r, dirfd, path, FOLLOW, ROUTE_READ)];
 *
 *     if (route_go(&r, room) < 0)
 *             return -1;
 *     ret = real(..., r.path, ...);
 *     route_end(&r);
 *
 * The room is on the caller's stack and as long as the path needs; a walk has
 * pages of its own. All three keep errno but where route_go fails.
 */
#ifndef PRIVTMP_ROUTE_H
#define PRIVTMP_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "core/sys.h"
#include "policy/view.h"

struct walk;

/* What the call does at the end of the path. */
enum {
	ROUTE_READ = 0,
	ROUTE_WRITE = 1,    /* may leave something behind */
	ROUTE_REMOVE = 2,   /* would take a guarded directory itself away */
	ROUTE_RENAME = 4,   /* would take it away, or put another in its place */
	ROUTE_UNLINK = 8,   /* would take it away if it were no directory */
	ROUTE_CREATE = 16,  /* makes it: route_plan knows that by FOLLOW */
	ROUTE_LEXICAL = 32, /* see walk.h */
	ROUTE_LINK = 64,    /* gives it one more name */
	ROUTE_PIN = 128,    /* has no use for the path but the one call */
	ROUTE_AGAIN = 256,  /* is tried once more: see route_again */
	ROUTE_TAKES = ROUTE_REMOVE | ROUTE_RENAME | ROUTE_UNLINK,
};

struct route {
	const char *path; /* what to give to the real call */
	int guard;	  /* in whose backing it leads, or -1 */
	/* The rest is the route's own. */
	enum view_kind kind;
	enum follow follow;
	int dirfd, error, fd;
	unsigned intent;
	size_t len;
	bool taken; /* a guarded directory itself would be renamed */
	struct walk *walk;
};

/*
 * The usual cases, in as few instructions as they take: PATH itself where it
 * plainly leads elsewhere; its backing's path, written to ROOM, where it is
 * plainly in one that exists and is not shared; NULL where there is more to
 * it, and a route is needed. SPAN is what view_scan returned.
 */
const char *route_quick(char room[ROUTE_QUICK], const char *path, size_t span);

/*
 * Finds out what PATH needs, seen from DIRFD (AT_FDCWD: the working
 * directory). Returns the size of the room that route_go wants, at least 1.
 */
size_t route_plan(struct route *route, int dirfd, const char *path, enum follow follow,
		  unsigned intent);

/*
 * After route_plan, for what follows a path of PATH_MAX or more without the kernel: has
 * it walked where it needs more than to go as it is. The path can be read.
 */
void route_plan_long(struct route *route);

/* Sets route->path. 0, or -1 with the errno that the call has to fail with. */
int route_go(struct route *route, char *room);

/*
 * Between route_go and rename(2): a guarded directory that would become itself,
 * which is no more than a question, is the real one for the kernel to answer.
 */
void route_rename(struct route *from, struct route *to);

/*
 * Ends the first of two routes when the second one cannot be gone: the kernel
 * would have looked at the first path before, and what it says of that counts.
 */
void route_end_first(struct route *first);

/*
 * After a call that has failed, in a confined session (session/confine.h): whether the
 * kernel has refused what an exact walk of the path leads elsewhere, so that the call is
 * to be tried once more, by the path that is in the route now. OTHER is the second path's
 * route, or NULL. Keeps errno.
 */
bool route_again(struct route *route, struct route *other);

/* Walks the path, and sets route->path where it has to be another. 0, or the errno. */
int route_walk(struct route *route);

/* Takes back what route_go opened or mapped. */
void route_end(struct route *route);

/*
 * Each path that a call is given instead of the program's own comes by here, before the
 * call: REAL instead of PATH, which is relative to the call's start. It costs nothing as
 * long as it does nothing; what traces or counts redirections goes in here. No
 * allocation, no lock, no stdio: signal handlers come by, too.
 */
static inline void redirected(const char *path, const char *real)
{
	(void)path;
	(void)real;
}

#endif
