/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Links across the border; see border.h. */
#define _GNU_SOURCE
#include "route/border.h"
#include "core/sys.h"
#include "session/session.h"
#include "route/walk.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

void border_moving(const struct route *from, int fromfd, const struct route *to)
{
	struct statx st;
	bool across = from->guard != to->guard;

	if (!pt_view.policy || (from->guard < 0 && to->guard < 0))
		return;
	/* Within one backing only a ".." can come to lead further out. */
	if (!across && !(*pt_view.links & LINKS_UP))
		return;
	if (sys_statx(fromfd, from->path, AT_SYMLINK_NOFOLLOW, &st) < 0 ||
	    !(S_ISLNK(st.stx_mode) || S_ISDIR(st.stx_mode)))
		return;
	if (to->guard >= 0)
		session_links(LINKS_INSIDE);
	else if (S_ISLNK(st.stx_mode) || (*pt_view.links & LINKS_ACROSS))
		session_links(LINKS_OUTSIDE);
}

/* How many levels a relative text climbs above where it starts, at most. */
static unsigned climbs(const char *text)
{
	int level = 0, lowest = 0;

	while (*text) {
		size_t n = strcspn(text, "/");

		if (n == 2 && text[0] == '.' && text[1] == '.')
			level--;
		else if (n && !(n == 1 && text[0] == '.'))
			level++;
		if (level < lowest)
			lowest = level;
		text += n + (text[n] == '/');
	}
	return (unsigned)-lowest;
}

/* How many directories lie between a guarded directory and a view path. */
static unsigned depth_of(const char *view, size_t len)
{
	unsigned depth = 0;
	size_t at = 0;

	if (view_guard_of(view, len, &at) < 0)
		return 0;
	while (at < len) {
		while (at < len && view[at] != '/')
			at++;
		while (at < len && view[at] == '/')
			at++;
		depth += at < len;
	}
	return depth;
}

/* The view's path of a link that is to be made: the walk's result, or NULL. */
static struct walk *locate(int dirfd, const char *path)
{
	int error;
	struct walk *walk = walk_begin(&error);

	if (!walk)
		return NULL;
	/* Without a length: without a name. */
	if (walk_path(walk, dirfd, path, strlen(path), PARENT) == 0 && walk->len)
		return walk;
	walk_end(walk);
	return NULL;
}

/* Whether TEXT, read from a link outside at WALK's path, leads into a guard. */
static bool leads_in(struct walk *walk, const char *text)
{
	size_t len = strlen(text);
	char *slash = memrchr(walk_view(walk), '/', walk->len);
	size_t dir = (size_t)(slash - walk_view(walk)) + 1;
	char whole[dir + len + 1];

	if (text[0] == '/')
		dir = 0;
	memcpy(whole, walk_view(walk), dir);
	memcpy(whole + dir, text, len + 1);
	return walk_path(walk, AT_FDCWD, whole, dir + len, FOLLOW) < 0 ||
	       walk->crossed;
}

void border_making(const char *text, int dirfd, const char *path,
		  const struct route *to)
{
	unsigned guard, up;
	ptrdiff_t len;
	size_t inside;
	struct walk *walk;
	bool is_inside, maybe;

	if (!pt_view.policy || (len = view_length(text)) <= 0 ||
	    view_length(path) <= 0)
		return;
	up = text[0] == '/' ? 0 : climbs(text);
	maybe = view_kind_of(text, (size_t)len, false, &guard) != VIEW_PASS;
	if (!up && (text[0] != '/' || !maybe))
		return;		/* leads to the same place for the kernel */
	if (to->guard < 0 && !maybe && !pt_view.cwd_inside &&
	    dirfd == AT_FDCWD)
		return;
	walk = locate(dirfd, path);
	if (!walk) {
		session_links(LINKS_INSIDE | LINKS_OUTSIDE);
		return;
	}
	is_inside = view_guard_of(walk_view(walk), walk->len, &inside) >= 0 &&
		    !view_is_shared(walk_view(walk), walk->len, inside);
	if (is_inside && text[0] != '/' &&
	    up <= depth_of(walk_view(walk), walk->len))
		session_links(LINKS_UP);
	else if (is_inside)
		session_links(LINKS_INSIDE);
	else if (maybe && leads_in(walk, text))
		session_links(LINKS_OUTSIDE);
	walk_end(walk);
}
