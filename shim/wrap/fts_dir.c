/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fts(3): entries, the path that they share, and reading directories. */
#define _GNU_SOURCE
#include "wrap/symbols.h"
#include "wrap/wrap.h"

/* musl has it in a separate library, which uses the other wrappers. */
#ifdef __GLIBC__

#include "wrap/fts_tree.h"

#include <dirent.h>
#include <limits.h>
#include <stdalign.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	PATH_MORE = 256, /* more of a path than is needed at once */
	SORT_MORE = 40,	 /* more entries than are sorted at once */
};

static bool is_dots(const char *name)
{
	return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

void *fts_stop(FTS *fts)
{
	fts->fts_options |= FTS_STOP;
	return NULL;
}

/* fchdir(2), unless FTS_NOCHDIR. */
int fts_go_to(FTS *fts, int fd)
{
	return fts->fts_options & FTS_NOCHDIR ? 0 : fchdir(fd);
}

/* -- Entries -- */

/* Makes an entry, its name and its status in one block, as fts_close frees it. */
FTSENT *fts_entry(FTS *fts, const char *name, size_t len)
{
	size_t st = (offsetof(FTSENT, fts_name) + len + 1 + alignof(max_align_t) - 1) &
		    ~(alignof(max_align_t) - 1);
	bool has_st = !(fts->fts_options & FTS_NOSTAT);
	FTSENT *e = calloc(1, (has_st ? st + sizeof(struct stat) : st) + sizeof *e);

	if (!e)
		return NULL;
	memcpy(e->fts_name, name, len);
	if (has_st)
		e->fts_statp = (void *)((char *)e + st);
	e->fts_namelen = (unsigned short)len;
	e->fts_path = fts->fts_path;
	e->fts_instr = FTS_NOINSTR;
	return e;
}

void fts_free_list(FTSENT *e)
{
	while (e) {
		FTSENT *next = e->fts_link;

		free(e);
		e = next;
	}
}

/* A directory above E that is the same, or NULL. */
static FTSENT *find_cycle(const FTSENT *e)
{
	for (FTSENT *up = e->fts_parent; up->fts_level >= FTS_ROOTLEVEL;
	     up = up->fts_parent)
		if (up->fts_ino == e->fts_ino && up->fts_dev == e->fts_dev)
			return up;
	return NULL;
}

/* Determines the type of E. */
unsigned short fts_look(FTS *fts, FTSENT *e, bool follow)
{
	struct stat own, *st = e->fts_statp ? (void *)e->fts_statp : &own;
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
	return S_ISLNK(st->st_mode) ? FTS_SL : S_ISREG(st->st_mode) ? FTS_F : FTS_DEFAULT;
}

/* Sorts the N entries of a list; one too long to be sorted stays as it is. */
FTSENT *fts_sort(FTS *fts, FTSENT *head, int n)
{
	FTSENT **array = fts->fts_array;
	int i = 0;

	if (n > fts->fts_nitems) {
		array = realloc(array, (size_t)(n + SORT_MORE) * sizeof *array);
		if (!array) {
			free(fts->fts_array);
			fts->fts_array = NULL;
			fts->fts_nitems = 0;
			return head;
		}
		fts->fts_array = array;
		fts->fts_nitems = n + SORT_MORE;
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

/* The offset in the path at which the entries of E continue: at a slash. */
size_t fts_path_end(const FTSENT *e)
{
	size_t n = e->fts_pathlen;

	return e->fts_path[n - 1] == '/' ? n - 1 : n;
}

bool fts_grow_path(FTS *fts, size_t more)
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

/* Makes all entries point to the path's buffer after it has moved. */
static void move_paths(FTS *fts, FTSENT *head)
{
	for (FTSENT *e = fts->fts_child; e; e = e->fts_link)
		move_path(e, fts->fts_path);
	for (FTSENT *e = head; e->fts_level >= FTS_ROOTLEVEL;
	     e = e->fts_link ? e->fts_link : e->fts_parent)
		move_path(e, fts->fts_path);
}

/* -- Reading a directory -- */

/* Changes to the directory E, if FD, or else PATH, still is E. */
int fts_enter(FTS *fts, const FTSENT *e, int fd, const char *path)
{
	struct stat st;
	int own = -1, ret = -1, saved;

	if (fts->fts_options & FTS_NOCHDIR)
		return 0;
	if (fd < 0 && (fd = own = open(path, O_RDONLY)) < 0)
		return -1;
	if (fstatat(fd, "", &st, AT_EMPTY_PATH) == 0) {
		if (st.st_dev != e->fts_dev || st.st_ino != e->fts_ino)
			errno = ENOENT;
		else
			ret = fchdir(fd);
	}
	saved = errno;
	if (own >= 0)
		sys_close(own);
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
	size_t len;   /* of the path with a slash behind it */
	long stats;   /* how many more can be directories; -1: unknown */
	bool by_type; /* d_type tells which are none */
	bool moved;   /* the path's buffer has moved */
};

/* Ends the walk, with errno as it is. */
static void *abandon_reading(struct reading *r, FTSENT *last)
{
	int saved = errno;

	free(last);
	fts_free_list(r->head);
	closedir(r->stream);
	r->fts->fts_cur->fts_info = FTS_ERR;
	errno = saved;
	return fts_stop(r->fts);
}

/* Determines the type of the new entry E, as far as requested. */
static void look_at_new(struct reading *r, FTSENT *e, unsigned char type)
{
	FTS *fts = r->fts;
	bool stays = fts->fts_options & FTS_NOCHDIR;

	e->fts_accpath = stays ? e->fts_path : e->fts_name;
	if (r->stats == 0 || (r->by_type && type != DT_DIR && type != DT_UNKNOWN)) {
		e->fts_info = FTS_NSOK;
		return;
	}
	if (stays)
		memcpy(fts->fts_path + r->len, e->fts_name, (size_t)e->fts_namelen + 1);
	e->fts_info = fts_look(fts, e, false);
	if (r->stats > 0 &&
	    (e->fts_info == FTS_D || e->fts_info == FTS_DC || e->fts_info == FTS_DOT))
		r->stats--;
}

/* Adds an entry for NAME. False where the walk has ended. */
static bool add_entry(struct reading *r, const char *name, unsigned char type)
{
	FTS *fts = r->fts;
	size_t n = strlen(name);
	FTSENT *e = fts_entry(fts, name, n);

	if (!e)
		return abandon_reading(r, NULL);
	if (n >= (size_t)fts->fts_pathlen - r->len) {
		char *before = fts->fts_path;

		if (!fts_grow_path(fts, n + r->len + 1))
			return abandon_reading(r, e);
		r->moved |= fts->fts_path != before;
		e->fts_path = fts->fts_path;
	}
	if (r->len + n >= USHRT_MAX) {
		errno = ENAMETOOLONG;
		return abandon_reading(r, e);
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

/* Determines how many entries of the directory E need a stat; see struct reading. */
static void plan_stats(struct reading *r, const FTSENT *e)
{
	int options = r->fts->fts_options;

	r->stats = -1;
	if (r->purpose == NAMES) {
		r->stats = 0;
	} else if ((options & FTS_NOSTAT) && (options & FTS_PHYSICAL)) {
		/* The ".." of its subdirectories count as links to it. */
		r->stats = (long)e->fts_nlink - (options & FTS_SEEDOT ? 0 : 2);
		r->by_type = true;
	}
}

/* Reads the stream to its end. False where the walk has ended. */
static bool read_stream(struct reading *r)
{
	struct dirent64 *entry;

	while ((entry = readdir64(r->stream))) {
		if (is_dots(entry->d_name) && !(r->fts->fts_options & FTS_SEEDOT))
			continue;
		if (!add_entry(r, entry->d_name, entry->d_type))
			return false;
	}
	return true;
}

/* Restores the path. libc leaves a slash in most cases. */
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

/* Whether the way back after reading fails. */
static bool is_stranded(struct reading *r, bool entered)
{
	FTS *fts = r->fts;
	const FTSENT *here = fts->fts_cur;

	if (!entered || (r->purpose != CHILDREN && r->items))
		return false;
	return here->fts_level == FTS_ROOTLEVEL ?
		       fts_go_to(fts, fts->fts_rfd) != 0 :
		       fts_enter(fts, here->fts_parent, -1, "..") != 0;
}

/* The list of the current directory, or NULL. */
FTSENT *fts_directory(FTS *fts, enum purpose purpose)
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
	r.len = fts_path_end(here) + 1;
	if (fts->fts_options & FTS_NOCHDIR)
		fts->fts_path[r.len - 1] = '/';
	if (r.stats || purpose == WALK) {
		entered = fts_enter(fts, here, LIBC(dirfd)(r.stream), "") == 0;
		if (!entered) {
			if (r.stats && purpose == WALK)
				here->fts_errno = errno;
			here->fts_flags |= FTS_DONTCHDIR;
		}
	}
	/* A directory that cannot be entered is not read. */
	if ((entered || !(r.stats || purpose == WALK)) && !read_stream(&r))
		return NULL;
	closedir(r.stream);
	if (r.moved)
		move_paths(fts, r.head);
	restore_path(&r);
	if (is_stranded(&r, entered)) {
		here->fts_info = FTS_ERR;
		fts_free_list(r.head);
		return fts_stop(fts);
	}
	if (!r.items && purpose == WALK)
		here->fts_info = FTS_DP;
	if (fts->fts_compar && r.items > 1)
		return fts_sort(fts, r.head, r.items);
	return r.head;
}

#endif
