/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ftw(3) and nftw(3); see tree.h. What is reported, the order, and the errors that end
 * the walk are those of glibc, with FTW_ACTIONRETVAL; ftw(3) follows the links that libc's does.
 */
#define _GNU_SOURCE
#include "wrap/tree.h"
#include "wrap/symbols.h"
#include "wrap/wrap.h"

#include <dirent.h>
#include <ftw.h>
#include <limits.h>
#include <search.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef FTW_ACTIONRETVAL /* musl lacks it */
enum { FTW_ACTIONRETVAL = 16, FTW_STOP = 1, FTW_SKIP_SUBTREE = 2, FTW_SKIP_SIBLINGS = 3 };
#endif

enum { KNOWN_FLAGS = FTW_PHYS | FTW_MOUNT | FTW_CHDIR | FTW_DEPTH | FTW_ACTIONRETVAL };

/* readdir fails for inode numbers that do not fit. */
#ifdef __GLIBC__
#define readdir readdir64
#define dirent dirent64
#endif

/* -- The kinds of struct stat that callbacks want -- */

enum { STAT_ROOM = 192 };

struct object {
	uint64_t dev, ino;
	unsigned mode;
};

/* Fills in OUT, a buffer of STAT_ROOM bytes, and OBJECT. 0, or -1 and errno. */
typedef int stat_fn(int fd, const char *path, void *out, int flags,
		    struct object *object);

#define STAT_KIND(name, call, type) \
	static int name(int fd, const char *path, void *out, int flags, \
			struct object *object) \
	{ \
		type *st = out; \
		_Static_assert(sizeof *st <= STAT_ROOM, "room"); \
		if (call(fd, path, out, flags) < 0) \
			return -1; \
		*object = (struct object){ (uint64_t)st->st_dev, (uint64_t)st->st_ino, \
					   st->st_mode }; \
		return 0; \
	}

STAT_KIND(stat_plain, fstatat, struct stat)
#ifdef __GLIBC__
STAT_KIND(stat_64, fstatat64, struct stat64)
#else
#define stat_64 stat_plain
#endif

#ifdef TIME64_NAMES
STAT_KIND(stat_time64, __fstatat64_time64, struct stat_time64)
#endif

/* -- The walk's state -- */

/* A directory that is being read. */
struct level {
	struct level *up;
	DIR *stream;
	char *names; /* the rest of a stream that had to be closed */
	char *next;  /* in the names */
	int base;    /* offset of the directory's name in the path */
	_Alignas(16) char st[STAT_ROOM];
};

typedef int visit_fn(const char *path, const void *st, int type, struct FTW *ftw);

struct tree {
	stat_fn *stat;
	visit_fn *visit;
	const int *types; /* the callback's types, indexed by those of nftw */
	int flags;
	char *path;
	size_t room;
	struct FTW ftw;
	int streams, most;   /* open ones, and their limit */
	struct level *level; /* the deepest one */
	uint64_t dev;	     /* of the start, for FTW_MOUNT */
	void *known;	     /* directories seen so far, for links that lead back */
};

static const int nftw_types[] = {
	[FTW_F] = FTW_F,   [FTW_D] = FTW_D,   [FTW_DNR] = FTW_DNR, [FTW_NS] = FTW_NS,
	[FTW_SL] = FTW_SL, [FTW_DP] = FTW_DP, [FTW_SLN] = FTW_SLN,
};

#ifdef __GLIBC__
/* ftw(3) does not report links. */
static const int ftw_types[] = {
	[FTW_F] = FTW_F,  [FTW_D] = FTW_D,  [FTW_DNR] = FTW_DNR, [FTW_NS] = FTW_NS,
	[FTW_SL] = FTW_F, [FTW_DP] = FTW_D, [FTW_SLN] = FTW_NS,
};
enum { FTW_LIKE = 0 };
#else
/* musl's follows none: who removes what it reports must not get to where a link leads. */
#define ftw_types nftw_types
enum { FTW_LIKE = FTW_PHYS };
#endif

static int visit(struct tree *t, const void *st, int type)
{
	return t->visit(t->path, st, t->types[type], &t->ftw);
}

static int compare_objects(const void *a, const void *b)
{
	const struct object *x = a, *y = b;

	if (x->ino != y->ino)
		return x->ino < y->ino ? -1 : 1;
	return (x->dev > y->dev) - (x->dev < y->dev);
}

/* Notes a directory: 1 if it is new, 0 if not, -1 without memory. */
static int is_new(struct tree *t, const struct object *object)
{
	struct object *copy;

	if (LIBC(tfind)(object, &t->known, compare_objects))
		return 0;
	copy = malloc(sizeof *copy);
	if (!copy)
		return -1;
	*copy = *object;
	if (LIBC(tsearch)(copy, &t->known, compare_objects))
		/* cppcheck-suppress memleak ; the tree has it */
		return 1;
	free(copy);
	return -1;
}

static bool reserve(struct tree *t, size_t size)
{
	char *path;

	if (t->path && size <= t->room)
		return true;
	path = realloc(t->path, 2 * size);
	if (!path)
		return false;
	t->path = path;
	t->room = 2 * size;
	return true;
}

/* -- Directory streams, of which a limited number may be open -- */

static void close_stream(struct tree *t, struct level *level)
{
	int saved = errno;

	closedir(level->stream);
	level->stream = NULL;
	t->streams--;
	errno = saved;
}

/* Reads the rest of a stream into memory, and closes it. */
static bool put_aside(struct tree *t, struct level *level)
{
	size_t used = 0, size = 1024;
	char *names = malloc(size);
	struct dirent *entry;

	if (!names)
		return false;
	while ((entry = readdir(level->stream))) {
		size_t n = strlen(entry->d_name) + 1;

		if (used + n + 1 > size) {
			char *more = realloc(names, size = 2 * (used + n + 1));

			if (!more) {
				free(names);
				return false;
			}
			names = more;
		}
		memcpy(names + used, entry->d_name, n);
		used += n;
	}
	names[used] = '\0';
	level->names = level->next = names;
	close_stream(t, level);
	return true;
}

/* The level whose stream has been open for longest, or NULL. */
static struct level *oldest_open(struct tree *t)
{
	struct level *oldest = NULL;

	for (struct level *l = t->level; l; l = l->up)
		if (l->stream)
			oldest = l;
	return oldest;
}

/* Opens the directory that the path names. 0, or -1 with errno set. */
static int open_stream(struct tree *t, struct level *level)
{
	const struct level *up = level->up;
	const char *name = t->path + t->ftw.base;
	struct level *oldest = t->streams >= t->most ? oldest_open(t) : NULL;
	int fd;

	if (oldest && !put_aside(t, oldest))
		return -1;
	if (up && up->stream) {
		fd = openat(LIBC(dirfd)(up->stream), name,
			    O_RDONLY | O_DIRECTORY | O_NONBLOCK);
		level->stream = fd < 0 ? NULL : LIBC(fdopendir)(fd);
		if (fd >= 0 && !level->stream)
			sys_close(fd);
	} else if (t->flags & FTW_CHDIR) {
		level->stream = opendir(*name ? name : ".");
	} else {
		level->stream = opendir(t->path);
	}
	t->streams += level->stream != NULL;
	return level->stream ? 0 : -1;
}

/* -- Going down and up -- */

/*
 * Reports the directory at the path, whose status is ST, and makes it the deepest
 * level; *ENTERED: whether it has. Returns what the walk returns.
 */
static int enter_directory(struct tree *t, const void *st, bool *entered)
{
	struct level *level = calloc(1, sizeof *level);
	size_t len = strlen(t->path);
	int ret = 0;

	*entered = false;
	if (!level)
		return -1;
	level->up = t->level;
	level->base = t->ftw.base;
	memcpy(level->st, st, STAT_ROOM);
	if (open_stream(t, level) < 0) {
		int error = errno;

		free(level);
		errno = error;
		return error == EACCES ? visit(t, st, FTW_DNR) : -1;
	}
	if (!(t->flags & FTW_DEPTH))
		ret = visit(t, level->st, FTW_D);
	if (!ret && (t->flags & FTW_CHDIR))
		ret = fchdir(LIBC(dirfd)(level->stream));
	if (!ret && !reserve(t, len + 2))
		ret = -1;
	if (ret) {
		close_stream(t, level);
		free(level);
		return ret;
	}
	if (t->path[len - 1] != '/')
		t->path[len++] = '/';
	t->ftw.base = (int)len;
	t->ftw.level++;
	t->level = level;
	*entered = true;
	return 0;
}

/* Returns to the parent directory. */
static int make_parent_again(struct tree *t, const struct level *up)
{
	if (up->stream && fchdir(LIBC(dirfd)(up->stream)) == 0)
		return 0;
	return chdir(t->ftw.base == 1 ? "/" : "..");
}

/* Leaves the deepest directory. RET: the walk's result so far. */
static int leave_directory(struct tree *t, int ret)
{
	struct level *level = t->level;
	bool acts = t->flags & FTW_ACTIONRETVAL;

	if (level->stream)
		close_stream(t, level);
	free(level->names);
	if (acts && ret == FTW_SKIP_SIBLINGS)
		ret = 0;
	t->path[t->ftw.base - 1] = '\0';
	t->ftw.level--;
	t->ftw.base = level->base;
	t->level = level->up;
	if (!ret && (t->flags & FTW_DEPTH))
		ret = visit(t, level->st, FTW_DP);
	if (level->up && (t->flags & FTW_CHDIR) &&
	    (!ret || (acts && ret != -1 && ret != FTW_STOP)) &&
	    make_parent_again(t, level->up) < 0)
		ret = -1;
	free(level);
	if (acts && ret == FTW_SKIP_SUBTREE && t->level)
		ret = 0;
	return ret;
}

/* The next name in the deepest directory, or NULL. */
static const char *next_name(struct tree *t)
{
	struct level *level = t->level;
	struct dirent *entry;
	char *name;

	if (level->stream) {
		entry = readdir(level->stream);
		return entry ? entry->d_name : NULL;
	}
	name = level->next;
	if (!name || !*name)
		return NULL;
	level->next = name + strlen(name) + 1;
	return name;
}

/* fstatat for the entry NAME of the deepest directory. */
static int stat_entry(struct tree *t, const char *name, void *st, int flags,
		      struct object *object)
{
	const struct level *level = t->level;

	if (level->stream)
		return t->stat(LIBC(dirfd)(level->stream), name, st, flags, object);
	return t->stat(AT_FDCWD, t->flags & FTW_CHDIR ? name : t->path, st, flags,
		       object);
}

/* The type of the entry NAME: FTW_D and so on; -1: an error that ends the walk. */
static int type_of(struct tree *t, const char *name, void *st, struct object *object)
{
	bool physical = t->flags & FTW_PHYS;

	if (stat_entry(t, name, st, physical ? AT_SYMLINK_NOFOLLOW : 0, object) == 0)
		return S_ISDIR(object->mode) ? FTW_D :
		       S_ISLNK(object->mode) ? FTW_SL :
					       FTW_F;
	if (errno != EACCES && errno != ENOENT)
		return -1;
	if (!physical && stat_entry(t, name, st, AT_SYMLINK_NOFOLLOW, object) == 0 &&
	    S_ISLNK(object->mode))
		return FTW_SLN;
	return FTW_NS;
}

/* Handles one entry of the deepest directory. May enter a deeper one. */
static int process(struct tree *t, const char *name)
{
	_Alignas(16) char st[STAT_ROOM] = { 0 };
	struct object object = { 0, 0, 0 };
	size_t n = strlen(name);
	bool entered = false;
	int type, ret, new = 1;

	if (name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2])))
		return 0;
	if (!reserve(t, (size_t)t->ftw.base + n + 2))
		return -1;
	memcpy(t->path + t->ftw.base, name, n + 1);
	type = type_of(t, name, st, &object);
	if (type < 0)
		return -1;
	if (type != FTW_NS && (t->flags & FTW_MOUNT) && object.dev != t->dev)
		return 0;
	if (type != FTW_D)
		ret = visit(t, st, type);
	else if (!(t->flags & FTW_PHYS) && (new = is_new(t, &object)) <= 0)
		ret = new;
	else
		ret = enter_directory(t, st, &entered);
	if (!entered && (t->flags & FTW_ACTIONRETVAL) && ret == FTW_SKIP_SUBTREE)
		ret = 0;
	return ret;
}

/* Walks the directory that the path names. */
static int walk_tree(struct tree *t, const void *st)
{
	bool entered;
	int ret = enter_directory(t, st, &entered);

	while (t->level) {
		const char *name = ret ? NULL : next_name(t);

		ret = name ? process(t, name) : leave_directory(t, ret);
	}
	return ret;
}

/* -- The start -- */

/* Reports the start, and walks it if it is a directory. */
static int begin_tree(struct tree *t)
{
	_Alignas(16) char st[STAT_ROOM] = { 0 };
	struct object object = { 0, 0, 0 };
	bool physical = t->flags & FTW_PHYS;
	const char *name = t->path;

	if (t->flags & FTW_CHDIR) {
		name += t->ftw.base;
		if (!*name)
			name = ".";
	}
	if (t->stat(AT_FDCWD, name, st, physical ? AT_SYMLINK_NOFOLLOW : 0, &object) <
	    0) {
		if (!physical && errno == ENOENT &&
		    t->stat(AT_FDCWD, name, st, AT_SYMLINK_NOFOLLOW, &object) == 0 &&
		    S_ISLNK(object.mode))
			return visit(t, st, FTW_SLN);
		return -1;
	}
	if (!S_ISDIR(object.mode))
		return visit(t, st, S_ISLNK(object.mode) ? FTW_SL : FTW_F);
	t->dev = object.dev;
	if (!physical && is_new(t, &object) < 0)
		return -1;
	return walk_tree(t, st);
}

/* FTW_CHDIR: changes to the directory of the start. */
static int go_to_start(struct tree *t)
{
	int base = t->ftw.base, ret;
	char first;

	if (base == 0)
		return 0;
	if (base == 1)
		return chdir("/");
	first = t->path[base - 1];
	t->path[base - 1] = '\0';
	ret = chdir(t->path);
	t->path[base - 1] = first;
	return ret;
}

/*
 * FTW_CHDIR: remembers the working directory, by a descriptor, or by name where it
 * cannot be read.
 */
static bool remember_directory(struct tree *t, int *fd, char **cwd)
{
	*fd = open(".", O_RDONLY | O_DIRECTORY);
	if (*fd >= 0) {
		t->most -= t->most > 1;
		return true;
	}
	if (errno == EACCES)
		*cwd = getcwd(NULL, 0);
	return *cwd != NULL;
}

static void go_back(int fd, char *cwd)
{
	int saved = errno;

	/* libc ignores a failure here, too. */
	if (fd >= 0) {
		fchdir(fd);
		sys_close(fd);
	} else if (cwd) {
		chdir(cwd);
	}
	free(cwd);
	errno = saved;
}

static int run(struct tree *t)
{
	char *cwd = NULL;
	int fd = -1, ret = 0;

	if (t->flags & FTW_CHDIR) {
		if (!remember_directory(t, &fd, &cwd))
			return -1;
		ret = go_to_start(t);
	}
	if (ret == 0)
		ret = begin_tree(t);
	if ((t->flags & FTW_ACTIONRETVAL) &&
	    (ret == FTW_SKIP_SUBTREE || ret == FTW_SKIP_SIBLINGS))
		ret = 0;
	go_back(fd, cwd);
	return ret;
}

static int walk_from(const char *dir, stat_fn *kind, visit_fn *function, const int *types,
		     int fds, int flags)
{
	struct tree t = { .stat = kind,
			  .visit = function,
			  .types = types,
			  .flags = flags,
			  .most = fds < 1 ? 1 : fds };
	size_t len = strlen(dir), base;
	int ret;

	if (!len) {
		errno = ENOENT;
		return -1;
	}
	if (!reserve(&t, len + 2 < PATH_MAX / 2 ? PATH_MAX / 2 : len + 2))
		return -1;
	memcpy(t.path, dir, len + 1);
	while (len > 1 && t.path[len - 1] == '/')
		t.path[--len] = '\0';
	for (base = len; base && t.path[base - 1] != '/'; base--)
		;
	t.ftw.base = (int)base;
	ret = run(&t);
	LIBC(tdestroy)(t.known, free);
	free(t.path);
	return ret;
}

#define FTW(name, kind) \
	WRAP(int, name, const char *dir, void *function, int fds); \
	int pt_##name(const char *dir, void *function, int fds) \
	{ \
		if (!tree_is_ours(dir)) \
			return REAL(name)(dir, function, fds); \
		return walk_from(dir, kind, (visit_fn *)function, ftw_types, fds, \
				 FTW_LIKE); \
	}

#define NFTW(name, kind) \
	WRAP(int, name, const char *dir, void *function, int fds, int flags); \
	int pt_##name(const char *dir, void *function, int fds, int flags) \
	{ \
		if ((flags & ~KNOWN_FLAGS) || !tree_is_ours(dir)) \
			return REAL(name)(dir, function, fds, flags); \
		return walk_from(dir, kind, (visit_fn *)function, nftw_types, fds, \
				 flags); \
	}

FTW(ftw, stat_plain)
NFTW(nftw, stat_plain)
FTW(ftw64, stat_64)
NFTW(nftw64, stat_64)
#ifdef TIME64_NAMES
FTW(__ftw64_time64, stat_time64)
NFTW(__nftw64_time64, stat_time64)
#endif
