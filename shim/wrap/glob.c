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

#include "wrap/symbols.h"

#include <fnmatch.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>

typedef int error_fn(const char *path, int error);

WRAP(int, glob, const char *pattern, int flags, void *error, glob_t *found);

/*
 * musl has no GLOB_ALTDIRFUNC, and its glob reads what it reads inside libc: by a pattern
 * that "tmp" matches, and behind links, that would be the shared directory. So the walk is
 * made here, with our own opendir and stat, as musl makes it.
 */
struct walk {
	int flags;
	error_fn *error;
	glob_t *found;
	size_t offset, count;
	char path[PATH_MAX];
};

/*
 * Adds NAME as it is. libc has to make the entry, which its globfree will release: it keeps a
 * pattern that matches nothing, as one below a file.
 */
static int add(struct walk *w, const char *name, bool slash)
{
	static const char none[] = "/dev/null/";
	const int kept = w->count ? GLOB_APPEND : w->flags & GLOB_APPEND;
	char pattern[sizeof none + PATH_MAX + 1], *made;
	size_t len = strlen(name);
	int ret;

	if (len >= PATH_MAX)
		return GLOB_NOSPACE;
	memcpy(pattern, none, sizeof none - 1);
	memcpy(pattern + sizeof none - 1, name, len);
	slash = slash && len && name[len - 1] != '/';
	len += sizeof none - 1;
	if (slash)
		pattern[len++] = '/';
	pattern[len] = '\0';
	ret = REAL(glob)(pattern,
			 kept | (w->flags & GLOB_DOOFFS) | GLOB_NOCHECK | GLOB_NOESCAPE |
				 GLOB_NOSORT,
			 NULL, w->found);
	if (ret)
		return ret;
	w->count++;
	made = w->found->gl_pathv[w->offset + w->found->gl_pathc - 1];
	memmove(made, made + sizeof none - 1, len - (sizeof none - 1) + 1);
	return 0;
}

static int failed(const struct walk *w, int error)
{
	const bool stop = (w->error && w->error(w->path, error)) || (w->flags & GLOB_ERR);

	return stop ? GLOB_ABORTED : 0;
}

/* The whole pattern has matched. TYPE is what readdir said, or 0. */
static int matched(struct walk *w, unsigned type)
{
	struct stat st;

	if ((w->flags & GLOB_MARK) && (!type || type == DT_LNK) &&
	    stat(w->path, &st) == 0)
		type = S_ISDIR(st.st_mode) ? DT_DIR : DT_REG;
	if (!type && lstat(w->path, &st) < 0)
		return errno == ENOENT ? 0 : failed(w, errno);
	return add(w, w->path, (w->flags & GLOB_MARK) && type == DT_DIR);
}

/* Whether the entry NAME matches PATTERN; INNER: there are components behind. */
static bool fits(const struct walk *w, const char *pattern, const char *name, bool inner)
{
	const int escape = w->flags & GLOB_NOESCAPE ? FNM_NOESCAPE : 0;
	const bool dots = name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));

	return LIBC(fnmatch)(pattern, name,
			     escape | (w->flags & GLOB_PERIOD && !(dots && inner) ?
					       0 :
					       FNM_PERIOD)) == 0;
}

/* Whether a bracket is closed in the component that goes on at PATTERN, behind it. */
static bool is_closed(const char *pattern)
{
	return pattern[strcspn(pattern, "]/")] == ']';
}

/*
 * Copies to the path, at *LEN, what of *PATTERN is no pattern, up to the component that is
 * one. False: there is no room, or nothing that could match.
 */
static bool copy_plain(struct walk *w, size_t *len, const char **pattern)
{
	const bool escapes = !(w->flags & GLOB_NOESCAPE);
	size_t to = *len, begin = to;
	const char *at = *pattern, *component = at;

	while (*at) {
		if (*at == '*' || *at == '?' || (*at == '[' && is_closed(at + 1))) {
			to = begin;
			at = component;
			break;
		}
		if (*at == '\\' && escapes) {
			if (!at[1])
				return false;
			at++;
		}
		if (to >= PATH_MAX - 1)
			return false;
		w->path[to++] = *at++;
		if (at[-1] == '/') {
			begin = to;
			component = at;
		}
	}
	w->path[to] = '\0';
	*len = to;
	*pattern = at;
	return true;
}

static int walk(struct walk *w, size_t len, const char *pattern, unsigned type)
{
	const char *start = pattern, *rest;
	struct dirent *entry;
	int ret = 0, error;
	DIR *dir;

	if (!copy_plain(w, &len, &pattern))
		return 0;
	/* What is added to a name, be it a slash, asks again what is there. */
	if (!*pattern)
		return matched(w, pattern == start ? type : 0);
	rest = pattern + strcspn(pattern, "/");
	char own[rest - pattern + 1];

	memcpy(own, pattern, (size_t)(rest - pattern));
	own[rest - pattern] = '\0';
	/* A backslash before the slash is the slash's. */
	if (*rest && rest > pattern && rest[-1] == '\\' && !(w->flags & GLOB_NOESCAPE))
		own[rest - pattern - 1] = '\0';
	dir = opendir(len ? w->path : ".");
	if (!dir)
		return failed(w, errno);
	while (errno = 0, !ret && (entry = readdir(dir))) {
		size_t n = strlen(entry->d_name);

		if (*rest && entry->d_type && entry->d_type != DT_DIR &&
		    entry->d_type != DT_LNK)
			continue;
		if (len + n >= PATH_MAX || !fits(w, own, entry->d_name, *rest))
			continue;
		memcpy(w->path + len, entry->d_name, n + 1);
		ret = walk(w, len + n, rest, entry->d_type);
	}
	error = errno;
	closedir(dir);
	w->path[len] = '\0';
	return !ret && error ? failed(w, error) : ret;
}

/* Writes the home that *PATTERN begins with to the path. GLOB_NOMATCH: there is none. */
static int begin_at_home(struct walk *w, size_t *len, const char **pattern)
{
	size_t n = strcspn(*pattern + 1, "/");
	const char *home = n ? NULL : getenv("HOME");
	char name[LOGIN_NAME_MAX], room[1024];
	struct passwd entry = { .pw_dir = NULL }, *user = NULL;
	const uid_t own = (uid_t)SYS1(SYS_OF_ID(getuid), 0);

	if (!home && n < sizeof name) {
		memcpy(name, *pattern + 1, n);
		name[n] = '\0';
		if (n)
			LIBC(getpwnam_r)(name, &entry, room, sizeof room, &user);
		else
			LIBC(getpwuid_r)(own, &entry, room, sizeof room, &user);
		home = user ? user->pw_dir : NULL;
	}
	if (!home || strlen(home) >= PATH_MAX)
		return GLOB_NOMATCH;
	*len = strlen(strcpy(w->path, home));
	*pattern += 1 + n;
	return 0;
}

static int by_name(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

static __attribute__((noinline)) int walked_glob(const char *pattern, int flags,
						 void *error, glob_t *found)
{
	struct walk w = { .flags = flags, .error = (error_fn *)error, .found = found };
	const char *at = pattern;
	const int saved = errno;
	const size_t first = flags & GLOB_APPEND ? found->gl_pathc : 0;
	size_t len = 0;
	int ret = 0;

	w.offset = flags & GLOB_DOOFFS ? found->gl_offs : 0;
	if (*at == '~' && (flags & (GLOB_TILDE | GLOB_TILDE_CHECK)))
		ret = begin_at_home(&w, &len, &at);
	if (ret == 0 && (*at || len))
		ret = walk(&w, len, at, 0);
	/* musl forgets the error where nothing is found, but not where the pattern stands for that. */
	if (!w.count && ret != GLOB_NOSPACE) {
		if (!(flags & GLOB_NOCHECK))
			ret = GLOB_NOMATCH;
		else if (add(&w, pattern, false) != 0)
			ret = GLOB_NOSPACE;
	}
	if (!w.count && !(flags & GLOB_APPEND)) {
		/* As it is left where nothing is found. */
		found->gl_offs = w.offset;
		found->gl_pathc = 0;
		found->gl_pathv = NULL;
	}
	if (!(flags & GLOB_NOSORT) && w.count)
		qsort(found->gl_pathv + w.offset + first, w.count, sizeof(char *),
		      by_name);
	errno = saved;
	return ret;
}

int pt_glob(const char *pattern, int flags, void *error, glob_t *found)
{
	if (!pattern || !found || pattern_passes(pattern, flags))
		return REAL(glob)(pattern, flags, error, found);
	return walked_glob(pattern, flags, error, found);
}

WRAP(int, glob64, const char *pattern, int flags, void *error, glob_t *found);

int pt_glob64(const char *pattern, int flags, void *error, glob_t *found)
{
	return pt_glob(pattern, flags, error, found);
}

#endif
