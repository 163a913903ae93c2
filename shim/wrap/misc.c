/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Paths that libc keeps, or composes itself: message catalogues, terminal names, mount
 * points.
 */
#define _GNU_SOURCE
#include "route/out.h"
#include "wrap/libc_env.h"
#include "wrap/wrap.h"

#include <limits.h>
#include <mntent.h>

WRAP(char *, bindtextdomain, const char *domain, const char *dir);

/*
 * libc keeps the path, opens catalogues by it, and returns it; the view's path is its
 * end. It resolves a relative one at the time of use: only one that leads into a backing
 * is resolved here.
 */
char *pt_bindtextdomain(const char *domain, const char *dir)
{
	struct route r;
	char *kept;

	/* NULL is a question. */
	if (!dir)
		return (char *)out_view(REAL(bindtextdomain)(domain, dir));
	char room[route_plan(&r, AT_FDCWD, dir, FOLLOW, ROUTE_READ)];

	if (route_go(&r, room) < 0)
		return NULL;
	kept = REAL(bindtextdomain)(domain, r.path);
	route_end(&r);
	return (char *)out_view(kept);
}

WRAP(void *, catopen, const char *name, int flag);

void *pt_catopen(const char *name, int flag)
{
	struct route r;
	void *catalogue;

	/* A name without a slash is searched along $NLSPATH. */
	if (!strchr(name, '/')) {
		bool led = libc_env_begin();

		catalogue = REAL(catopen)(name, flag);
		if (led)
			libc_env_end();
		return catalogue;
	}
	char room[route_plan(&r, AT_FDCWD, name, FOLLOW, ROUTE_READ)];

	if (route_go(&r, room) < 0)
		return (void *)-1;
	catalogue = REAL(catopen)(r.path, flag);
	route_end(&r);
	return catalogue;
}

WRAP(char *, ttyname, int fd);

char *pt_ttyname(int fd)
{
	return (char *)out_view(REAL(ttyname)(fd));
}

typedef int ttyname_r_fn(int fd, char *out, size_t size);

/* The view's name may fit where libc's does not. */
static int view_ttyname(ttyname_r_fn *real, int fd, char *out, size_t size)
{
	char name[PATH_MAX];
	int error = real(fd, out, size);
	size_t len, skip;

	if (!error) {
		out_cut(out);
		return 0;
	}
	if (error != ERANGE || !pt_view.policy || real(fd, name, sizeof name) != 0)
		return error;
	len = strlen(name);
	skip = out_skip(name, len);
	if (!skip || len - skip + 1 > size)
		return error;
	memcpy(out, name + skip, len - skip + 1);
	return 0;
}

WRAP(int, ttyname_r, int fd, char *out, size_t size);

int pt_ttyname_r(int fd, char *out, size_t size)
{
	return view_ttyname(REAL(ttyname_r), fd, out, size);
}

WRAP(int, __ttyname_r_chk, int fd, char *out, size_t size, size_t room);

int pt___ttyname_r_chk(int fd, char *out, size_t size, size_t room)
{
	if (size > room) /* aborts */
		return REAL(__ttyname_r_chk)(fd, out, size, room);
	return pt_ttyname_r(fd, out, size);
}

/* What was mounted in the view is listed at the backing's path. */
static struct mntent *view_mntent(struct mntent *entry)
{
	if (entry && entry->mnt_dir && pt_view.policy)
		out_cut(entry->mnt_dir);
	return entry;
}

WRAP(struct mntent *, getmntent, void *stream);

struct mntent *pt_getmntent(void *stream)
{
	return view_mntent(REAL(getmntent)(stream));
}

#define GETMNTENT_R(name) \
	WRAP(struct mntent *, name, void *stream, struct mntent *entry, char *room, \
	     int size); \
	struct mntent *pt_##name(void *stream, struct mntent *entry, char *room, \
				 int size) \
	{ \
		return view_mntent(REAL(name)(stream, entry, room, size)); \
	}

GETMNTENT_R(getmntent_r)
GETMNTENT_R(__getmntent_r)
