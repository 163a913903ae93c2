/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of a path that have no link; see walk.h. */
#define _GNU_SOURCE
#include "core/sys.h"
#include "route/walk.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>

/* From so many bytes on a descriptor is kept, since the kernel takes long over them. */
enum { DEEP = 512 };

/*
 * How much of what is ahead goes down by names alone, but for the last of them, where
 * that is worth more than to look at each.
 */
static size_t plain_stretch(const struct walk *walk, const char *ahead)
{
	enum { WORTH = 3 };
	const char *end = walk->ahead + WALK_AHEAD, *last = ahead;
	int names = 1;

	for (const char *at = ahead; at < end; at++) {
		if (*at != '/')
			continue;
		/* "//", "/.", "/..", and the end. */
		if (at + 1 == end || at[1] == '/' ||
		    (at[1] == '.' && (at + 2 == end || at[2] == '/' || at[2] == '.')))
			break;
		last = at + 1;
		names++;
	}
	return names > WORTH && *ahead != '.' ? (size_t)(last - ahead) : 0;
}

char *walk_over_plain(struct walk *walk, char *ahead)
{
	const struct open_how how = {
		.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS,
	};
	const size_t before = walk->len, n = plain_stretch(walk, ahead);
	const bool was = walk_is_private(walk);
	size_t len;
	long fd = -1;
	int guard;
	char *real;

	if (!n || walk->deleted || walk->foreign || walk->more_len)
		return ahead;
	if (!walk_append(walk, ahead, n - 1))
		return ahead;
	real = walk_real(walk, &len, &guard);
	/* On the way to what is guarded, or shared, each step counts. */
	if ((guard >= 0) == was && len < PATH_MAX &&
	    (was || view_guard_of(real, len, NULL) < 0))
		fd = SYS4(SYS_openat2, AT_FDCWD, real, &how, sizeof how);
	if (fd < 0) {
		walk_truncate(walk, before);
		return ahead;
	}
	if (n < DEEP) {
		sys_close((int)fd);
	} else {
		walk_forget_deep(walk);
		walk->deep = sys_move_apart((int)fd);
		walk->deep_len = walk->len;
	}
	return ahead + n;
}

void walk_forget_deep(struct walk *walk)
{
	if (walk->deep >= 0)
		sys_close(walk->deep);
	walk->deep = -1;
}

const char *walk_deep_name(struct walk *walk)
{
	const char *name = walk_view(walk) + walk->deep_len + 1;

	if (likely(walk->deep < 0) || walk->len <= walk->deep_len + 1)
		return NULL;
	return strchr(name, '/') ? NULL : name;
}
