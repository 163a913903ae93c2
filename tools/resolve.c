/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where paths lead; see resolve.h. */
#include "resolve.h"
#include "session/session.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static void put_path(char *out, const char *path)
{
	if (out)
		snprintf(out, RESOLVE_PATH, "%s", path);
}

/* As the shim does where the glance is not enough. */
static int walk(const char *path, char *view, char *out)
{
	int error, guard, ret;
	size_t len;
	struct walk *walk = walk_begin(&error);

	if (!walk)
		return error;
	ret = walk_path(walk, AT_FDCWD, path, strlen(path), FOLLOW);
	if (ret == 0 && walk->crossed) {
		put_path(view, walk_view(walk));
		put_path(out, walk_real(walk, &len, &guard));
	} else {
		put_path(view, path);
		put_path(out, path);
	}
	walk_end(walk);
	return -ret;
}

int resolve_path(const char *path, char view[RESOLVE_PATH], char out[RESOLVE_PATH])
{
	unsigned guard;
	size_t len, inside;

	put_path(view, path);
	put_path(out, path);
	switch (view_kind(path, true, &guard, &len)) {
	case VIEW_WALK: return walk(path, view, out);
	case VIEW_GUARDED:
		view_guard_of(path, len, &inside);
		if (out && !view_is_shared(path, len, inside)) {
			const struct text *prefix = &pt_view.policy->guard[guard].prefix;

			snprintf(out, RESOLVE_PATH, "%.*s%s", (int)prefix->len,
				 prefix->at, path);
		}
		return 0;
	default: return 0;
	}
}
