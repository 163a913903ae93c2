/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fts(3): the walk, and the calls; see fts_tree.h. */
#define _GNU_SOURCE
#include "wrap/tree.h"
#include "wrap/wrap.h"

/* musl has it in a separate library, which uses the other wrappers. */
#ifdef __GLIBC__

#include "wrap/fts_tree.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void free_children(FTS *fts)
{
	fts_free_list(fts->fts_child);
	fts->fts_child = NULL;
}

/* -- Walking on -- */

/* Follows the link E, and keeps a way back. */
static void enter_link(FTS *fts, FTSENT *e)
{
	e->fts_info = fts_look(fts, e, true);
	if (e->fts_info != FTS_D || (fts->fts_options & FTS_NOCHDIR))
		return;
	e->fts_symfd = open(".", O_RDONLY);
	if (e->fts_symfd < 0) {
		e->fts_errno = errno;
		e->fts_info = FTS_ERR;
	} else {
		e->fts_flags |= FTS_SYMFOLLOW;
	}
}

/* Makes E the current entry, with its name at the end of the path. */
static FTSENT *arrive_at(FTS *fts, FTSENT *e)
{
	char *at = fts->fts_path + fts_path_end(e->fts_parent);

	fts->fts_cur = e;
	*at++ = '/';
	memcpy(at, e->fts_name, (size_t)e->fts_namelen + 1);
	return e;
}

/* Makes E, one of those that fts_open was given, the current entry. */
static FTSENT *arrive_at_root(FTS *fts, FTSENT *e)
{
	char *base = strrchr(e->fts_name, '/');

	fts->fts_cur = e;
	if (fts_go_to(fts, fts->fts_rfd) < 0)
		return fts_stop(fts);
	e->fts_pathlen = e->fts_namelen;
	memcpy(fts->fts_path, e->fts_name, (size_t)e->fts_namelen + 1);
	if (base && (base != e->fts_name || base[1])) {
		size_t n = strlen(++base);

		memmove(e->fts_name, base, n + 1);
		e->fts_namelen = (unsigned short)n;
	}
	e->fts_accpath = e->fts_path = fts->fts_path;
	fts->fts_dev = e->fts_dev;
	return e;
}

/* Skips the directory E. */
static FTSENT *pass_by(FTS *fts, FTSENT *e)
{
	if (e->fts_flags & FTS_SYMFOLLOW)
		sys_close(e->fts_symfd);
	free_children(fts);
	e->fts_info = FTS_DP;
	return e;
}

/* Descends into the directory E. */
static FTSENT *go_down(FTS *fts, FTSENT *e)
{
	FTSENT *first;

	if (fts->fts_child && (fts->fts_options & FTS_NAMEONLY)) {
		fts->fts_options &= ~FTS_NAMEONLY;
		free_children(fts);
	}
	if (!fts->fts_child) {
		fts->fts_child = fts_directory(fts, WALK);
		if (!fts->fts_child)
			return fts->fts_options & FTS_STOP ? NULL : e;
	} else if (fts_enter(fts, e, -1, e->fts_accpath) < 0) {
		e->fts_errno = errno;
		e->fts_flags |= FTS_DONTCHDIR;
		for (FTSENT *c = fts->fts_child; c; c = c->fts_link)
			c->fts_accpath = c->fts_parent->fts_accpath;
	}
	first = fts->fts_child;
	fts->fts_child = NULL;
	return arrive_at(fts, first);
}

/* Returns to the directory E, which has been visited. */
static FTSENT *leave_directory(FTS *fts, FTSENT *e)
{
	int ret = 0, saved;

	fts->fts_cur = e;
	if (e->fts_level == FTS_ROOTPARENTLEVEL) {
		free(e);
		fts->fts_cur = NULL;
		errno = 0; /* the end, not an error */
		return NULL;
	}
	fts->fts_path[e->fts_pathlen] = '\0';
	if (e->fts_level == FTS_ROOTLEVEL) {
		ret = fts_go_to(fts, fts->fts_rfd);
	} else if (e->fts_flags & FTS_SYMFOLLOW) {
		ret = fts_go_to(fts, e->fts_symfd);
		saved = errno;
		sys_close(e->fts_symfd);
		errno = saved;
	} else if (!(e->fts_flags & FTS_DONTCHDIR)) {
		ret = fts_enter(fts, e->fts_parent, -1, "..");
	}
	if (ret < 0)
		return fts_stop(fts);
	e->fts_info = e->fts_errno ? FTS_ERR : FTS_DP;
	return e;
}

/* Goes on after the entry E. */
static FTSENT *go_on_from(FTS *fts, FTSENT *e)
{
	for (;;) {
		FTSENT *done = e;

		e = e->fts_link;
		if (!e) {
			e = done->fts_parent;
			free(done);
			return leave_directory(fts, e);
		}
		fts->fts_cur = e;
		free(done);
		if (e->fts_level == FTS_ROOTLEVEL)
			return arrive_at_root(fts, e);
		if (e->fts_instr == FTS_SKIP)
			continue;
		if (e->fts_instr == FTS_FOLLOW) {
			enter_link(fts, e);
			e->fts_instr = FTS_NOINSTR;
		}
		return arrive_at(fts, e);
	}
}

static FTSENT *read_next(FTS *fts)
{
	FTSENT *e = fts->fts_cur;
	int order;

	if (!e || (fts->fts_options & FTS_STOP))
		return NULL;
	order = e->fts_instr;
	e->fts_instr = FTS_NOINSTR;
	if (order == FTS_AGAIN) {
		e->fts_info = fts_look(fts, e, false);
		return e;
	}
	if (order == FTS_FOLLOW && (e->fts_info == FTS_SL || e->fts_info == FTS_SLNONE)) {
		enter_link(fts, e);
		return e;
	}
	if (e->fts_info != FTS_D)
		return go_on_from(fts, e);
	if (order == FTS_SKIP ||
	    ((fts->fts_options & FTS_XDEV) && e->fts_dev != fts->fts_dev))
		return pass_by(fts, e);
	return go_down(fts, e);
}

static FTSENT *read_children(FTS *fts, int order)
{
	FTSENT *here = fts->fts_cur;
	enum purpose purpose = order == FTS_NAMEONLY ? NAMES : CHILDREN;
	int back;

	if (order && order != FTS_NAMEONLY) {
		errno = EINVAL;
		return NULL;
	}
	errno = 0; /* so that an empty directory is no error */
	if (fts->fts_options & FTS_STOP)
		return NULL;
	if (here->fts_info == FTS_INIT)
		return here->fts_link;
	if (here->fts_info != FTS_D)
		return NULL;
	free_children(fts);
	if (purpose == NAMES)
		fts->fts_options |= FTS_NAMEONLY;
	if (here->fts_level != FTS_ROOTLEVEL || here->fts_accpath[0] == '/' ||
	    (fts->fts_options & FTS_NOCHDIR))
		return fts->fts_child = fts_directory(fts, purpose);
	/* The start may be relative to the working directory. */
	back = open(".", O_RDONLY);
	if (back < 0)
		return NULL;
	fts->fts_child = fts_directory(fts, purpose);
	if (fchdir(back) < 0)
		return NULL;
	sys_close(back);
	return fts->fts_child;
}

/* -- Opening -- */

/* Makes entries for the paths to be walked. False with errno set. */
static bool make_roots(FTS *fts, char *const *paths, FTSENT *above, FTSENT **head,
		       int *items)
{
	FTSENT *tail = NULL;

	for (*items = 0; paths[*items]; ++*items) {
		const char *path = paths[*items];
		FTSENT *e = NULL;

		if (*path)
			e = fts_entry(fts, path, strlen(path));
		else
			errno = ENOENT;
		if (!e)
			return false;
		e->fts_level = FTS_ROOTLEVEL;
		e->fts_parent = above;
		e->fts_accpath = e->fts_name;
		e->fts_info = fts_look(fts, e, fts->fts_options & FTS_COMFOLLOW);
		if (e->fts_info == FTS_DOT)
			e->fts_info = FTS_D;
		if (fts->fts_compar || !tail) {
			e->fts_link = *head;
			*head = e;
		} else {
			tail->fts_link = e;
		}
		tail = e;
	}
	return true;
}

static FTS *open_tree(char *const *paths, int options, void *compare)
{
	FTS *fts = calloc(1, sizeof *fts);
	FTSENT *above = NULL, *head = NULL;
	size_t longest = FTS_START;
	int items = 0;

	if (!fts)
		return NULL;
	for (int i = 0; paths[i]; i++)
		if (strlen(paths[i]) + 1 > longest)
			longest = strlen(paths[i]) + 1;
	fts->fts_compar = (int (*)(const void *, const void *))compare;
	fts->fts_options = options | FTS_OURS | (options & FTS_LOGICAL ? FTS_NOCHDIR : 0);
	if (fts_grow_path(fts, longest) && (above = fts_entry(fts, "", 0))) {
		above->fts_level = FTS_ROOTPARENTLEVEL;
		if (make_roots(fts, paths, above, &head, &items))
			fts->fts_cur = fts_entry(fts, "", 0);
	}
	if (!fts->fts_cur) {
		fts_free_list(head);
		free(above);
		free(fts->fts_path);
		free(fts);
		return NULL;
	}
	if (compare && items > 1)
		head = fts_sort(fts, head, items);
	/* As if an entry before the first one had just been visited. */
	fts->fts_cur->fts_link = head;
	fts->fts_cur->fts_parent = above;
	fts->fts_cur->fts_info = FTS_INIT;
	if (!(fts->fts_options & FTS_NOCHDIR)) {
		fts->fts_rfd = open(".", O_RDONLY);
		if (fts->fts_rfd < 0)
			fts->fts_options |= FTS_NOCHDIR;
	}
	return fts;
}

/* Whether one of the trees has to be walked here. */
static bool any_is_ours(char *const *paths)
{
	for (; *paths; paths++)
		if (tree_is_ours(*paths))
			return true;
	return false;
}

#define FTS_CALLS(prefix, suffix) \
	WRAP(void *, prefix##_open##suffix, char *const *paths, int options, \
	     void *compare); \
	void *pt_##prefix##_open##suffix(char *const *paths, int options, void *compare) \
	{ \
		if ((options & ~FTS_OPTIONMASK) || !any_is_ours(paths)) \
			return REAL(prefix##_open##suffix)(paths, options, compare); \
		return open_tree(paths, options, compare); \
	} \
	WRAP(void *, prefix##_read##suffix, FTS *fts); \
	void *pt_##prefix##_read##suffix(FTS *fts) \
	{ \
		if (!(fts->fts_options & FTS_OURS)) \
			return REAL(prefix##_read##suffix)(fts); \
		return read_next(fts); \
	} \
	WRAP(void *, prefix##_children##suffix, FTS *fts, int order); \
	void *pt_##prefix##_children##suffix(FTS *fts, int order) \
	{ \
		if (!(fts->fts_options & FTS_OURS)) \
			return REAL(prefix##_children##suffix)(fts, order); \
		return read_children(fts, order); \
	}

/* fts_large.h names its own. */
#ifndef FTS_LARGE
FTS_CALLS(fts, )
#ifdef __LP64__
FTS_CALLS(fts64, )
#endif
#endif

#endif
