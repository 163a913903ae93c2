/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fts(3); see tree.h. FTS and FTSENT are laid out in the header and programs
 * look into them, so a walk of ours is of the same make as one of libc's, down
 * to what its fts_set and fts_close expect; a bit in its options tells them
 * apart.
 */
#define _GNU_SOURCE
#include "tree.h"
#include "wrap.h"

#if defined HAVE_fts_open && defined __GLIBC__

#include <dirent.h>
#include <fts.h>
#include <limits.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	OURS = 0x4000,		/* in fts_options, where libc has no use for it */
	STOPPED = FTS_STOP,
	PATH_START = 1024,	/* bytes of a path's buffer to begin with */
	PATH_MORE = 256,
};

/* Why a directory is read: for fts_children, for its names, or to walk on. */
enum purpose { CHILDREN, NAMES, WALK };

static bool is_dots(const char *name)
{
	return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

static void *stop(FTS *fts)
{
	fts->fts_options |= STOPPED;
	return NULL;
}

/* fchdir, unless the walk stays where it is. */
static int go_to(FTS *fts, int fd)
{
	return fts->fts_options & FTS_NOCHDIR ? 0 : fchdir(fd);
}

/* -- Entries -- */

/* An entry, its name and its status in one piece, as fts_close frees it. */
static FTSENT *make_entry(FTS *fts, const char *name, size_t len)
{
	size_t st = (offsetof(FTSENT, fts_name) + len + 1 +
		     alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	bool has_st = !(fts->fts_options & FTS_NOSTAT);
	FTSENT *e = calloc(1, (has_st ? st + sizeof(struct stat) : st) +
			      sizeof *e);

	if (!e)
		return NULL;
	memcpy(e->fts_name, name, len);
	if (has_st)
		e->fts_statp = (struct stat *)((char *)e + st);
	e->fts_namelen = (unsigned short)len;
	e->fts_path = fts->fts_path;
	e->fts_instr = FTS_NOINSTR;
	return e;
}

static void free_list(FTSENT *e)
{
	while (e) {
		FTSENT *next = e->fts_link;

		free(e);
		e = next;
	}
}

static void free_children(FTS *fts)
{
	free_list(fts->fts_child);
	fts->fts_child = NULL;
}

/* A directory above that is the same as E, or NULL. */
static FTSENT *find_cycle(const FTSENT *e)
{
	for (FTSENT *up = e->fts_parent; up->fts_level >= FTS_ROOTLEVEL;
	     up = up->fts_parent)
		if (up->fts_ino == e->fts_ino && up->fts_dev == e->fts_dev)
			return up;
	return NULL;
}

/* Finds out what E is. */
static unsigned short look(FTS *fts, FTSENT *e, bool follow)
{
	struct stat own, *st = e->fts_statp ? e->fts_statp : &own;
	int error = 0;

	if (follow || (fts->fts_options & FTS_LOGICAL)) {
		if (stat(e->fts_accpath, st) < 0) {
			error = errno;
			if (lstat(e->fts_accpath, st) == 0) {
				errno = 0;
				return FTS_SLNONE;
			}
		}
	} else if (lstat(e->fts_accpath, st) < 0) {
		error = errno;
	}
	if (error) {
		e->fts_errno = error;
		memset(st, 0, sizeof *st);
		return FTS_NS;
	}
	if (S_ISDIR(st->st_mode)) {
		e->fts_dev = st->st_dev;
		e->fts_ino = st->st_ino;
		e->fts_nlink = st->st_nlink;
		if (is_dots(e->fts_name))
			return FTS_DOT;
		e->fts_cycle = find_cycle(e);
		return e->fts_cycle ? FTS_DC : FTS_D;
	}
	return S_ISLNK(st->st_mode) ? FTS_SL :
	       S_ISREG(st->st_mode) ? FTS_F : FTS_DEFAULT;
}

/* Sorts the N entries of a list; one too long to be sorted stays as it is. */
static FTSENT *sort(FTS *fts, FTSENT *head, int n)
{
	FTSENT **array = fts->fts_array;
	int i = 0;

	if (n > fts->fts_nitems) {
		array = realloc(array, (size_t)(n + 40) * sizeof *array);
		if (!array) {
			free(fts->fts_array);
			fts->fts_array = NULL;
			fts->fts_nitems = 0;
			return head;
		}
		fts->fts_array = array;
		fts->fts_nitems = n + 40;
	}
	for (FTSENT *e = head; e; e = e->fts_link)
		array[i++] = e;
	qsort(array, (size_t)n, sizeof *array, fts->fts_compar);
	for (i = 0; i + 1 < n; i++)
		array[i]->fts_link = array[i + 1];
	array[n - 1]->fts_link = NULL;
	return array[0];
}

/* -- The path, which all entries share -- */

/* Where the path of what is in E is to go on: at a slash. */
static size_t path_end(const FTSENT *e)
{
	size_t n = e->fts_pathlen;

	return e->fts_path[n - 1] == '/' ? n - 1 : n;
}

static bool grow_path(FTS *fts, size_t more)
{
	size_t size = (size_t)fts->fts_pathlen + more + PATH_MORE;
	char *path = NULL;

	if (size >= USHRT_MAX)
		errno = ENAMETOOLONG;
	else
		path = realloc(fts->fts_path, size);
	if (!path)
		free(fts->fts_path);
	fts->fts_path = path;
	fts->fts_pathlen = (int)size;
	return path != NULL;
}

static void move_path(FTSENT *e, char *path)
{
	if (e->fts_accpath != e->fts_name)
		e->fts_accpath = path + (e->fts_accpath - e->fts_path);
	e->fts_path = path;
}

/* Makes all entries point to the path's buffer, which has moved. */
static void move_paths(FTS *fts, FTSENT *head)
{
	for (FTSENT *e = fts->fts_child; e; e = e->fts_link)
		move_path(e, fts->fts_path);
	for (FTSENT *e = head; e->fts_level >= FTS_ROOTLEVEL;
	     e = e->fts_link ? e->fts_link : e->fts_parent)
		move_path(e, fts->fts_path);
}

/* -- Reading a directory -- */

/* Goes to the directory E, if FD or else PATH is still that. */
static int enter(FTS *fts, const FTSENT *e, int fd, const char *path)
{
	struct stat st;
	int own = -1, ret = -1, saved;

	if (fts->fts_options & FTS_NOCHDIR)
		return 0;
	if (fd < 0 && (fd = own = open(path, O_RDONLY)) < 0)
		return -1;
	if (fstat(fd, &st) == 0) {
		if (st.st_dev != e->fts_dev || st.st_ino != e->fts_ino)
			errno = ENOENT;
		else
			ret = fchdir(fd);
	}
	saved = errno;
	if (own >= 0)
		close(own);
	errno = saved;
	return ret;
}

/* A directory while it is read. */
struct reading {
	FTS *fts;
	enum purpose purpose;
	DIR *stream;
	FTSENT *head, *tail;
	int items;
	size_t len;	/* of the path with a slash behind it */
	long stats;	/* how many more may be directories; -1: look at all */
	bool by_type;	/* the stream says what is none */
	bool moved;	/* the path's buffer has */
};

/* Gives up: the walk ends here, with errno as it is. */
static void *give_up(struct reading *r, FTSENT *last)
{
	int saved = errno;

	free(last);
	free_list(r->head);
	closedir(r->stream);
	r->fts->fts_cur->fts_info = FTS_ERR;
	errno = saved;
	return stop(r->fts);
}

/* Finds out what the new entry E is, as far as that was asked for. */
static void look_at_new(struct reading *r, FTSENT *e, unsigned char type)
{
	FTS *fts = r->fts;
	bool stays = fts->fts_options & FTS_NOCHDIR;

	e->fts_accpath = stays ? e->fts_path : e->fts_name;
	if (r->stats == 0 ||
	    (r->by_type && type != DT_DIR && type != DT_UNKNOWN)) {
		e->fts_info = FTS_NSOK;
		return;
	}
	if (stays)
		memcpy(fts->fts_path + r->len, e->fts_name,
		       (size_t)e->fts_namelen + 1);
	e->fts_info = look(fts, e, false);
	if (r->stats > 0 && (e->fts_info == FTS_D || e->fts_info == FTS_DC ||
			     e->fts_info == FTS_DOT))
		r->stats--;
}

/* Adds an entry for NAME; false when the walk has ended for it. */
static bool add_entry(struct reading *r, const char *name, unsigned char type)
{
	FTS *fts = r->fts;
	size_t n = strlen(name);
	FTSENT *e = make_entry(fts, name, n);

	if (!e)
		return give_up(r, NULL);
	if (n >= (size_t)fts->fts_pathlen - r->len) {
		char *before = fts->fts_path;

		if (!grow_path(fts, n + r->len + 1))
			return give_up(r, e);
		r->moved |= fts->fts_path != before;
		e->fts_path = fts->fts_path;
	}
	if (r->len + n >= USHRT_MAX) {
		errno = ENAMETOOLONG;
		return give_up(r, e);
	}
	e->fts_level = (short)(fts->fts_cur->fts_level + 1);
	e->fts_parent = fts->fts_cur;
	e->fts_pathlen = (unsigned short)(r->len + n);
	look_at_new(r, e, type);
	if (r->tail)
		r->tail->fts_link = e;
	else
		r->head = e;
	r->tail = e;
	r->items++;
	return true;
}

/* How many entries of the directory E have to be looked at; see struct reading. */
static void plan_stats(struct reading *r, const FTSENT *e)
{
	int options = r->fts->fts_options;

	r->stats = -1;
	if (r->purpose == NAMES) {
		r->stats = 0;
	} else if ((options & FTS_NOSTAT) && (options & FTS_PHYSICAL)) {
		/* "." and ".." of its subdirectories are counted as links. */
		r->stats = (long)e->fts_nlink - (options & FTS_SEEDOT ? 0 : 2);
		r->by_type = true;
	}
}

/* Reads the stream to its end; false when the walk has ended. */
static bool read_stream(struct reading *r)
{
	struct dirent64 *entry;

	while ((entry = readdir64(r->stream))) {
		if (is_dots(entry->d_name) &&
		    !(r->fts->fts_options & FTS_SEEDOT))
			continue;
		if (!add_entry(r, entry->d_name, entry->d_type))
			return false;
	}
	return true;
}

/* Puts the path back to what it was; libc leaves a slash in most cases. */
static void restore_path(struct reading *r)
{
	FTS *fts = r->fts;
	size_t at = r->len;

	if (!(fts->fts_options & FTS_NOCHDIR))
		return;
	if (at == (size_t)fts->fts_pathlen || !r->items)
		at--;
	fts->fts_path[at] = '\0';
}

/* Whether, having read, one has to go back, and cannot. */
static bool is_stranded(struct reading *r, bool entered)
{
	FTS *fts = r->fts;
	const FTSENT *here = fts->fts_cur;

	if (!entered || (r->purpose != CHILDREN && r->items))
		return false;
	return here->fts_level == FTS_ROOTLEVEL ?
		       go_to(fts, fts->fts_rfd) != 0 :
		       enter(fts, here->fts_parent, -1, "..") != 0;
}

/* The list of what is in the current directory, or NULL. */
static FTSENT *read_directory(FTS *fts, enum purpose purpose)
{
	FTSENT *here = fts->fts_cur;
	struct reading r = { .fts = fts, .purpose = purpose };
	bool entered = false;

	r.stream = opendir(here->fts_accpath);
	if (!r.stream) {
		if (purpose == WALK) {
			here->fts_info = FTS_DNR;
			here->fts_errno = errno;
		}
		return NULL;
	}
	plan_stats(&r, here);
	r.len = path_end(here) + 1;
	if (fts->fts_options & FTS_NOCHDIR)
		fts->fts_path[r.len - 1] = '/';
	if (r.stats || purpose == WALK) {
		entered = enter(fts, here, dirfd(r.stream), NULL) == 0;
		if (!entered) {
			if (r.stats && purpose == WALK)
				here->fts_errno = errno;
			here->fts_flags |= FTS_DONTCHDIR;
		}
	}
	/* What cannot be entered is not read. */
	if ((entered || !(r.stats || purpose == WALK)) && !read_stream(&r))
		return NULL;
	closedir(r.stream);
	if (r.moved)
		move_paths(fts, r.head);
	restore_path(&r);
	if (is_stranded(&r, entered)) {
		here->fts_info = FTS_ERR;
		free_list(r.head);
		return stop(fts);
	}
	if (!r.items && purpose == WALK)
		here->fts_info = FTS_DP;
	if (fts->fts_compar && r.items > 1)
		return sort(fts, r.head, r.items);
	return r.head;
}

/* -- Walking on -- */

/* E is a link that is to be followed; keeps a way back. */
static void go_through(FTS *fts, FTSENT *e)
{
	e->fts_info = look(fts, e, true);
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
static FTSENT *arrive(FTS *fts, FTSENT *e)
{
	char *at = fts->fts_path + path_end(e->fts_parent);

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
	if (go_to(fts, fts->fts_rfd) < 0)
		return stop(fts);
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

/* Leaves the directory E without having been in it. */
static FTSENT *pass_by(FTS *fts, FTSENT *e)
{
	if (e->fts_flags & FTS_SYMFOLLOW)
		close(e->fts_symfd);
	free_children(fts);
	e->fts_info = FTS_DP;
	return e;
}

/* From the directory E to what is in it. */
static FTSENT *go_down(FTS *fts, FTSENT *e)
{
	FTSENT *first;

	if (fts->fts_child && (fts->fts_options & FTS_NAMEONLY)) {
		fts->fts_options &= ~FTS_NAMEONLY;
		free_children(fts);
	}
	if (!fts->fts_child) {
		fts->fts_child = read_directory(fts, WALK);
		if (!fts->fts_child)
			return fts->fts_options & STOPPED ? NULL : e;
	} else if (enter(fts, e, -1, e->fts_accpath) < 0) {
		e->fts_errno = errno;
		e->fts_flags |= FTS_DONTCHDIR;
		for (FTSENT *c = fts->fts_child; c; c = c->fts_link)
			c->fts_accpath = c->fts_parent->fts_accpath;
	}
	first = fts->fts_child;
	fts->fts_child = NULL;
	return arrive(fts, first);
}

/* Back to the directory E, all of which has been visited. */
static FTSENT *go_up(FTS *fts, FTSENT *e)
{
	int ret = 0, saved;

	fts->fts_cur = e;
	if (e->fts_level == FTS_ROOTPARENTLEVEL) {
		free(e);
		fts->fts_cur = NULL;
		errno = 0;	/* the end, not an error */
		return NULL;
	}
	fts->fts_path[e->fts_pathlen] = '\0';
	if (e->fts_level == FTS_ROOTLEVEL) {
		ret = go_to(fts, fts->fts_rfd);
	} else if (e->fts_flags & FTS_SYMFOLLOW) {
		ret = go_to(fts, e->fts_symfd);
		saved = errno;
		close(e->fts_symfd);
		errno = saved;
	} else if (!(e->fts_flags & FTS_DONTCHDIR)) {
		ret = enter(fts, e->fts_parent, -1, "..");
	}
	if (ret < 0)
		return stop(fts);
	e->fts_info = e->fts_errno ? FTS_ERR : FTS_DP;
	return e;
}

/* On from the entry E, with which we are done. */
static FTSENT *go_on(FTS *fts, FTSENT *e)
{
	for (;;) {
		FTSENT *done = e;

		e = e->fts_link;
		if (!e) {
			e = done->fts_parent;
			free(done);
			return go_up(fts, e);
		}
		fts->fts_cur = e;
		free(done);
		if (e->fts_level == FTS_ROOTLEVEL)
			return arrive_at_root(fts, e);
		if (e->fts_instr == FTS_SKIP)
			continue;
		if (e->fts_instr == FTS_FOLLOW) {
			go_through(fts, e);
			e->fts_instr = FTS_NOINSTR;
		}
		return arrive(fts, e);
	}
}

static FTSENT *read_next(FTS *fts)
{
	FTSENT *e = fts->fts_cur;
	int order;

	if (!e || (fts->fts_options & STOPPED))
		return NULL;
	order = e->fts_instr;
	e->fts_instr = FTS_NOINSTR;
	if (order == FTS_AGAIN) {
		e->fts_info = look(fts, e, false);
		return e;
	}
	if (order == FTS_FOLLOW &&
	    (e->fts_info == FTS_SL || e->fts_info == FTS_SLNONE)) {
		go_through(fts, e);
		return e;
	}
	if (e->fts_info != FTS_D)
		return go_on(fts, e);
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
	errno = 0;	/* so that an empty directory is no error */
	if (fts->fts_options & STOPPED)
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
		return fts->fts_child = read_directory(fts, purpose);
	/* The start may be relative to where we are, not to where it is. */
	back = open(".", O_RDONLY);
	if (back < 0)
		return NULL;
	fts->fts_child = read_directory(fts, purpose);
	if (fchdir(back) < 0)
		return NULL;
	close(back);
	return fts->fts_child;
}

/* -- Opening -- */

/* Makes the entries of what is to be walked; false with errno set. */
static bool make_roots(FTS *fts, char *const *paths, FTSENT *above,
		       FTSENT **head, int *items)
{
	FTSENT *tail = NULL;

	for (*items = 0; paths[*items]; ++*items) {
		const char *path = paths[*items];
		FTSENT *e = NULL;

		if (*path)
			e = make_entry(fts, path, strlen(path));
		else
			errno = ENOENT;
		if (!e)
			return false;
		e->fts_level = FTS_ROOTLEVEL;
		e->fts_parent = above;
		e->fts_accpath = e->fts_name;
		e->fts_info = look(fts, e, fts->fts_options & FTS_COMFOLLOW);
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
	size_t longest = PATH_START;
	int items = 0;

	if (!fts)
		return NULL;
	for (int i = 0; paths[i]; i++)
		if (strlen(paths[i]) + 1 > longest)
			longest = strlen(paths[i]) + 1;
	fts->fts_compar = (int (*)(const void *, const void *))compare;
	fts->fts_options = options | OURS |
			   (options & FTS_LOGICAL ? FTS_NOCHDIR : 0);
	if (grow_path(fts, longest) && (above = make_entry(fts, "", 0))) {
		above->fts_level = FTS_ROOTPARENTLEVEL;
		if (make_roots(fts, paths, above, &head, &items))
			fts->fts_cur = make_entry(fts, "", 0);
	}
	if (!fts->fts_cur) {
		free_list(head);
		free(above);
		free(fts->fts_path);
		free(fts);
		return NULL;
	}
	if (compare && items > 1)
		head = sort(fts, head, items);
	/* As if what came before the first one had just been visited. */
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

/* Whether one of the trees is ours to walk. */
static bool any_is_ours(char *const *paths)
{
	for (; *paths; paths++)
		if (tree_is_ours(*paths))
			return true;
	return false;
}

#define FTS_CALLS(prefix) \
	WRAP(void *, prefix##_open, char *const *paths, int options, \
	     void *compare); \
	void *pt_##prefix##_open(char *const *paths, int options, \
				 void *compare) \
	{ \
		if ((options & ~FTS_OPTIONMASK) || !any_is_ours(paths)) \
			return REAL(prefix##_open)(paths, options, compare); \
		return open_tree(paths, options, compare); \
	} \
	WRAP(void *, prefix##_read, FTS *fts); \
	void *pt_##prefix##_read(FTS *fts) \
	{ \
		if (!(fts->fts_options & OURS)) \
			return REAL(prefix##_read)(fts); \
		return read_next(fts); \
	} \
	WRAP(void *, prefix##_children, FTS *fts, int order); \
	void *pt_##prefix##_children(FTS *fts, int order) \
	{ \
		if (!(fts->fts_options & OURS)) \
			return REAL(prefix##_children)(fts, order); \
		return read_children(fts, order); \
	}

FTS_CALLS(fts)
#ifdef __LP64__
FTS_CALLS(fts64)
#else

/*
 * On 32 bits the large names have structures of their own. They are few: who
 * uses them is shown the backing's paths, since the shared ones would be worse.
 */
typedef void *large_open_fn(char *const *paths, int options, void *compare);

static void *open_rest(large_open_fn *real, char **paths, int n, int options,
		       void *compare)
{
	struct route r;
	void *fts;

	if (!paths[n])
		return real(paths, options, compare);
	char room[route_plan(&r, AT_FDCWD, paths[n], NOFOLLOW, ROUTE_WRITE)];

	if (route_go(&r, room) < 0)
		return NULL;
	paths[n] = (char *)r.path;
	fts = open_rest(real, paths, n + 1, options, compare);
	route_end(&r);
	return fts;
}

static void *open_large(large_open_fn *real, char *const *paths, int options,
			void *compare)
{
	size_t n = 0;

	while (paths[n])
		n++;
	char *copy[n + 1];

	memcpy(copy, paths, (n + 1) * sizeof *copy);
	return open_rest(real, copy, 0, options, compare);
}

#define LARGE(name) \
	WRAP(void *, name, char *const *paths, int options, void *compare); \
	void *pt_##name(char *const *paths, int options, void *compare) \
	{ \
		return open_large(REAL(name), paths, options, compare); \
	}

#ifdef HAVE_fts64_open
LARGE(fts64_open)
#endif
#ifdef HAVE___fts64_open_time64
LARGE(__fts64_open_time64)
#endif
#endif

#endif
