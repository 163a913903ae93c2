/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A route: the path that a wrapped call gets instead of the program's own. What a
 * wrapper does with a path that may need one:
 *
 *     struct route r;
 *     char room[route_plan(&r, dirfd, path, FOLLOW, ROUTE_READ)];
 *
 *     if (route_go(&r, room) < 0)
 *             return -1;
 *     ret = real(..., r.path, ...);
 *     route_end(&r);
 *
 * The room is on the caller's stack, as large as the path needs. A walk has pages of
 * its own. All three keep errno, except for a failed route_go.
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
	ROUTE_WRITE = 1,    /* may leave a file behind */
	ROUTE_REMOVE = 2,   /* would remove a guarded directory */
	ROUTE_RENAME = 4,   /* would move or replace a guarded directory */
	ROUTE_UNLINK = 8,   /* unlink(2): would remove it if it were no directory */
	ROUTE_CREATE = 16,  /* creates it; set by route_plan from FOLLOW */
	ROUTE_LEXICAL = 32, /* see walk.h */
	ROUTE_LINK = 64,    /* makes a hard link to it */
	ROUTE_PIN = 128,    /* uses the path for this call alone */
	ROUTE_AGAIN = 256,  /* is tried again: see route_again */
	ROUTE_TAKES = ROUTE_REMOVE | ROUTE_RENAME | ROUTE_UNLINK,
};

struct route {
	const char *path; /* for the real call */
	int guard;	  /* index of the guard in whose backing it leads */
	/* The rest is private. */
	enum view_kind kind;
	enum follow follow;
	int dirfd, error, fd;
	unsigned intent;
	size_t len;
	bool taken; /* a guarded directory would be renamed */
	unsigned char recounts;
	struct walk *walk;
};

/*
 * The usual cases, in as few instructions as possible. Returns PATH where it plainly
 * leads elsewhere; the backing's path, written to ROOM, where PATH plainly lies in an
 * existing one and is not shared; NULL where a route is needed. SPAN is the result of
 * view_scan.
 */
const char *route_quick(char room[ROUTE_QUICK], const char *path, size_t span);

/*
 * Determines what PATH needs, seen from DIRFD (or AT_FDCWD). Returns the size of the
 * room for route_go, at least 1.
 */
size_t route_plan(struct route *route, int dirfd, const char *path, enum follow follow,
		  unsigned intent);

/*
 * After route_plan, for functions that follow a path of PATH_MAX or more themselves:
 * has it walked where it cannot go as it is. The path must be readable.
 */
void route_plan_long(struct route *route);

/* Sets route->path. 0, or -1 with the errno that the call has to fail with. */
int route_go(struct route *route, char *room);

/*
 * Between route_go and rename(2): renaming a guarded directory to itself changes
 * nothing, and the kernel answers for the real directory.
 */
void route_rename(struct route *from, struct route *to);

/*
 * Ends the first of two routes where the second has failed: the kernel checks the first
 * path first, so its error counts.
 */
void route_end_first(struct route *first);

/*
 * After a failed call: whether the kernel may have counted links of the route's own
 * twice. The call is then repeated as it is. Keeps errno.
 */
bool route_recount(struct route *route);

/*
 * The same, or in a confined session (session/confine.h) whether the kernel has refused a
 * path that an exact walk leads elsewhere. The call is then repeated with the new path in
 * the route. OTHER is the second path's route, or NULL. Keeps errno.
 */
bool route_again(struct route *route, struct route *other);

/*
 * Whether PATH may contain a link. One call to the kernel tells, where it has it. Behind
 * what does not exist there is none.
 */
bool route_may_have_link(int dirfd, const char *path);

/* Walks the path, and sets route->path where it differs. 0, or the errno. */
int route_walk(struct route *route);

/* Releases what route_go opened or mapped. */
void route_end(struct route *route);

/*
 * Every redirection comes by here, before the call: REAL replaces PATH, which is
 * relative to the call's start. A place to trace or count redirections; it costs
 * nothing while it is empty. No allocation, lock or stdio: signal handlers come by,
 * too.
 */
static inline void redirected(const char *path, const char *real)
{
	(void)path;
	(void)real;
}

#endif
