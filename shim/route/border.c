/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Links across the border; see border.h. */
#define _GNU_SOURCE
#include "route/border.h"
#include "core/report.h"
#include "core/sys.h"
#include "session/hints_use.h"
#include "policy/scan.h"
#include "session/session.h"
#include "route/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

/* Not needed in a mixed session, where every path is walked. */
static void note_link(unsigned char kind)
{
	if (view_is_mixed())
		kind &= (unsigned char)~(LINKS_INSIDE | LINKS_UP);
	if (kind)
		session_links(kind);
}

/* The type of what is at PATH, where it is a link or a directory; else 0. */
static unsigned kind_at(int dirfd, const char *path)
{
	struct statx st;

	if (sys_statx(dirfd, path, AT_SYMLINK_NOFOLLOW, &st) < 0)
		return 0;
	return S_ISLNK(st.stx_mode) || S_ISDIR(st.stx_mode) ? st.stx_mode & S_IFMT : 0;
}

/* Whether a route that starts at DIRFD may end in a backing: relative ones are not walked. */
static bool may_be_inside(const struct route *r, int dirfd)
{
	if (r->guard >= 0)
		return true;
	return (dirfd != AT_FDCWD || pt_view.cwd_inside) && view_length(r->path) > 0 &&
	       r->path[0] != '/';
}

void border_moving(const struct route *from, int fromfd, const struct route *to)
{
	const bool within = from->guard == to->guard;
	const bool from_inside = may_be_inside(from, fromfd);
	const bool to_inside = may_be_inside(to, to->dirfd);
	const unsigned up = (to_inside ? LINKS_UP : 0) |
			    (to->guard < 0 ? LINKS_UP_OUTSIDE : 0);
	const unsigned across = LINKS_ACROSS | LINKS_UP | up;
	unsigned kind, back;
	bool leaves = false;

	if (!pt_view.policy)
		return;
	/* Within one backing, only ".." in a link can change its meaning. */
	if (within && !(view_links() & up))
		return;
	kind = kind_at(fromfd, from->path);
	/* RENAME_EXCHANGE moves the target, too. */
	back = kind_at(to->dirfd, to->path);
	if ((kind && to_inside) || (back && from_inside))
		note_link(LINKS_INSIDE);
	if (kind && to->guard < 0)
		leaves |= S_ISLNK(kind) || (view_links() & across);
	if (back && from->guard < 0)
		leaves |= S_ISLNK(back) || (view_links() & across);
	if (leaves)
		note_link(LINKS_OUTSIDE);
}

/* What a link's text tells by its words. */
struct words {
	unsigned up;	  /* number of ".." at its beginning */
	bool later_up;	  /* has a ".." behind a name */
	const char *tail; /* what follows the last ".." */
};

static struct words words_of(const char *text)
{
	struct words words = { 0, false, text };
	bool named = text[0] == '/';

	for (const char *at = text; *at;) {
		size_t n = strcspn(at, "/");
		const char *next = at + n + (at[n] == '/');

		if (n == 2 && at[0] == '.' && at[1] == '.') {
			words.later_up |= named;
			words.up += !named;
			words.tail = next;
		} else if (n && !(n == 1 && at[0] == '.')) {
			named = true;
		}
		at = next;
	}
	return words;
}

/* The number of directories between a guarded directory and a path in it. */
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

/* Walks to the place of a new link. The walk, whose result is the view's path; or NULL. */
static struct walk *locate(int dirfd, const char *path)
{
	int error;
	struct walk *walk = walk_begin(&error);

	if (!walk)
		return NULL;
	/* A length of 0: the directory has no name. */
	if (walk_path(walk, dirfd, path, strlen(path), PARENT) == 0 && walk->len)
		return walk;
	walk_end(walk);
	return NULL;
}

/* Whether VIEW may be a magic link of procfs. */
static bool is_magic(const char *view)
{
	struct statx st;

	if (strncmp(view, "/proc", 5) || (view[5] && view[5] != '/'))
		return false;
	return sys_statx(AT_FDCWD, view, AT_SYMLINK_NOFOLLOW, &st) < 0 ||
	       !S_ISREG(st.stx_mode);
}

/*
 * Whether the kernel alone could come to a guarded directory by TEXT, the text of a
 * link at WALK's path: it leads there, above it, through procfs, or up from something
 * that does not exist yet. Destroys WALK's path.
 */
static bool leads_in(struct walk *walk, const char *text)
{
	size_t len = strlen(text), dir = 0;
	const char *view = walk_view(walk);

	if (text[0] != '/')
		dir = (size_t)(text_last(view, '/', walk->len) - view) + 1;
	char whole[dir + len + 1];

	memcpy(whole, view, dir);
	memcpy(whole + dir, text, len + 1);
	if (dir + len >= PATH_MAX ||
	    walk_path(walk, AT_FDCWD, whole, dir + len, FOLLOW) < 0)
		return true;
	return walk->crossed || walk->jumped || view_above_guard(view, walk->len) ||
	       is_magic(view) || (!walk->complete && strstr(view, "/.."));
}

/* Whether TAIL, seen from a directory above a guarded one, may lead into it. */
static bool may_enter(const char *tail)
{
	unsigned guard;
	size_t len = strlen(tail);

	return !len || view_kind_of(tail, len, false, &guard) != VIEW_PASS;
}

/* Notes a relative link in a backing, at WALK's path. */
static void note_inside(struct walk *walk, const struct words *words)
{
	const unsigned depth = depth_of(walk_view(walk), walk->len);

	/* A name behind which there is a ".." may be a link, now or later. */
	note_link(words->later_up || words->up > depth ? LINKS_INSIDE : LINKS_UP);
}

/* Whether TEXT certainly leads to the same place for the kernel. */
static bool leads_alike(const char *text, const struct words *words,
			const struct route *to)
{
	if (text[0] != '/' && !words->up && !words->later_up && to->guard >= 0)
		return true;
	return text[strspn(text, "/")] && view_passes(text);
}

void border_making(const char *text, int dirfd, const char *path, const struct route *to)
{
	struct walk *walk;
	struct words words;
	size_t inside;
	bool is_inside;

	if (!pt_view.policy || view_length(text) <= 0 || view_length(path) <= 0)
		return;
	/* There is one like it. */
	if (to->guard >= 0 && text[0] == '/' && (view_links() & LINKS_INSIDE))
		return;
	words = words_of(text);
	if (leads_alike(text, &words, to))
		return;
	walk = locate(dirfd, path);
	if (!walk) {
		note_link(LINKS_INSIDE | LINKS_OUTSIDE);
		return;
	}
	is_inside = view_guard_of(walk_view(walk), walk->len, &inside) >= 0 &&
		    !view_is_shared(walk_view(walk), walk->len, inside);
	if (is_inside && text[0] != '/')
		note_inside(walk, &words);
	else if (leads_in(walk, text))
		note_link(is_inside ? LINKS_INSIDE : LINKS_OUTSIDE);
	else if ((text[0] != '/' || words.later_up) && may_enter(words.tail))
		note_link(LINKS_UP_OUTSIDE);
	walk_end(walk);
}

int border_refuse(const char *path, size_t len)
{
	if (path[0] != '/' || !view_above_guard(path, len))
		return 0;
	len = text_above(path, len);
	if (!len)
		return 0; /* "/" */
	char above[len + 1];

	memcpy(above, path, len);
	above[len] = '\0';
	/* Who may not move it is told so by the kernel. */
	if (sys_access(above, W_OK | X_OK) < 0)
		return 0;
	report(path, "has a guarded directory in it, so it is not moved or replaced", 0,
	       "do that without the shim");
	return EBUSY;
}
