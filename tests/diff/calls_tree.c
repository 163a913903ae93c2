/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls that make, remove, rename and link, and those that move the working directory. */
#define _GNU_SOURCE
#include "driver.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define SIMPLE(name, call) \
	static void c_##name(const struct args *a) \
	{ \
		RET(call); \
	}

SIMPLE(mkdir, mkdir(P(0), (mode_t)N(1, 0755)))
SIMPLE(mkdirat, mkdirat(FD(0), P(1), (mode_t)N(2, 0755)))
SIMPLE(mknod, mknod(P(0), (mode_t)N(1, S_IFREG | 0600),
		    makedev((unsigned)N(2, 0), (unsigned)N(3, 0))))
SIMPLE(mknodat, mknodat(FD(0), P(1), (mode_t)N(2, S_IFREG | 0600), 0))
SIMPLE(mkfifo, mkfifo(P(0), (mode_t)N(1, 0600)))
SIMPLE(mkfifoat, mkfifoat(FD(0), P(1), (mode_t)N(2, 0600)))
/* A directory that something is mounted on, or that stands for one. */
bool is_fixed(int dirfd, const char *path)
{
	static const char *const fixed[] = { "/",  "/tmp",    "/var/tmp",
					     "/e", "/tmpfoo", "/var" };
	struct stat st, known;
	if (fstatat(dirfd, path, &st, 0) != 0)
		return false;
	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
		if (stat(fixed[i], &known) == 0 && known.st_ino == st.st_ino &&
		    known.st_dev == st.st_dev)
			return true;
	return false;
}

/*
 * A guarded directory cannot be removed or renamed. Which errno says so depends
 * on the file systems above it, and on whose they are: one is as good as another.
 */
int refusal(int error)
{
	switch (error) {
	case EACCES:
	case EBUSY:
	case EEXIST:
	case EINVAL:
	case EISDIR:
	case ENOENT:
	case ENOTDIR:
	case ENOTEMPTY:
	case EROFS:
	case EXDEV: return EBUSY;
	default: return error;
	}
}

#define RET_REMOVING(expression, fixed) \
	do { \
		bool fixed_ = (fixed); \
		errno = UNTOUCHED; \
		long ret_ = (expression); \
		out_result(ret_, ret_ == -1 && fixed_ ? refusal(errno) : errno); \
	} while (0)

#define REMOVING(name, call, dirfd, path) \
	static void c_##name(const struct args *a) \
	{ \
		RET_REMOVING(call, is_fixed(dirfd, path)); \
	}

#define MOVING(name, call, from_fd, from, to_fd, to) \
	static void c_##name(const struct args *a) \
	{ \
		RET_REMOVING(call, is_fixed(from_fd, from) || is_fixed(to_fd, to)); \
	}

REMOVING(rmdir, rmdir(P(0)), AT_FDCWD, P(0))
REMOVING(unlink, unlink(P(0)), AT_FDCWD, P(0))
REMOVING(unlinkat, unlinkat(FD(0), P(1), (int)N(2, 0)), FD(0), P(1))
REMOVING(remove, remove(P(0)), AT_FDCWD, P(0))
MOVING(rename, rename(P(0), P(1)), AT_FDCWD, P(0), AT_FDCWD, P(1))
MOVING(renameat, renameat(FD(0), P(1), FD(2), P(3)), FD(0), P(1), FD(2), P(3))
#ifdef __GLIBC__
MOVING(renameat2, renameat2(FD(0), P(1), FD(2), P(3), (unsigned)N(4, 0)), FD(0), P(1),
       FD(2), P(3))
#endif
SIMPLE(link, link(P(0), P(1)))
SIMPLE(linkat, linkat(FD(0), P(1), FD(2), P(3), (int)N(4, 0)))

/* What a new link says and where it leads are part of the answer. */
static void out_link(const char *path)
{
	char text[PATH_MAX];
	ssize_t n = readlink(path, text, sizeof text);
	out_buffer(text, 0, n);
	struct stat st;
	if (stat(path, &st) == 0)
		out_stat(&st);
	else
		out(" %s", error_name(errno));
}

static void c_symlink(const struct args *a)
{
	RET(symlink(P(0), P(1)));
	if (last_result() == 0)
		out_link(P(1));
}

SIMPLE(symlinkat, symlinkat(P(0), FD(1), P(2)))

static void out_cwd(void)
{
	char path[PATH_MAX + 16];
	const char *cwd = getcwd(path, sizeof path);
	out_text(cwd ? cwd : error_name(errno));
	struct stat st;
	if (stat(".", &st) == 0)
		out_stat(&st);
}

static void c_chdir(const struct args *a)
{
	RET(chdir(P(0)));
	out_cwd();
}

static void c_fchdir(const struct args *a)
{
	RET(fchdir(FD(0)));
	out_cwd();
}

const struct call calls_tree[] = { CALL(mkdir),	    CALL(mkdirat), CALL(mknod),
				   CALL(mknodat),   CALL(mkfifo),  CALL(mkfifoat),
				   CALL(rmdir),	    CALL(unlink),  CALL(unlinkat),
				   CALL(remove),    CALL(rename),  CALL(renameat),
#ifdef __GLIBC__
				   CALL(renameat2),
#endif
				   CALL(link),	    CALL(linkat),  CALL(symlink),
				   CALL(symlinkat), CALL(chdir),   CALL(fchdir),
				   END_OF_CALLS };
