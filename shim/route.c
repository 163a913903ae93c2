/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Routes; see route.h. */
#define _GNU_SOURCE
#include "route.h"
#include "raw.h"
#include "session.h"
#include "walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

/* Notes the guard, and whether a call below or at it is possible. */
static void enter_guard(struct route *r, int guard, const char *view,
			size_t len)
{
	size_t inside;

	r->guard = guard;
	r->error = -session_need_backing((unsigned)guard);
	if (r->intent & ROUTE_WRITE)
		session_wrote();
	/* A guarded directory is to the program what a mount point is. */
	if ((r->intent & ROUTE_REMOVE) && !r->error &&
	    view_guard_of(view, len, &inside) >= 0 && inside == len)
		r->error = EBUSY;
}

/* Copies N bytes, in a loop that is shorter than a call where N is small. */
static inline char *copy(char *to, const char *from, size_t n)
{
#ifdef __SSE2__
	/* Both have room for whole words behind their end. */
	for (size_t i = 0; i < n; i += 16)
		_mm_storeu_si128((__m128i *)(to + i),
				 _mm_loadu_si128((const __m128i *)(from + i)));
#else
	memcpy(to, from, n);
#endif
	return to + n;
}

__attribute__((no_sanitize("address", "thread")))
const char *route_quick(char room[ROUTE_QUICK], const char *path,
			unsigned intent)
{
	const struct session *s = &pt_session;
	const struct quick_guard *g;
	size_t len, inside;
	int guard;

	if (unlikely(s->state != SESSION_LIVE))
		return NULL;
	guard = view_quick(path, &len, &inside);
	if (guard == QUICK_ELSEWHERE)
		return path;
	if (guard < 0 || !(s->made & 1u << guard) || inside == len ||
	    (pt_view.suspect[(unsigned char)path[inside]] & SUSPECT_SHARE))
		return NULL;
	g = &pt_view.quick[guard];
	if (g->root_len + len + 32 > ROUTE_QUICK)
		return NULL;
	if ((intent & ROUTE_WRITE) && s->page[LEASE_REAPER] == '.')
		session_wrote();
	copy(copy(room, g->root, g->root_len), path, len + 1);
	return room;
}

size_t route_plan(struct route *r, int dirfd, const char *path,
		  enum follow follow, unsigned intent)
{
	unsigned guard = 0;

	r->path = path;
	r->guard = -1;
	r->walk = NULL;
	r->fd = -1;
	r->error = 0;
	r->dirfd = dirfd;
	r->follow = follow;
	r->intent = intent;
	r->error = session_need();
	if (r->error) {
		/* No session: what is guarded must fail, all else must work. */
		r->kind = view_kind(path, dirfd == AT_FDCWD, &guard, &r->len);
		if (r->kind == VIEW_PASS)
			r->error = 0;
		return 1;
	}
	r->kind = view_kind(path, dirfd == AT_FDCWD, &guard, &r->len);
	if (r->kind != VIEW_GUARDED)
		return 1;
	size_t inside = 0;

	view_guard_of(path, r->len, &inside);
	if (view_is_shared(path, r->len, inside)) {
		r->kind = VIEW_PASS;
		return 1;
	}
	enter_guard(r, (int)guard, path, r->len);
	return pt_view.policy->guard[guard].root.len + r->len + 1;
}

/*
 * A real path that is too long for the kernel although the program's own was
 * not: its first half becomes a descriptor. Rewrites in place.
 */
static int shorten(struct route *r, char *real, size_t len)
{
	size_t cut = PATH_MAX - 1, n;
	char name[RAW_FD_PATH];

	if (len < PATH_MAX) {
		r->path = real;
		return 0;
	}
	while (cut && real[cut] != '/')
		cut--;
	if (cut < RAW_FD_PATH)
		return ENAMETOOLONG;
	real[cut] = '\0';
	r->fd = raw_openat(AT_FDCWD, real, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	if (r->fd < 0) {
		int error = -r->fd;

		r->fd = -1;
		return error;
	}
	real[cut] = '/';
	n = raw_fd_path(r->fd, name);
	memcpy(real + cut - n, name, n);
	r->path = real + cut - n;
	return 0;
}

static int go_guarded(struct route *r, char *room)
{
	const struct quick_guard *guard = &pt_view.quick[r->guard];
	size_t len = guard->root_len + r->len;

	memcpy(room, guard->root, guard->root_len);
	memcpy(room + guard->root_len, r->path, r->len + 1);
	r->path = room;
	return likely(len < PATH_MAX) ? 0 : shorten(r, room, len);
}

static int go_walking(struct route *r)
{
	size_t len;
	int error, guard, ret;
	char *real;

	r->walk = walk_begin(&error);
	if (!r->walk)
		return error;
	ret = walk_path(r->walk, r->dirfd, r->path, r->len, r->follow);
	if (ret < 0)
		return -ret;
	real = walk_real(r->walk, &len, &guard);
	if (guard >= 0)
		enter_guard(r, guard, walk_view(r->walk), r->walk->len);
	if (r->error || !r->walk->crossed)
		return r->error;
	return shorten(r, real, len);
}

int route_go(struct route *r, char *room)
{
	if (!r->error) {
		if (likely(r->kind == VIEW_GUARDED))
			r->error = go_guarded(r, room);
		else if (r->kind == VIEW_WALK)
			r->error = go_walking(r);
	}
	if (likely(!r->error))
		return 0;
	route_end(r);
	errno = r->error;
	return -1;
}

void route_end(struct route *r)
{
	if (unlikely(r->fd >= 0))
		raw_close(r->fd);
	if (unlikely(r->walk != NULL))
		walk_end(r->walk);
	r->fd = -1;
	r->walk = NULL;
}
