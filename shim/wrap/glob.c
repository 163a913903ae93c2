/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * glob(3). With GLOB_ALTDIRFUNC glibc uses the caller's opendir, readdir and stat. It
 * is given ours, which use the view, and does everything else itself. Its results are
 * names in the view.
 */
#define _GNU_SOURCE
#include "wrap/wrap.h"

#include <dirent.h>
#include <glob.h>
#include <sys/stat.h>

/*
 * Whether PATTERN plainly matches nothing in guarded directories: its beginning must be
 * a name, not a pattern that "tmp" may match.
 */
static bool pattern_passes(const char *pattern, int flags)
{
	static const char special[] = "*?[\\{~";
	size_t n;

	if (!view_passes(pattern) || flags < 0)
		return false;
	n = strspn(pattern, "/");
	return pattern[n + strcspn(pattern + n, "/*?[\\{~")] == '/' ||
	       !strpbrk(pattern, special);
}

#ifdef GLOB_ALTDIRFUNC

static void *open_view(const char *path)
{
	return opendir(path);
}

static void close_view(void *dir)
{
	closedir(dir);
}

/*
 * As libc does itself: on a copy, so that the caller's own functions, which he
 * may have set without meaning them to be used, are still there afterwards.
 */
#define GLOB(name, type, entry, read_call, stat_type, stat_call, lstat_call) \
	static entry *read_for_##name(void *dir) \
	{ \
		return read_call(dir); \
	} \
	static int stat_for_##name(const char *path, stat_type *st) \
	{ \
		return stat_call(path, st); \
	} \
	static int lstat_for_##name(const char *path, stat_type *st) \
	{ \
		return lstat_call(path, st); \
	} \
	WRAP(int, name, const char *pattern, int flags, void *error, type *found); \
	static __attribute__((noinline)) int routed_##name( \
		const char *pattern, int flags, void *error, type *found) \
	{ \
		type own = *found; \
		int ret; \
		own.gl_opendir = open_view; \
		own.gl_closedir = close_view; \
		own.gl_readdir = read_for_##name; \
		own.gl_stat = stat_for_##name; \
		own.gl_lstat = lstat_for_##name; \
		ret = REAL(name)(pattern, flags | GLOB_ALTDIRFUNC, error, &own); \
		found->gl_pathc = own.gl_pathc; \
		found->gl_pathv = own.gl_pathv; \
		found->gl_offs = own.gl_offs; \
		found->gl_flags = own.gl_flags & ~GLOB_ALTDIRFUNC; \
		return ret; \
	} \
	int pt_##name(const char *pattern, int flags, void *error, type *found) \
	{ \
		if (!pattern || !found || (flags & GLOB_ALTDIRFUNC) || \
		    pattern_passes(pattern, flags)) \
			return REAL(name)(pattern, flags, error, found); \
		return routed_##name(pattern, flags, error, found); \
	}

GLOB(glob, glob_t, struct dirent, readdir, struct stat, stat, lstat)
GLOB(glob64, glob64_t, struct dirent64, readdir64, struct stat64, stat64, lstat64)
#ifdef TIME64_NAMES
/* It has another struct stat, which the headers of a 32-bit time_t lack. */
extern int __stat64_time64(const char *path, void *st);
extern int __lstat64_time64(const char *path, void *st);

GLOB(__glob64_time64, glob64_t, struct dirent64, readdir64, struct stat64,
     __stat64_time64, __lstat64_time64)
#endif

#else

#include "route/out.h"

typedef int error_fn(const char *path, int error);

static __thread error_fn *error_of_caller;

static int show_error(const char *path, int error)
{
	return error_of_caller(out_view(path), error);
}

WRAP(int, glob, const char *pattern, int flags, void *error, glob_t *found);

/* musl has no GLOB_ALTDIRFUNC: its glob runs on the backing, and the results are cut. */
static __attribute__((noinline)) int routed_glob(const char *pattern, int flags,
						 void *error, glob_t *found)
{
	struct route r;
	char room[route_plan(&r, AT_FDCWD, pattern, PARENT, ROUTE_READ)];
	error_fn *outer = error_of_caller;
	size_t at = flags & GLOB_DOOFFS ? found->gl_offs : 0, end;
	int ret;

	if (route_go(&r, room) < 0)
		return GLOB_ABORTED;
	at += flags & GLOB_APPEND ? found->gl_pathc : 0;
	error_of_caller = (error_fn *)error;
	ret = REAL(glob)(r.path, flags, error ? (void *)show_error : NULL, found);
	error_of_caller = outer;
	end = (flags & GLOB_DOOFFS ? found->gl_offs : 0) + found->gl_pathc;
	for (; ret == 0 && r.guard >= 0 && at < end; at++)
		out_cut(found->gl_pathv[at]);
	route_end(&r);
	return ret;
}

int pt_glob(const char *pattern, int flags, void *error, glob_t *found)
{
	if (!pattern || !found || pattern_passes(pattern, flags))
		return REAL(glob)(pattern, flags, error, found);
	return routed_glob(pattern, flags, error, found);
}

WRAP(int, glob64, const char *pattern, int flags, void *error, glob_t *found);

int pt_glob64(const char *pattern, int flags, void *error, glob_t *found)
{
	return pt_glob(pattern, flags, error, found);
}

#endif
