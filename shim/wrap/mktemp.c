/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names for temporary files: tmpnam, mkstemp and the like.
 *
 * A name is one of the view, and is tried in the backing. In a guarded directory all
 * trailing X of a template are replaced, not only six, so that a longer template gives
 * a name that cannot be guessed. Elsewhere libc's function is used. Safe in a signal
 * handler and after fork: no state is kept between calls.
 */
#define _GNU_SOURCE
#include "core/sys.h"
#include "session/session.h"
#include "wrap/symbols.h"
#include "wrap/wrap.h"

#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	LEAST_X = 6, /* the least number of X in a template */
	MANY_X = 11, /* the least number of base 62 digits for 64 bits */
	TMPNAM_X = L_tmpnam - (sizeof P_tmpdir "/"),
};

static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
			      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/* Writes N random letters to OUT, all equally likely. 0 or an errno. */
static int put_letters(char *out, size_t n)
{
	enum { COUNT = sizeof letters - 1, FAIR = 256 / COUNT * COUNT };
	unsigned char pool[32];
	ssize_t left = 0;

	while (n) {
		if (left == 0)
			left = sys_getrandom(pool, sizeof pool);
		if (left <= 0)
			return left ? (int)-left : EIO;
		unsigned char byte = pool[--left];

		if (byte < FAIR) {
			*out++ = letters[byte % COUNT];
			n--;
		}
	}
	return 0;
}

/* -- Trying a name -- */

/* Tries the real PATH: 0 or more, or -errno; -EEXIST: another name is tried. */
typedef int try_fn(const char *path, int flags);

static int try_file(const char *path, int flags)
{
	return (int)SYS4(SYS_openat, AT_FDCWD, path,
			 (flags & ~O_ACCMODE) | O_RDWR | O_CREAT | O_EXCL, 0600);
}

static int try_dir(const char *path, int flags)
{
	(void)flags;
	return sys_mkdirat(AT_FDCWD, path, 0700);
}

static int try_absent(const char *path, int flags)
{
	struct statx st;
	int ret = sys_statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &st);

	(void)flags;
	if (ret == -ENOENT)
		return 0;
	return ret == 0 ? -EEXIST : ret;
}

/* Whether libc would try NAME, of which FOLLOW is said, at the wrong place. Keeps errno. */
static bool is_redirected_by(const char *name, enum follow follow)
{
	struct route r;
	int saved = errno;
	char room[route_plan(&r, AT_FDCWD, name, follow, ROUTE_READ)];
	/* A call that cannot be redirected must fail here. */
	bool ours = route_go(&r, room) < 0 || r.path != name;

	route_end(&r);
	errno = saved;
	return ours;
}

/* The same of a name to be made. */
static bool is_redirected(const char *name)
{
	return is_redirected_by(name, PARENT);
}

/* Whether libc would try names in the directory DIR at the wrong place: it may be a link. */
static bool leads_inside(const char *dir)
{
	return is_redirected_by(dir, FOLLOW);
}

static int try_name(try_fn *attempt, const char *name, int flags)
{
	struct route r;
	char room[route_plan(&r, AT_FDCWD, name, PARENT,
			     attempt == try_absent ? ROUTE_READ : ROUTE_WRITE)];
	int saved = errno, ret;

	if (route_go(&r, room) < 0) {
		ret = -errno;
		errno = saved;
		return ret;
	}
	ret = attempt(r.path, flags);
	route_end(&r);
	return ret;
}

/*
 * Replaces N letters at XS, in NAME, until an attempt succeeds. Returns its result, or
 * -1 with errno set.
 */
static int make_name(char *name, char *xs, size_t n, try_fn *attempt, int flags)
{
	for (int i = 0; i < TMP_MAX; i++) {
		int ret = put_letters(xs, n);

		if (ret == 0)
			ret = try_name(attempt, name, flags);
		else
			ret = -ret;
		if (ret >= 0)
			return ret;
		if (ret != -EEXIST) {
			errno = -ret;
			return -1;
		}
	}
	errno = EEXIST;
	return -1;
}

/* As make_name, for a template with SUFFIX bytes behind the X. */
static __attribute__((noinline)) int fill_template(char *name, int suffix,
						   try_fn *attempt, int flags)
{
	size_t len = strlen(name), xs;

	if (suffix < 0 || len < (size_t)suffix + LEAST_X) {
		errno = EINVAL;
		return -1;
	}
	len -= (size_t)suffix;
	for (xs = len; xs && name[xs - 1] == 'X'; xs--)
		;
	if (len - xs < LEAST_X) {
		errno = EINVAL;
		return -1;
	}
	return make_name(name, name + xs, len - xs, attempt, flags);
}

/* Whether libc handles the template. */
static inline bool is_libcs(const char *name)
{
	return likely(view_passes(name)) || !is_redirected(name);
}

/* -- Files and directories from a template -- */

#define MKSTEMP(name, large) \
	WRAP(int, name, char *template); \
	int pt_##name(char *template) \
	{ \
		if (is_libcs(template)) \
			return REAL(name)(template); \
		return fill_template(template, 0, try_file, large); \
	}

#define MKOSTEMP(name, large) \
	WRAP(int, name, char *template, int flags); \
	int pt_##name(char *template, int flags) \
	{ \
		if (is_libcs(template)) \
			return REAL(name)(template, flags); \
		return fill_template(template, 0, try_file, flags | (large)); \
	}

#define MKSTEMPS(name, large) \
	WRAP(int, name, char *template, int suffix); \
	int pt_##name(char *template, int suffix) \
	{ \
		if (is_libcs(template)) \
			return REAL(name)(template, suffix); \
		return fill_template(template, suffix, try_file, large); \
	}

#define MKOSTEMPS(name, large) \
	WRAP(int, name, char *template, int suffix, int flags); \
	int pt_##name(char *template, int suffix, int flags) \
	{ \
		if (is_libcs(template)) \
			return REAL(name)(template, suffix, flags); \
		return fill_template(template, suffix, try_file, flags | (large)); \
	}

/* On 32 bits the plain names open files without O_LARGEFILE, as libc's do. */
MKSTEMP(mkstemp, 0)
MKOSTEMP(mkostemp, 0)
MKSTEMPS(mkstemps, 0)
MKOSTEMPS(mkostemps, 0)
MKSTEMP(mkstemp64, O_LARGEFILE)
MKOSTEMP(mkostemp64, O_LARGEFILE)
MKSTEMPS(mkstemps64, O_LARGEFILE)
MKOSTEMPS(mkostemps64, O_LARGEFILE)

WRAP(char *, mkdtemp, char *template);

char *pt_mkdtemp(char *template)
{
	if (is_libcs(template))
		return REAL(mkdtemp)(template);
	return fill_template(template, 0, try_dir, 0) < 0 ? NULL : template;
}

/* -- Names alone -- */

#define MKTEMP(name) \
	WRAP(char *, name, char *template); \
	char *pt_##name(char *template) \
	{ \
		if (is_libcs(template)) \
			return REAL(name)(template); \
		if (fill_template(template, 0, try_absent, 0) < 0) \
			template[0] = '\0'; \
		return template; \
	}

MKTEMP(mktemp)
MKTEMP(__mktemp)

/* Writes a free name of L_tmpnam bytes to OUT; false with errno set. */
static bool make_tmpnam(char *out)
{
	static const char dir[] = P_tmpdir "/";

	memcpy(out, dir, sizeof dir - 1);
	out[L_tmpnam - 1] = '\0';
	return make_name(out, out + sizeof dir - 1, TMPNAM_X, try_absent, 0) == 0;
}

WRAP(char *, tmpnam, char *out);

char *pt_tmpnam(char *out)
{
	static char last[L_tmpnam];
	char name[L_tmpnam] = "";

	if (!is_redirected(P_tmpdir "/"))
		return REAL(tmpnam)(out);
	if (!make_tmpnam(out ? out : name))
		return NULL;
	return out ? out : memcpy(last, name, sizeof last);
}

WRAP(char *, tmpnam_r, char *out);

char *pt_tmpnam_r(char *out)
{
	if (!is_redirected(P_tmpdir "/"))
		return REAL(tmpnam_r)(out);
	return out && make_tmpnam(out) ? out : NULL;
}

static bool is_directory(const char *path)
{
	struct route r;
	struct statx st;
	char room[route_plan(&r, AT_FDCWD, path, FOLLOW, ROUTE_READ)];
	bool is;

	if (route_go(&r, room) < 0)
		return false;
	is = sys_statx(AT_FDCWD, r.path, 0, &st) == 0 && S_ISDIR(st.stx_mode);
	route_end(&r);
	return is;
}

/* The directory for tempnam(3), in libc's order; may be NULL. */
static const char *tempnam_dir(const char *tmpdir, const char *dir)
{
	if (tmpdir && is_directory(tmpdir))
		return tmpdir;
	if (dir && is_directory(dir))
		return dir;
	return is_directory(P_tmpdir) ? P_tmpdir : NULL;
}

/*
 * How many of a directory's LEN bytes glibc uses, and whether it appends "/". Since
 * 2.40 trailing slashes stay; before, they were reduced to one. The libc at run time
 * counts.
 */
static size_t tempnam_dir_length(const char *dir, size_t len, bool *slash)
{
#ifdef __GLIBC__
	const char *version = LIBC(gnu_get_libc_version)();

	if (version[0] == '2' && version[1] == '.' && atoi(version + 2) >= 40) {
		*slash = len && dir[len - 1] != '/';
		return len;
	}
#endif
	while (len > 1 && dir[len - 1] == '/')
		len--;
	*slash = true;
	return len;
}

WRAP(char *, tempnam, const char *dir, const char *prefix);

char *pt_tempnam(const char *dir, const char *prefix)
{
	const char *tmpdir = LIBC(secure_getenv)("TMPDIR");
	const char *in = tempnam_dir(tmpdir, dir);
	size_t len, start = prefix ? text_length(prefix, 5) : 0, xs = MANY_X;
	bool slash;

	/* libc checks the real directories, so it must have no other choice. */
	if (in && !leads_inside(in) && (!tmpdir || !leads_inside(tmpdir)))
		return REAL(tempnam)(dir, prefix);
	if (!in) {
		errno = ENOENT;
		return NULL;
	}
	if (!start) {
		prefix = "file";
		start = 4;
	}
	len = tempnam_dir_length(in, strlen(in), &slash);
	start += len + slash;
	while (xs > LEAST_X && start + xs >= FILENAME_MAX)
		xs--;
	if (start + xs >= FILENAME_MAX) {
		errno = EINVAL;
		return NULL;
	}
	char name[start + xs + 1];

	memcpy(name, in, len);
	if (slash)
		name[len++] = '/';
	memcpy(name + len, prefix, start - len);
	name[start + xs] = '\0';
	if (make_name(name, name + start, xs, try_absent, 0) < 0)
		return NULL;
	return LIBC(strdup)(name);
}

/* -- A file without a name -- */

/* Opens a nameless file in P_tmpdir; -1 with errno set. */
static int open_nameless(int flags)
{
	struct route r;
	char room[route_plan(&r, AT_FDCWD, P_tmpdir, FOLLOW, ROUTE_WRITE)];
	char name[L_tmpnam];
	int fd;

	if (route_go(&r, room) < 0)
		return -1;
	fd = (int)SYS4(SYS_openat, AT_FDCWD, r.path, O_RDWR | O_TMPFILE | O_EXCL | flags,
		       0600);
	route_end(&r);
	if (fd >= 0)
		return fd;
	/* The file system lacks O_TMPFILE. */
	memcpy(name, P_tmpdir "/", sizeof P_tmpdir);
	name[L_tmpnam - 1] = '\0';
	fd = make_name(name, name + sizeof P_tmpdir, TMPNAM_X, try_file, flags);
	if (fd >= 0)
		unlink(name);
	return fd;
}

static void *open_stream(int flags)
{
	int fd = open_nameless(flags), saved = errno;
	FILE *stream;

	if (fd < 0)
		return NULL;
	stream = LIBC(fdopen)(fd, "w+b");
	if (!stream)
		sys_close(fd);
	else
		errno = saved;
	return stream;
}

#define TMPFILE(name, large) \
	WRAP(void *, name, void); \
	void *pt_##name(void) \
	{ \
		if (!is_redirected(P_tmpdir "/")) \
			return REAL(name)(); \
		return open_stream(large); \
	}

TMPFILE(tmpfile, 0)
TMPFILE(tmpfile64, O_LARGEFILE)
