/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Old versions of functions whose behaviour has changed: programs linked before the
 * change rely on the old one. See gen-versions.awk. Those of posix_spawn are in
 * spawn.c.
 */
#define _GNU_SOURCE
#include "wrap/symbols.h"
#include "wrap/wrap.h"

#include <ftw.h>

#ifdef OLD_realpath
char *pt_realpath(const char *path, char *resolved) WRAP_SYMBOL("realpath");
WRAP_OLD(char *, realpath, OLD_realpath, const char *path, char *resolved);

/* It did not allocate. */
char *pt_old_realpath(const char *path, char *resolved)
{
	if (!resolved) {
		errno = EINVAL;
		return NULL;
	}
	return pt_realpath(path, resolved);
}
#endif

/* It ignored unknown flags. */
#define OLD_NFTW(name, version) \
	int pt_##name(const char *dir, void *function, int fds, int flags) \
		WRAP_SYMBOL(#name); \
	WRAP_OLD(int, name, version, const char *dir, void *function, int fds, \
		 int flags); \
	int pt_old_##name(const char *dir, void *function, int fds, int flags) \
	{ \
		return pt_##name(dir, function, fds, \
				 flags & (FTW_PHYS | FTW_MOUNT | FTW_CHDIR | \
					  FTW_DEPTH)); \
	}

#ifdef OLD_nftw
OLD_NFTW(nftw, OLD_nftw)
#endif
#ifdef OLD_nftw64
OLD_NFTW(nftw64, OLD_nftw64)
#endif

#ifdef OLD_chown
int pt_lchown(const char *path, unsigned uid, unsigned gid) WRAP_SYMBOL("lchown");
WRAP_OLD(int, chown, OLD_chown, const char *path, unsigned uid, unsigned gid);

/* Before Linux 2.1 it did not follow links. */
int pt_old_chown(const char *path, unsigned uid, unsigned gid)
{
	return pt_lchown(path, uid, gid);
}
#endif

#ifdef OLD_scandir64
typedef int scandir64_fn(const char *path, void *list, void *filter, void *compare);

WRAP_OLD(int, scandir64, OLD_scandir64, const char *path, void *list, void *filter,
	 void *compare);

/* Its struct dirent had a smaller inode number. */
int pt_old_scandir64(const char *path, void *list, void *filter, void *compare)
{
	struct route r;
	char room[route_plan(&r, AT_FDCWD, path, FOLLOW, ROUTE_READ)];
	scandir64_fn *real;
	int ret;

	if (route_go(&r, room) < 0)
		return -1;
	real = (scandir64_fn *)symbols_next(symbols_own(), "scandir64", OLD_scandir64);
	ret = real ? real(r.path, list, filter, compare) : -1;
	route_end(&r);
	return ret;
}
#endif

/* So had theirs. They list no shared names. */
#ifdef OLD_readdir64
typedef void *readdir64_fn(void *dir);

WRAP_OLD(void *, readdir64, OLD_readdir64, void *dir);

void *pt_old_readdir64(void *dir)
{
	readdir64_fn *real =
		(readdir64_fn *)symbols_next(symbols_own(), "readdir64", OLD_readdir64);

	return real ? real(dir) : NULL;
}
#endif

#ifdef OLD_readdir64_r
typedef int readdir64_r_fn(void *dir, void *entry, void **result);

WRAP_OLD(int, readdir64_r, OLD_readdir64_r, void *dir, void *entry, void **result);

int pt_old_readdir64_r(void *dir, void *entry, void **result)
{
	readdir64_r_fn *real = (readdir64_r_fn *)symbols_next(
		symbols_own(), "readdir64_r", OLD_readdir64_r);

	return real ? real(dir, entry, result) : ENOSYS;
}
#endif
